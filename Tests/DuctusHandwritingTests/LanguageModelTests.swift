import DuctusHandwriting
import DuctusTestSupport
import Testing

@Suite struct LanguageModelTests {
    private static let text = """
        It was the best of times, it was the worst of times, it was the age of wisdom, it was the age of foolishness,
        it was the epoch of belief, it was the epoch of incredulity. Un élève naïf a dîné à l’hôtel — “déjà”, dit-il…
        """

    private func trainer(_ text: String = Self.text, order: Int = 4, bytes: Int = 100_000) -> LanguageModelTrainer {
        var trainer = LanguageModelTrainer(language: "xx")
        (trainer.order, trainer.maximumBytes, trainer.minimumCount) = (order, bytes, 1)
        trainer.add(text, named: "text")
        return trainer
    }

    private func model(_ bytes: [UInt8]) throws -> LanguageModel { try LanguageModel(SharedBytes(bytes), path: "x.lm") }

    /// What the file stores differs from the estimate by the rounding of at most one logarithm for every order.
    @Test(arguments: KneserNeyCase.all, [100_000, 700]) func filesHaveTheEstimate(of test: KneserNeyCase, bytes: Int)
        throws
    {
        var trainer = LanguageModelTrainer(language: "xx")
        (trainer.order, trainer.minimumCount) = (test.order, 1)
        trainer.maximumBytes = bytes + 1024 + test.alphabet.utf8.count
        var estimate = test.model
        estimate.prune(to: bytes)
        for text in test.texts { trainer.add(text.text, named: "text", weight: text.weight) }
        let model = try model(trainer.encoded(for: "x.lm"))
        #expect(model.header.characters == test.alphabet)
        for context in test.probabilities.keys {
            var state = LanguageModel.noContext
            for scalar in context.unicodeScalars { state = model.advance(state, by: model.symbol(of: scalar)).next }
            for scalar in (test.alphabet + "?").unicodeScalars {
                let symbol = model.symbol(of: scalar)
                let expected = logarithm(
                    estimate.probability(of: symbol ?? 255, after: test.symbols(context)))
                let actual = model.advance(state, by: symbol).logProbability
                #expect(abs(actual - expected) <= Double(test.order + 1) / 32 + 1e-9, "\(scalar) after “\(context)”")
            }
        }
    }

    @Test func ordersAreFromOneToEight() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var trainer = LanguageModelTrainer(language: "xx")
            trainer.order = 9
        }
        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(message.contains("LanguageModelTrainer: order is 9; it must be from 1 to 8."))
    }

    @Test func theSmallestAndTheLargestOrderHaveModels() throws {
        for order in [1, 8] { #expect(try model(trainer(order: order).encoded(for: "x.lm")).order == order) }
    }

    @Test func filesArePrunedToTheSize() throws {
        let sizes = try [2000, 3000, 5000, 100_000].map { try trainer(order: 6, bytes: $0).encoded(for: "x").count }
        #expect(zip(sizes, [2000, 3000, 5000, 100_000]).allSatisfy { $0 <= $1 })
        #expect(sizes == sizes.sorted())
        #expect(Set(sizes).count == 4)
    }

    @Test func filesAreReproducible() throws {
        #expect(try trainer().encoded(for: "x") == trainer().encoded(for: "y"))
    }

    @Test func filesAreWrittenAndRead() throws {
        let folder = try TemporaryFolder()
        try trainer().write(to: folder.file("b.lm"))
        try trainer().write(to: folder.file("a.lm"))
        try folder.write("no model", to: "readme.txt")
        let models = try LanguageModel.all(in: folder.path)
        #expect(models.map(\.path) == [folder.file("a.lm"), folder.file("b.lm")])
        #expect(models[0].language == "xx")
        #expect(models[0].order == 4)
        #expect(models[0].header.sources == ["1 × text"])
        #expect(models[0].header.counts[0] == models[0].header.characters.unicodeScalars.count)
    }

    @Test func probableTextsAreMoreProbable() throws {
        let model = try model(trainer().encoded(for: "x"))
        #expect(model.logProbability(of: "the age of times") > model.logProbability(of: "tbe aqe of tirnes"))
        #expect(model.logProbability(of: "") == 0)
    }

    /// Typographic characters become plain ones, accents become scalars of their own, and runs of spaces one space.
    @Test func textsAreNormalized() throws {
        let characters = try model(trainer().encoded(for: "x")).header.characters.unicodeScalars
        #expect(characters.contains("\u{301}"))
        for scalar in "é’“”—…\n".unicodeScalars { #expect(!characters.contains(scalar)) }
        let spaces = try trainer("a  b\n \n c", order: 2).encoded(for: "x")
        #expect(try spaces == trainer("a b c", order: 2).encoded(for: "x"))
    }

    @Test func composedTextsAreDecomposed() throws {
        let model = try model(trainer().encoded(for: "x"))
        #expect(model.logProbability(of: "élève") == model.logProbability(of: "e\u{301}le\u{300}ve"))
    }

    @Test func unknownCharactersHaveASmallProbability() throws {
        let model = try model(trainer().encoded(for: "x"))
        let (logProbability, next) = model.advance(model.lineStart, by: model.symbol(of: "ж"))
        #expect(-20..<(-3) ~= logProbability)
        #expect(next == LanguageModel.noContext)
    }

    @Test func noTextIsAnError() {
        let error = #expect(throws: ArchiveError.self) { try trainer("").encoded(for: "x.lm") }
        #expect(error?.path == "x.lm")
        var rare = LanguageModelTrainer(language: "xx")
        rare.add("abc", named: "text")
        #expect(throws: ArchiveError.self) { try rare.encoded(for: "x.lm") }
    }

    @Test func damagedFilesAreRefused() throws {
        let bytes = try trainer("abracadabra", order: 3).encoded(for: "x")
        for count in 0..<bytes.count {
            #expect(throws: ArchiveError.self) { try model(Array(bytes[..<count])) }
        }
        for index in bytes.indices {
            var damaged = bytes
            damaged[index] ^= 0x41
            #expect(throws: ArchiveError.self, "byte \(index)") { try model(damaged) }
        }
        #expect(throws: ArchiveError.self) { try model(bytes + [0]) }
    }

    /// Whatever the arrays of a file are, reading it or asking it anything ends, and stays within the file.
    @Test func anyArraysAreSafe() throws {
        let bytes = try trainer("abracadabra", order: 3).encoded(for: "x")
        var random = SplitMix(state: 1)
        var accepted = 0
        for _ in 0..<3000 {
            var damaged = bytes
            let start = 20 + Int(bytes[12]) + Int(bytes[13]) << 8
            for _ in 0..<1 + random.next(3) {
                damaged[start + random.next(bytes.count - start)] = UInt8(random.next(256))
            }
            let checksum = damaged[20...].withUnsafeBytes { Deflate.checksum([$0]) }
            withUnsafeBytes(of: checksum.littleEndian) { for index in 0..<4 { damaged[16 + index] = $0[index] } }
            guard let model = try? model(damaged) else { continue }
            accepted += 1
            #expect(model.logProbability(of: "abracadabra bard").isFinite)
        }
        #expect(accepted > 100)
    }

    @Test func filesOfOtherVersionsAreRefused() throws {
        var bytes = try trainer().encoded(for: "x")
        bytes[8] = 9
        let error = #expect(throws: ArchiveError.self) { try model(bytes) }
        #expect(error?.description == "x.lm: has version 9; this program reads version 1; train it again.")
    }
}

private struct SplitMix {
    var state: UInt64

    mutating func next(_ count: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var z = state
        z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
        z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
        return Int((z ^ z >> 31) % UInt64(count))
    }
}
