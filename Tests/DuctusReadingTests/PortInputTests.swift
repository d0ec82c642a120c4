import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

/// Converted networks have the same inputs and outputs as in the PyTorch port (`Tests/Fixtures/port_inputs.py`).
@Suite struct PortInputTests {
    private let folder: TemporaryFolder
    private let path: String
    private static let characters = Alphabet("abcdef", blank: 6)

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("weights.safetensors")
    }

    private static func golden(_ name: String) throws -> GoldenCase {
        try #require(Goldens.cases("port_inputs").first { $0.name == name })
    }

    /// The same formula as in the script.
    private static func picture(_ width: Int, _ height: Int) -> Image {
        let pixels = (0..<width * height).map { index in
            let (x, y) = (index % width, index / width)
            return UInt8((31 * (x / 6) + 57 * (y / 7) + x * x / 90 + 3 * x * y / 70) % 256)
        }
        return Image(width: width, height: height, channels: 1, pixels: pixels)
    }

    private static func pictures(_ golden: GoldenCase) throws -> [Image] {
        try #require(golden.attributes["sizes"]?.array).map { size in
            let extents = try #require(size.array).compactMap(\.count)
            return picture(extents[0], extents[1])
        }
    }

    /// Makes a weights file as `ductus weights convert` does.
    private func convert(_ golden: GoldenCase) throws -> WeightsFile {
        let all = try TensorArchive(contentsOf: Goldens.path("port_inputs.safetensors"))
        var archive = TensorArchive()
        for name in all.names where name.hasPrefix("\(golden.name)/") {
            let key = String(name.dropFirst(golden.name.count + 1))
            guard key.first?.isNumber == false, all.elementType(of: name) == .float32 else { continue }
            archive.set(key, to: try all.tensor(name, as: Float.self))
        }
        try archive.write(to: folder.file("state_dict.safetensors"))
        let changes = try #require(golden.attributes["network"]?.object).filter { $0.key != "classes" }
            .map { "\($0.key)=\($0.value.text)" }
        try WeightsFile.convert(
            pytorch: folder.file("state_dict.safetensors"), network: golden.name, changes: changes,
            characters: Self.characters, to: path)
        return try WeightsFile(path)
    }

    private func largestDifference(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Float {
        #expect(a.shape == b.shape)
        return zip(a.scalars, b.scalars).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    /// Lines that are reduced, that just fit, and that are longer than 34 times their height.
    @Test func inputsOfLinesAgreeWithThePort() throws {
        let golden = try Self.golden("crnn")
        let input = try convert(golden).recipe("input", as: LineInput.self)
        for (number, image) in try Self.pictures(golden).enumerated() {
            let expected = try golden.tensor("\(number)/input")
            let (height, width) = (expected.shape[0], expected.shape[1])
            let whole = input.tensor(image).squeezingShape(at: 2)
            #expect(whole.shape == [28, 952])
            let line = whole.sliced(0..<height, axis: 0).sliced(0..<width, axis: 1)
            #expect(largestDifference(line, expected) <= 1.001 / 255)
            // The remainder is background.
            #expect(abs(whole.sum().item() - line.sum().item()) < 0.01)
        }
    }

    /// The texts that PyTorch reads on these images with the original weights.
    private func texts(_ golden: GoldenCase, mergesRepetitions: Bool) throws -> [String] {
        let decoder = BestPathDecoder(
            classes: 7, blank: Self.characters.blank, mergesRepetitions: mergesRepetitions)
        return try Self.pictures(golden).indices.map { number in
            let output = try golden.tensor("\(number)/output")
            return Self.characters.decode(decoder.decode(output.scalars).labels)
        }
    }

    @Test(arguments: ["crnn", "lstm_ctc", "all_conv"]) func lineNetworksAgreeWithThePort(name: String) throws {
        let golden = try Self.golden(name)
        let file = try convert(golden)
        let pictures = try Self.pictures(golden)
        let input = try file.recipe("input", as: LineInput.self)
        for (number, image) in pictures.enumerated() {
            let logits = file.network(input.tensor(image).expandingShape(at: 0)).squeezingShape(at: 0)
            let expected = try golden.tensor("\(number)/output")
            // Pixels may be rounded differently.
            let actual = name == "crnn" ? logits : logits.logSoftmax()
            #expect(disagreement(of: actual, with: expected, tolerance: 5e-3) == nil)
        }
        // So do evaluations.
        let texts = try texts(golden, mergesRepetitions: name != "all_conv")
        #expect(texts.contains { $0.count > 3 }, "\(texts)")
        try File.createDirectory(folder.file("data/lines"))
        var table = ""
        for (number, (image, text)) in zip(pictures, texts).enumerated() {
            try image.writePNG(to: folder.file("data/lines/\(number).png"))
            table += "test\tpage\t\(number).png\t\(text)\n"
        }
        try File.write(Array(table.utf8), to: folder.file("data/lines.tsv"))
        let data = try LineDataset(kind: "lines", directory: folder.file("data"), split: "test")
        let result = try Evaluation.lines(LineReader(path), on: data)
        #expect(result.cer == 0)
        #expect(result.lines == pictures.count)
    }

    /// A page with lines from row 40 to 215.
    private func writePage(_ image: Image) throws -> DetectionDataset {
        let directory = folder.file("data")
        for name in ["ascii", "forms", "splits"] { try File.createDirectory("\(directory)/\(name)") }
        try image.writePNG(to: "\(directory)/forms/a-0.png")
        let lines =
            "a-0-00 ok 1 1 30 40 350 60 odd\na-0-01 ok 1 1 20 100 380 60 even\na-0-02 ok 1 1 30 155 350 60 odd\n"
        try File.write(Array(lines.utf8), to: "\(directory)/ascii/lines.txt")
        try File.write(Array("a-0 1\n".utf8), to: "\(directory)/ascii/forms.txt")
        try File.write(Array("a-0\n".utf8), to: "\(directory)/splits/test.txt")
        return try DetectionDataset(kind: "iam", directory: directory, split: "test")
    }

    @Test(arguments: ["fcn", "unet"]) func detectorsAgreeWithThePort(name: String) throws {
        let golden = try Self.golden(name)
        let file = try convert(golden)
        let recipe = try file.recipe("input", as: DetectionInput.self)
        #expect(recipe == .fsdl)
        let data = try writePage(try #require(Self.pictures(golden).first))
        let (page, lines) = try data.raw(0)
        let sample = DetectionSample(page: page, lines: lines)
        let input = recipe.tensor(sample.image)
        let negative = Tensor(sample.image.pixels.map { 1 - Float($0) / 255 }, shape: input.shape)
        #expect(input == negative)
        if golden.has("0/input") {
            let expected = try golden.tensor("0/input")
            let top = (256 - expected.shape[0]) / 2
            let strip = input.squeezingShape(at: 2).sliced(top..<top + expected.shape[0], axis: 0)
            #expect(largestDifference(strip, expected) <= 1.001 / 255)
            #expect(abs(input.sum().item() - strip.sum().item()) < 0.01)
        }
        let labels = file.network(input.expandingShape(at: 0)).argmax().squeezingShape(at: 0)
        let expected = try golden.tensor("0/output", as: Int32.self)
        let all = labels.scalars
        let some = (0..<64).flatMap { row in (0..<64).map { all[4 * row * 256 + 4 * $0] } }
        let right = zip(some, expected.scalars).count { $0 == $1 }
        #expect(right >= 64 * 64 - 4, "\(right)")
        #expect(Set(expected.scalars).count > 1)
        // So do evaluations, whose classes are background, odd lines, and even lines.
        var accuracy = PixelAccuracy()
        accuracy.add(all.map { UInt8($0) }, reference: sample.labels)
        let result = try Evaluation.detection(LineDetector(path), on: data)
        #expect(result.pages == 1)
        #expect(result.pixelAccuracy == accuracy.value)
        #expect(sample.labels[128 * 256 + 128] == 2)
        #expect(sample.labels[94 * 256 + 128] == 1)
    }
}
