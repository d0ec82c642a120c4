import DuctusHandwriting
import DuctusTestSupport
import Testing

@Suite struct LanguagePriorTests {
    private static let characters = Alphabet("ab ", blank: 1)

    private static func model(_ text: String = "abba baab aba a b bb") throws -> LanguageModel {
        var trainer = LanguageModelTrainer(language: "xx")
        (trainer.order, trainer.minimumCount) = (3, 1)
        trainer.add(text, named: "text")
        return try LanguageModel(SharedBytes(trainer.encoded(for: "x")), path: "x")
    }

    /// All texts with the sum of their paths' probabilities.
    private static func texts(_ logits: Tensor<Float>, blank: Int) -> [[Int32]: Double] {
        let (frames, classes) = (logits.shape[0], logits.shape[1])
        let probabilities = Tensor<Double>(logits).softmax().scalars
        var result: [[Int32]: Double] = [:]
        for path in indices(of: Shape([Int](repeating: classes, count: frames))) {
            let share = path.enumerated().reduce(1) { $0 * probabilities[$1.offset * classes + $1.element] }
            var (text, previous) = ([Int32](), blank)
            for label in path {
                if label != blank && label != previous { text.append(Int32(label)) }
                previous = label
            }
            result[text, default: 0] += share
        }
        return result
    }

    /// With a beam for all hypotheses, the search finds the texts with the best scores of all, in order.
    @Test(arguments: [1, 2, 4, 6], 0..<6) func agreesWithAllTexts(frames: Int, seed: UInt64) throws {
        let (characters, model) = (Self.characters, try Self.model())
        let logits = Tensor<Float>.sample([frames, characters.count], seed: seed, scale: 1.5)
        let prior = LanguagePrior(model, characters: characters, weight: 0.7, bonus: 1.1)
        let texts = Self.texts(logits, blank: characters.blank).map { labels, probability in
            let logPrior = 0.7 * model.logProbability(of: characters.decode(labels)) + 1.1 * Double(labels.count)
            return (labels: labels, score: logarithm(probability) + logPrior, logProbability: logarithm(probability))
        }.sorted { $0.score > $1.score }
        let decoder = PrefixBeamDecoder(
            classes: characters.count, blank: characters.blank, width: 5000, prior: prior)
        let readings = decoder.decode(logits.scalars, best: 5)
        #expect(readings.count == min(5, texts.count))
        for (reading, text) in zip(readings, texts) {
            #expect(reading.labels == text.labels)
            #expect(abs(reading.score - text.score) < 1e-9)
            #expect(abs(reading.logProbability - text.logProbability) < 1e-9)
        }
        let narrow = PrefixBeamDecoder(classes: characters.count, blank: characters.blank, width: 2, prior: prior)
        #expect(narrow.decode(logits.scalars).score <= texts[0].score + 1e-9)
    }

    @Test func aWeightOfZeroIsNoPrior() throws {
        let logits = Tensor<Float>.sample([30, 4], seed: 3, scale: 3)
        let prior = LanguagePrior(try Self.model(), characters: Self.characters, weight: 0, bonus: 0)
        let with = PrefixBeamDecoder(classes: 4, blank: 1, prior: prior).decode(logits.scalars)
        #expect(with == PrefixBeamDecoder(classes: 4, blank: 1).decode(logits.scalars))
    }

    /// The class é of a composed alphabet is an e and an accent in the language model.
    @Test func composedClassesAreSpelledOut() throws {
        let model = try Self.model("l'été et l'hiver, l'élève a été élu")
        func score(_ characters: Alphabet, _ text: String) throws -> Double {
            let labels = try characters.encode(text, sample: text)
            var logits = [Float](repeating: -9, count: (2 * labels.count + 1) * characters.count)
            for frame in 0...(2 * labels.count) {
                let label = frame.isMultiple(of: 2) ? characters.blank : Int(labels[frame / 2])
                logits[frame * characters.count + label] = 9
            }
            let prior = LanguagePrior(model, characters: characters, weight: 1, bonus: 0.25)
            let decoder = PrefixBeamDecoder(classes: characters.count, blank: characters.blank, prior: prior)
            let reading = decoder.decode(logits)
            #expect(reading.labels == labels)
            return reading.score - reading.logProbability
        }
        let composed = try score(Alphabet("aéeluitvr ,'h"), "été")
        let decomposed = try score(Alphabet(decomposed: "aeluitvr ,'h\u{301}\u{300}"), "été")
        #expect(abs(composed - decomposed) < 1e-9)
        #expect(abs(composed - (model.logProbability(of: "été") + 5 * 0.25)) < 1e-9)
    }

    /// Unlikely classes do not extend hypotheses.
    @Test func unlikelyClassesAreSkipped() {
        let logits = [0.55, 0.45, 0.55, 0.45].map { Float(logarithm($0)) }
        #expect(PrefixBeamDecoder(classes: 2, blank: 0, leastProbability: 0.4).decode(logits).labels == [1])
        #expect(PrefixBeamDecoder(classes: 2, blank: 0, leastProbability: 0.5).decode(logits).labels.isEmpty)
    }
}
