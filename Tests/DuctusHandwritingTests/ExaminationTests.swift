import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

@Suite struct ExaminationTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try TinyLines.write(to: folder.file("data"))
    }

    private func examination(_ change: (inout LineRecognition) -> Void = { _ in }) throws -> Examination {
        var task = TinyLines.task(directory: folder.file("data"))
        change(&task)
        return try Examination(of: TinyLines.experiment(task, epochs: 1))
    }

    /// Adds lines to the table, and their pictures.
    private func add(_ lines: [(split: String, image: String, text: String)], picture: (String) throws -> Image) throws
    {
        var table = String(decoding: try File.readBytes(folder.file("data/lines.tsv")), as: UTF8.self)
        for line in lines {
            table += "\(line.split)\tpage\t\(line.image)\t\(line.text)\n"
            try picture(line.text).writePNG(to: folder.file("data/lines/\(line.image)"))
        }
        try folder.write(table, to: "data/lines.tsv")
    }

    private func expect(
        _ severity: Examination.Severity, _ check: String, _ items: [String], in examination: Examination,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let finding = try #require(
            examination.findings.first { $0.check == check }, "\(examination.findings)", sourceLocation: sourceLocation)
        #expect(finding.severity == severity, sourceLocation: sourceLocation)
        #expect(finding.items == items, sourceLocation: sourceLocation)
        #expect(finding.message.hasSuffix("."), sourceLocation: sourceLocation)
    }

    @Test func soundDataHaveNoFindings() throws {
        let examination = try examination()
        #expect(examination.findings.isEmpty)
        #expect(examination.splits.map(\.samples) == [8, 2])
        #expect(!examination.hasProblems)
    }

    @Test func unreadablePicturesAreNamed() throws {
        try folder.write("no picture", to: "data/lines/ab.png")
        let examination = try examination()
        let finding = try #require(examination.findings.first)
        #expect(finding.check == "unreadable pictures")
        #expect(finding.count == 1)
        #expect(finding.items[0].hasPrefix("lines/ab.png: "))
        #expect(examination.hasProblems)
    }

    @Test func otherCharactersAreCounted() throws {
        try add([("train", "x.png", "axbxé"), ("validation", "y.png", "x")]) { _ in TinyLines.image("abcab") }
        try expect(
            .problem, "characters outside the alphabet", ["“x” (U+0078) 3", "“é” (U+00E9) 1"], in: examination())
        let skipping = try examination { $0.unknownCharacters = .skipped }
        try expect(.warning, "characters outside the alphabet", ["“x” (U+0078) 3", "“é” (U+00E9) 1"], in: skipping)
    }

    @Test func linesWithoutEnoughStepsAreNamed() throws {
        // Two of the same need the blank between them, too.
        try add([("train", "long.png", "aabbaabbaabbaabb")]) { _ in TinyLines.image("a") }
        let examination = try examination()
        let finding = try #require(examination.findings.first { $0.check == "lines too long for the network" })
        #expect(finding.severity == .problem)
        #expect(finding.items.count == 1)
        #expect(finding.items[0].hasPrefix("lines/long.png: 24 steps needed, "), "\(finding.items)")
    }

    @Test func picturesInBothSplitsAreNamed() throws {
        try add([("validation", "copy.png", "cab"), ("validation", "scaled.png", "cba")]) { text in
            let image = TinyLines.image("cab")
            return text == "cab" ? image : image.resized(width: image.width * 2, height: image.height * 2)
        }
        try expect(
            .problem, "pictures in both training and validation",
            ["lines/copy.png = lines/cab.png", "lines/scaled.png ≈ lines/cab.png"], in: examination())
    }

    @Test func writersInBothSplitsAreNamed() throws {
        let texts = ["a01-000-00": "abc", "a02-000-00": "bca", "b01-000-00": "cab"]
        try folder.write("a01-000 007 1\na02-000 008 1\nb01-000 007 1\n", to: "iam/ascii/forms.txt")
        var table = ""
        for (id, text) in texts.sorted(by: { $0.key < $1.key }) {
            table += "\(id) ok 154 1 1 1 20 20 \(text)\n"
            let parts = id.split(separator: "-")
            try folder.write(
                TinyLines.image(text).pngData(), to: "iam/lines/\(parts[0])/\(parts[0])-\(parts[1])/\(id).png")
        }
        try folder.write(table, to: "iam/ascii/lines.txt")
        try folder.write("a01-000\na02-000\n", to: "iam/splits/train.txt")
        try folder.write("b01-000\n", to: "iam/splits/validation.txt")
        try expect(
            .warning, "writers in both training and validation", ["007"],
            in: examination { ($0.data.kind, $0.data.directory) = ("iam", folder.file("iam")) })
    }

    @Test func dataThatCannotBeReadAreAProblem() throws {
        let examination = try examination { $0.data.validation = "tset" }
        let finding = try #require(examination.findings.first)
        #expect(finding.check == "data")
        #expect(finding.message.contains("there is no split “tset”"))
        #expect(examination.splits.map(\.samples) == [8, 0])
    }

    @Test func aRehearsalMeasuresWhatTrainingTakes() throws {
        let rehearsal = try TinyLines.experiment(directory: folder.file("data"), epochs: 3).rehearse(measuringFor: 10)
        let cost = try #require(rehearsal.cost)
        #expect(cost.batchesPerEpoch == 3)
        #expect(cost.measuredBatches == 3)
        #expect(cost.secondsPerEpoch > 0)
        #expect(cost.parameters > 100)
        #expect(cost.peakMemory ?? .max > 1 << 20)
    }

    @Test func copiesHaveTheSameLook() {
        let image = TinyLines.image("abcacb")
        let hash = PictureHash(image)
        #expect(hash.weight >= 24)
        let smaller = image.resized(width: image.width * 2 / 3, height: image.height * 2 / 3)
        #expect(hash.isSimilar(to: PictureHash(smaller)))
        let brighter = Image(
            width: image.width, height: image.height, channels: 1, pixels: image.pixels.map { $0 / 2 + 100 })
        #expect(hash.isSimilar(to: PictureHash(brighter)))
        #expect(!hash.isSimilar(to: PictureHash(TinyLines.image("bbcacb"))))
        #expect(!hash.isSimilar(to: PictureHash(TinyLines.image("abcac"))))
    }

    @Test func theMachineIsMeasured() {
        let machine = onThreads(2) { MachineReport() }
        #expect(machine.threads == 2)
        #expect(machine.rate > 0)
        #expect(machine.rateOfOneThread > 0)
        #expect(machine.memory > 1 << 28)
        #expect(!machine.blas.isEmpty)
    }
}
