import DuctusData
import DuctusTestSupport
import Testing

@Suite struct SynthesizedLinesTests {
    /// Two images of each of the letters a, b, c: gray of 10, 20 … 60, so that the pixels show which image was drawn.
    private let letters = CharacterImages(
        pixels: (0..<6).flatMap { [UInt8](repeating: UInt8(10 * ($0 + 1)), count: 784) }, labels: [0, 0, 1, 1, 2, 2],
        classNames: ["a", "b", "c"])
    private let text = "ab, c\nabc!  cab a bb acaba\txyz"

    private func lines(_ change: (inout LineSynthesis) -> Void = { _ in }) throws -> SynthesizedLines {
        var synthesis = LineSynthesis()
        synthesis.maximumLength = 8
        synthesis.maximumOverlap = 0
        change(&synthesis)
        return try SynthesizedLines(letters, text: text, count: 60, synthesis: synthesis)
    }

    private func ink(_ image: Image, _ x: Int) -> Int { 255 - Int(image[x, 14]) }

    @Test func textsAreSuccessiveWordsThatFit() throws {
        let whole = " ab c abc cab a bb acaba "
        let texts = try (0..<60).map { try lines().line($0).text }
        for text in texts {
            #expect(whole.contains(" \(text) "))
            #expect(text.count <= 8)
        }
        #expect(Set(texts).count > 10)
        #expect(texts.contains { $0.contains(" ") })
        #expect(texts.contains { !$0.contains(" ") })
    }

    @Test func charactersStandSideBySide() throws {
        let lines = try lines()
        for index in 0..<60 {
            let (image, text) = lines.line(index)
            #expect(image.height == 28)
            #expect(image.width == 28 * text.count)
            for (place, letter) in text.enumerated() {
                let shades = ["a": [10, 20], "b": [30, 40], "c": [50, 60], " ": [0]][letter] ?? []
                #expect(shades.contains(ink(image, 28 * place)))
                #expect(ink(image, 28 * place) == ink(image, 28 * place + 27))
            }
        }
    }

    @Test(arguments: [false, true])
    func aCharacterMayRepeatItsImage(repeats: Bool) throws {
        let lines = try lines { $0.repeatsImages = repeats }
        let differ = (0..<60).contains { index in
            let (image, text) = lines.line(index)
            let shades = Dictionary(grouping: text.indices, by: { text[$0] }).values.map { places in
                Set(places.map { ink(image, 28 * text.distance(from: text.startIndex, to: $0)) })
            }
            return shades.contains { $0.count > 1 }
        }
        #expect(differ == !repeats)
    }

    @Test func overlappingInkAddsUpToBlack() throws {
        let dark = CharacterImages(
            pixels: [UInt8](repeating: 200, count: 784), labels: [0], classNames: ["a"])
        var synthesis = LineSynthesis()
        (synthesis.minimumOverlap, synthesis.maximumOverlap) = (0.5, 0.5)
        let image = try SynthesizedLines(dark, text: "aa", count: 1, synthesis: synthesis).line(0).image
        #expect(image.width == 42)
        #expect([0, 13, 14, 27, 28, 41].map { ink(image, $0) } == [200, 200, 255, 255, 200, 200])
    }

    @Test func overlapsAreDrawnFromTheirRange() throws {
        let lines = try lines { ($0.minimumOverlap, $0.maximumOverlap) = (0.2, 0.5) }
        let steps = (0..<60).compactMap { index -> Int? in
            let (image, text) = lines.line(index)
            return text.count > 1 ? (image.width - 28) / (text.count - 1) : nil
        }
        #expect(steps.allSatisfy { (14...23).contains($0) })
        #expect(Set(steps).count > 5)
    }

    @Test func linesFollowFromSeedAndNumber() throws {
        let (one, other) = (try lines(), try lines { $0.seed = 2 })
        let backwards = (0..<60).reversed().map { one.line($0).image }
        #expect((0..<60).map { one.line($0).image } == backwards.reversed())
        #expect((0..<60).map { one.line($0).text } != (0..<60).map { other.line($0).text })
        let stream = try SynthesizedLines(letters, text: text, count: 60, synthesis: one.synthesis, stream: 1)
        #expect((0..<60).map { one.line($0).image } != (0..<60).map { stream.line($0).image })
    }

    @Test func labelsOfFixedLengthArePadded() throws {
        let lines = try lines { $0.isPadded = true }
        var input = LineInput()
        (input.margin, input.spreadsContrast) = (0, false)
        let data = LineDataset(lines, characters: .fsdl80, input: input, labelLength: 8)
        let cache = try data.cached()
        for (index, example) in cache.examples.enumerated() {
            let (image, text) = lines.line(index)
            #expect(image.width == 8 * 28)
            #expect(example.input.shape == [28, 224, 1])
            #expect(example.input.scalars == image.pixels.map { Float(255 - $0) / 255 })
            let classes = try Alphabet.fsdl80.encode(text, sample: "")
            #expect(example.labels.scalars == classes + [Int32](repeating: 79, count: 8 - classes.count))
        }
        let short = LineDataset(lines, characters: .fsdl80, labelLength: 1)
        #expect(throws: ExpectationError.self) { try short.cached() }
    }

    @Test func textsWithoutAKnownCharacterAreRefused() throws {
        for text in ["", " \n", "xyz", "abcabcabc"] {
            var synthesis = LineSynthesis()
            synthesis.maximumLength = 8
            #expect(throws: DatasetError.self) {
                try SynthesizedLines(letters, text: text, count: 1, synthesis: synthesis)
            }
        }
    }

    @Test func synthesizedLinesAreAKindOfData() throws {
        let folder = try TemporaryFolder()
        let names = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
        let mapping = names.unicodeScalars.enumerated().map { "\($0) \($1.value)\n" }.joined()
        try folder.write(mapping, to: "emnist-byclass-mapping.txt")
        for split in ["train", "test"] {
            let pixels = (0..<62).flatMap { [UInt8](repeating: UInt8($0 + 1), count: 784) }
            try folder.write(
                [0, 0, 8, 3, 0, 0, 0, 62, 0, 0, 0, 28, 0, 0, 0, 28] + pixels,
                to: "emnist-byclass-\(split)-images-idx3-ubyte")
            try folder.write(
                [0, 0, 8, 1, 0, 0, 0, 62] + (0..<62).map { UInt8($0) }, to: "emnist-byclass-\(split)-labels-idx1-ubyte")
        }
        var synthesis = LineSynthesis()
        (synthesis.count, synthesis.testCount) = (20, 5)
        func data(_ split: String) throws -> LineDataset {
            try LineDataset(kind: Choice(synthesis), directory: folder.path, split: split)
        }
        let training = try data("train")
        let cache = try training.cached()
        #expect(cache.count == 20)
        #expect(try data("test").count == 5)
        #expect(try training.raw(0).text != data("test").raw(0).text)
        #expect(Set(names).isSubset(of: LineSynthesis.defaultText))

        synthesis.text = try folder.write("Pen and ink\n", to: "text.txt")
        #expect("Pen and ink".contains(try data("test").raw(0).text))
        synthesis.text = folder.path + "/none.txt"
        #expect(throws: DatasetError.self) { try data("test") }
    }
}
