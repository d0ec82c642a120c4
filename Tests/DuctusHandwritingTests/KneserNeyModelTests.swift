import DuctusHandwriting
import DuctusTestSupport
import Testing

/// A text with its weight.
struct WeightedText: Codable {
    let text: String
    let weight: Int
}

/// A case of Tests/Fixtures/language/kneser_ney.py.
struct KneserNeyCase: Codable, CustomStringConvertible {
    let name: String
    let order: Int
    let texts: [WeightedText]
    let alphabet: String
    /// For every context, the probabilities of all characters of the alphabet and of an unknown one.
    let probabilities: [String: [Double]]

    var description: String { name }

    static let all: [KneserNeyCase] = {
        let path = Goldens.path("language/kneser_ney.json")
        return (try? JSONText(parsing: File.readBytes(path)).decoded(file: path)) ?? []
    }()

    func symbols(_ text: String) -> [UInt8] {
        let alphabet = Array(alphabet.unicodeScalars)
        return text.unicodeScalars.map { scalar in UInt8(alphabet.firstIndex(of: scalar) ?? 255) }
    }

    var model: KneserNeyModel {
        KneserNeyModel(
            texts.map { (symbols($0.text), $0.weight) }, symbols: alphabet.unicodeScalars.count, order: order)
    }
}

@Suite struct KneserNeyModelTests {
    @Test func thereAreCases() { #expect(KneserNeyCase.all.count == 3) }

    /// The reference is a definition in Python.
    @Test(arguments: KneserNeyCase.all) func agreesWithTheDefinition(of test: KneserNeyCase) {
        let model = test.model
        #expect(!test.probabilities.isEmpty)
        for (context, expected) in test.probabilities {
            for (symbol, probability) in zip(test.symbols(test.alphabet + "?"), expected) {
                let actual = model.probability(of: symbol, after: test.symbols(context))
                #expect(abs(actual - probability) < 1e-12, "\(symbol) after “\(context)”")
            }
        }
    }

    /// Also of models that are pruned, and after contexts that do not occur.
    @Test(arguments: KneserNeyCase.all, [100_000, 600, 300, 120, 0])
    func probabilitiesSumToOne(of test: KneserNeyCase, bytes: Int) {
        var model = test.model
        model.prune(to: bytes)
        let symbols = test.symbols(test.alphabet + "?")
        for context in test.probabilities.keys {
            let sum = symbols.reduce(0) { $0 + model.probability(of: $1, after: test.symbols(context)) }
            #expect(abs(sum - 1) < 1e-12, "after “\(context)”")
        }
    }

    @Test(arguments: KneserNeyCase.all) func pruningKeepsWhatMatters(of test: KneserNeyCase) {
        let text = test.symbols(test.texts[0].text)
        func logProbability(_ bytes: Int) -> Double {
            var model = test.model
            model.prune(to: bytes)
            return text.indices.reduce(0) { sum, index in
                sum + logarithm(model.probability(of: text[index], after: Array(text[..<index])))
            }
        }
        let values = [0, 150, 300, 600, 100_000].map(logProbability)
        #expect(values == values.sorted())
        #expect(values[0] < values[4])
    }

    /// Weights are repetitions of the counts, not of the text.
    @Test func weightsMultiplyOccurrences() {
        let (a, b): ([UInt8], [UInt8]) = ([0, 1, 0, 2, 1], [2, 2, 1, 0])
        let weighted = KneserNeyModel([(a, 1), (b, 3)], symbols: 3, order: 3)
        let repeated = KneserNeyModel([(b, 1), (a, 1), (b, 2)], symbols: 3, order: 3)
        for symbol in [0, 1, 2, 255] as [UInt8] {
            for context in [[], [0], [2, 2], [1, 0]] as [[UInt8]] {
                #expect(
                    weighted.probability(of: symbol, after: context)
                        == repeated.probability(of: symbol, after: context))
            }
        }
    }
}
