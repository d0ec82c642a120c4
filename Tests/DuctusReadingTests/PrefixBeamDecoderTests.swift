import DuctusHandwriting
import DuctusTestSupport
import Testing

@Suite struct PrefixBeamDecoderTests {
    /// The probability of every text, summed over all paths of classes.
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

    /// With a beam for all hypotheses the search is exact; with a smaller one probabilities are never overestimated.
    @Test(arguments: [(1, 2), (2, 2), (3, 2), (6, 2), (1, 3), (2, 3), (4, 3), (6, 3), (3, 4), (5, 4)], 0..<6)
    func agreesWithAllPaths(size: (frames: Int, classes: Int), seed: UInt64) {
        let logits = Tensor<Float>.sample([size.frames, size.classes], seed: seed, scale: 1.5)
        let blank = Int(seed) % size.classes
        let texts = Self.texts(logits, blank: blank)
        let best = texts.values.max() ?? 0
        let exact = PrefixBeamDecoder(classes: size.classes, blank: blank, width: 5000).decode(logits.scalars)
        #expect(abs(exponential(exact.logProbability) - best) < 1e-9)
        #expect(abs((texts[exact.labels] ?? 0) - best) < 1e-9)
        for width in 1...4 {
            let narrow = PrefixBeamDecoder(classes: size.classes, blank: blank, width: width).decode(logits.scalars)
            #expect(exponential(narrow.logProbability) <= (texts[narrow.labels] ?? 0) + 1e-9)
            #expect(0...1 ~= narrow.confidence)
        }
    }

    @Test func theMostLikelyTextNeedNotHaveTheMostLikelyPath() {
        let logits = [0.6, 0.4, 0.6, 0.4].map { Float(logarithm($0)) }
        #expect(BestPathDecoder(classes: 2, blank: 0).decode(logits).labels.isEmpty)
        let reading = PrefixBeamDecoder(classes: 2, blank: 0, width: 2).decode(logits)
        #expect(reading.labels == [1])
        #expect(abs(reading.confidence - 0.64) < 1e-6)
    }

    /// Hypotheses may differ only in a blank, and those that were pruned may return.
    @Test(arguments: 1...12) func repeatedCharactersNeedABlank(width: Int) {
        func frame(_ label: Int) -> [Float] { (0..<3).map { $0 == label ? 8 : 0 } }
        let decoder = PrefixBeamDecoder(classes: 3, blank: 0, width: width)
        #expect(decoder.decode([1, 1, 0, 1, 2, 2, 0, 2, 1].flatMap(frame)).labels == [1, 1, 2, 2, 1])
        #expect(decoder.decode([1, 1, 1, 0, 0].flatMap(frame)).labels == [1])
    }

    @Test func noFramesAreAnEmptyText() {
        let reading = PrefixBeamDecoder(classes: 3, blank: 1).decode([])
        #expect(reading.labels.isEmpty)
        #expect(reading.confidence == 1)
    }

    @Test func addingAConstantToAFrameChangesNothing() {
        let logits = Tensor<Float>.sample([30, 5], scale: 3)
        let decoder = PrefixBeamDecoder(classes: 5, blank: 4)
        let (plain, shifted) = (decoder.decode(logits.scalars), decoder.decode((logits + 64).scalars))
        #expect(plain.labels == shifted.labels)
        #expect(abs(plain.logProbability - shifted.logProbability) < 1e-3)
    }

    /// The probability of a long line is far below the smallest number.
    @Test func longLinesDoNotUnderflow() {
        let logits = Tensor<Float>.sample([4000, 20], scale: 0.1)
        let reading = PrefixBeamDecoder(classes: 20, blank: 0, width: 3).decode(logits.scalars)
        #expect(reading.logProbability < -1000)
        #expect(reading.logProbability.isFinite)
        #expect(reading.confidence > 0)
    }

    @Test(
        arguments: [
            [-3e38, 3e38, -3e38], [-.infinity, .infinity, 0], [.nan, 1, .nan], [.infinity, .infinity, .infinity],
            [-.infinity, -.infinity, -.infinity], [.nan, .nan, .nan],
        ] as [[Float]])
    func extremeScoresGiveAConfidenceFromZeroToOne(logits: [Float]) {
        for width in [1, 5] {
            let reading = PrefixBeamDecoder(classes: 3, blank: 0, width: width).decode(logits + logits)
            #expect((0...1).contains(reading.confidence), "\(reading)")
        }
        #expect(PrefixBeamDecoder(classes: 3, blank: 0).decode([.nan, .nan, .nan]).confidence == 0)
    }

    /// Outputs of a real network, with the texts of its publisher's decoders.
    @Test(.enabled(if: sharedData != nil, "DUCTUS_DATA is not set"))
    func publishedOutputsHaveThePublishedTexts() throws {
        let characters = Alphabet(
            " !\"#&'()*+,-./0123456789:;?ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz", blank: 79)
        for (name, path, beam) in [
            ("line", "the fak friend of the fomly hae tC", "the fak friend of the fomcly hae tC"),
            ("word", nil, nil),
        ] as [(String, String?, String?)] {
            let file = try File.readBytes(#require(sharedData) + "/ctc/\(name)/rnnOutput.csv")
            let logits = String(decoding: file, as: UTF8.self).split { $0 == ";" || $0.isNewline }
                .compactMap { Float(String($0)) }
            try #require(!logits.isEmpty)
            try #require(logits.count.isMultiple(of: 80))
            func logProbability(_ labels: [Int32]) -> Double {
                let batch = Tensor(logits, shape: [1, logits.count / 80, 80])
                return -Double(
                    ctcLoss(
                        batch, labels: Tensor(labels, shape: [1, labels.count]), labelLengths: [labels.count],
                        blank: 79
                    ).scalars[0])
            }
            let best = BestPathDecoder(classes: 80, blank: 79).decode(logits)
            if let path { #expect(characters.decode(best.labels) == path) }
            for width in [10, 25, 100] {
                let reading = PrefixBeamDecoder(classes: 80, blank: 79, width: width).decode(logits)
                let text = characters.decode(reading.labels)
                if let beam { #expect(text == beam) }
                #expect(logProbability(reading.labels) >= logProbability(best.labels) - 1e-3, "\(text)")
                // The probability lacks pruned paths.
                let missing = logProbability(reading.labels) - reading.logProbability
                #expect(-1e-3...0.6 ~= missing, "\(width): \(text)")
            }
        }
    }
}
