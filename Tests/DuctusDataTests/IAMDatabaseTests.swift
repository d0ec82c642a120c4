import DuctusData
import DuctusTestSupport
import Testing

@Suite struct IAMDatabaseTests {
    let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try folder.write(
            "# form writer\na01-000u 000 2 prt 2 1 9 8\na01-003 002 3 prt 1 1 3 3\n", to: "ascii/forms.txt")
        try folder.write(
            """
            # comment
            a01-000u-00 ok 154 19 10 20 60 8 A|MOVE|to|stop|Mr.|Gaitskell
            a01-000u-01 err 150 19 10 40 70 9 M Ps|tomorrow|.|"|(|so|)
            a01-003-00 ok 176 31 1 2 30 4 Though

            """, to: "ascii/lines.txt")
        try folder.write("a01-003\r\na01-000u\n", to: "splits/train.txt")
        try folder.write("a01-000u\n", to: "splits/validation.txt")
    }

    @Test func formsAndLinesAreRead() throws {
        let page = Image(width: 100, height: 80, filledWith: 255)
        try folder.write(page.pngData(), to: "forms/a01-000u.png")
        try folder.write(page.pngData(), to: "lines/a01/a01-000u/a01-000u-00.png")

        let database = try IAMDatabase(directory: folder.path)
        #expect(database.splitNames == ["train", "validation"])
        let forms = try database.split(named: "train")
        #expect(forms.map(\.id) == ["a01-003", "a01-000u"])
        #expect(forms.map(\.writer) == ["002", "000"])
        #expect(forms.map(\.hasImage) == [false, true])

        let lines = forms[1].lines
        #expect(lines.map(\.text) == ["A MOVE to stop Mr. Gaitskell", "M Ps tomorrow. \" (so)"])
        #expect(lines.map(\.segmentation) == [.ok, .err])
        #expect(lines[0].grayLevel == 154)
        #expect(lines[1].box == Box(x: 10, y: 40, width: 70, height: 9))
        #expect(lines[0].imagePath == folder.path + "/lines/a01/a01-000u/a01-000u-00.png")
        #expect(lines.map(\.hasImage) == [true, false])
        #expect(try DetectionSample(form: forms[1]).labels.contains(DetectionSample.Label.evenLine))
        #expect(throws: ImageError.missing(file: forms[0].imagePath)) { try DetectionSample(form: forms[0]) }
    }

    @Test func transcriptionsTakePrecedence() throws {
        try folder.write("a01-000u-00\tA b\na01-000u-01\tc.\na01-003-00\tThough\n", to: "transcriptions.tsv")
        let database = try IAMDatabase(directory: folder.path)
        #expect(database.forms[0].lines.map(\.text) == ["A b", "c."])

        try folder.write("a01-000u-00\tA b\n", to: "transcriptions.tsv")
        #expect(refusal()?.contains("lines.txt, line 3: line “a01-000u-01” has no text") == true)
        for text in ["a01-000u-00 A b\n", "a01-000u-00\t\n", "a\tb\tc\n", "a\tb\na\tb\n"] {
            try folder.write(text, to: "transcriptions.tsv")
            #expect(refusal()?.contains("transcriptions.tsv, line ") == true)
        }
    }

    @Test func wordsAreSpacedNaturally() {
        #expect(
            IAMDatabase.naturalText(words: "Party|(|280,000|members|)|,|said|:|\"|No|!|\"")
                == "Party (280,000 members), said: \" No! \"")
        #expect(IAMDatabase.naturalText(words: "") == "")
        #expect(IAMDatabase.naturalText(words: ".|and") == ". and")
    }

    @Test(arguments: [
        "a01-000u-00 ok 154 19 10 20 60 8", "a01-000u-00 fine 154 19 10 20 60 8 A", "a01-000u-00 ok 154 x 10 20 60 8 A",
        "a01-000u-00 ok 154 19 10 20 60 99999999999 A", "b01-000u-00 ok 154 19 10 20 60 8 A",
        "../x-00 ok 1 1 1 1 1 1 A",
        "a01-003-00 ok 176 31 1 2 30 4 Though\na01-003-00 ok 176 31 1 2 30 4 Though",
    ])
    func malformedLinesAreNumbered(line: String) throws {
        try folder.write("# comment\n\n\(line)\n", to: "ascii/lines.txt")
        #expect(refusal()?.hasPrefix("\(folder.path)/ascii/lines.txt, line ") == true)
    }

    @Test func malformedFormsAndSplitsAreNumbered() throws {
        let database = try IAMDatabase(directory: folder.path)
        for (text, words) in [
            ("a01-000u\nz99-000\n", "line 2: form “z99-000”"), ("a01-003\na01-003\n", "twice"), ("", "no forms"),
        ] {
            try folder.write(text, to: "splits/odd.txt")
            let error = #expect(throws: DatasetError.self) { try database.split(named: "odd") }
            #expect(error?.description.contains(words) == true)
        }
        let unknown = #expect(throws: DatasetError.self) { try database.split(named: "../splits/train") }
        #expect(unknown?.description.contains("choose one of odd, train, validation") == true)
        for forms in ["a01-000u\n", "a01-000u 000\na01-000u 000\n", "a/b 000\n"] {
            try folder.write(forms, to: "ascii/forms.txt")
            #expect(refusal()?.contains("forms.txt, line ") == true)
        }
        try folder.write([0x61, 0x0A, 0xFF, 0xFE, 0x0A], to: "ascii/forms.txt")
        #expect(refusal()?.contains("line 2 is not UTF-8") == true)
    }

    @Test func aMissingDatabaseIsAnsweredWithItsSource() {
        let error = #expect(throws: DatasetError.self) { try IAMDatabase(directory: folder.path + "/none") }
        #expect(error?.description.contains("https://fki.tic.heia-fr.ch/databases/iam-handwriting-database") == true)
    }

    private func refusal() -> String? {
        do {
            _ = try IAMDatabase(directory: folder.path)
            return nil
        } catch {
            return error.description
        }
    }

    @Test(.enabled(if: sharedData != nil, "DUCTUS_DATA is not set"))
    func thePublishedDatabaseIsRead() throws {
        let database = try IAMDatabase(directory: #require(sharedData) + "/iam")
        #expect(database.forms.count == 564)
        #expect(database.forms.reduce(0) { $0 + $1.lines.count } == 4992)
        let validation = try database.split(named: "validation")
        #expect(try database.split(named: "train").count == 487)
        #expect(validation.count == 77)
        let unpictured = database.forms.flatMap(\.lines).filter { !$0.hasImage }
        #expect(unpictured.map(\.id) == ["a03-027-00", "f04-011-00"])
        var background = 0
        for form in validation {
            background += try DetectionSample(form: form).labels.count { $0 == DetectionSample.Label.background }
        }
        #expect(abs(Double(background) / Double(validation.count * 65_536) - 0.663) < 0.001)
    }
}
