import DuctusFiles
import DuctusTestSupport
import Testing

@Suite struct XMLReaderTests {
    private let folder: TemporaryFolder
    private let path: String

    init() throws {
        folder = try TemporaryFolder()
        path = folder.file("some.xml")
    }

    private func read(_ bytes: [UInt8]) throws(FileError) -> XMLElement {
        try File.write(bytes, to: path)
        return try XMLReader.element(contentsOf: path)
    }

    private func read(_ text: String) throws(FileError) -> XMLElement { try read(Array(text.utf8)) }

    @Test func elementsHaveNamesAttributesChildrenAndLines() throws {
        let root = try read("<page>\n<line id='1' text=\"a\"/><line id = '2'>b<word/>\n</line >\n<end/></page>")
        #expect(root.name == "page")
        #expect(root.line == 1)
        #expect(root.children.map(\.name) == ["line", "line", "end"])
        #expect(root.children.map(\.line) == [2, 2, 4])
        #expect(root.children("line").map(\.attributes) == [["id": "1", "text": "a"], ["id": "2"]])
        #expect(root.child("line")?.attributes["id"] == "1")
        #expect(root.child("word") == nil)
        #expect(root.descendants("word").map(\.line) == [2])
    }

    @Test(arguments: [
        ("a &amp; b &lt;c&gt; &quot;d&quot; &apos;", "a & b <c> \"d\" '"), ("&#233;&#xE9;&#x1F58B;", "éé🖋"),
        ("<![CDATA[a < b && c]]> d", "a < b && c d"), ("a<!-- <b> & -- -> -->b<?go <on>?>c", "abc"),
        ("a<b>c</b>d", "ad"), (" La  Fédération\n\tdu ", " La  Fédération\n\tdu "), ("", ""), ("]", "]"),
    ])
    func textIsWhatTheMarkupStandsFor(markup: String, text: String) throws {
        #expect(try read("<a>\(markup)</a>").text == text)
    }

    @Test func attributesHaveReferencesToo() throws {
        #expect(try read("<a b='&lt;&#65;\"'/>").attributes == ["b": "<A\""])
    }

    @Test(arguments: [
        "\u{FEFF}", "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone='yes'?>\r\n<!-- by -->\n<?style x?>",
        "<?xml version='1.0' encoding='utf-8'?><!DOCTYPE a SYSTEM \"page.dtd\">", " \n",
    ])
    func prologsAreSkipped(prolog: String) throws {
        #expect(try read(prolog + "<a>x</a>\n<!-- end -->\n").text == "x")
    }

    @Test func prefixesOfNamespacesAreLeftOut() throws {
        let root = try read("<p:a xmlns:p='urn:page' xmlns='urn:x' p:b='1'><p:c>x</p:c></p:a>")
        #expect(root.name == "a")
        #expect(root.attributes == ["b": "1"])
        #expect(root.child("c")?.text == "x")
    }

    @Test(arguments: [
        "", "x", "<", "<a", "<a>", "<a/", "<a></b>", "<a></a", "<a/><a/>", "<a/>x", "<1/>", "<a b/>", "<a b=c/>",
        "<a b='c/>", "<a b='<'/>", "<a b='1' b='2'/>", "<a b='1'c='2'/>", "<a>&nbsp;</a>", "<a>&</a>", "<a>&#0;</a>",
        "<a>&#xD800;</a>", "<a>&#+65;</a>", "<a>&#xFFFF;</a>", "<a>\u{1}</a>", "<a><![CDATA[x</a>", "<a><!-- x</a>",
        "<a><?x</a>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<!DOCTYPE a", "<?xml version='1.0'?><a/>",
        String(repeating: "<a>", count: 5_000) + String(repeating: "</a>", count: 5_000),
    ])
    func whatIsNotWellFormedIsRefusedWithItsLine(text: String) throws {
        let error = try #require(throws: FileError.self) { try read("\n\n" + text) }
        #expect(error.file == path)
        #expect(error.line == 3)
        #expect(error.description.hasPrefix("\(path), line 3: "))
    }

    @Test func otherEncodingsAreRefused() {
        #expect(throws: FileError(file: path, reason: .notUTF8(line: 2))) {
            try read(Array("<a>\n".utf8) + [0xE9] + Array("</a>".utf8))
        }
        let reason = "the encoding is ISO-8859-1; convert the file to UTF-8"
        #expect(throws: FileError(file: path, reason: .malformed(line: 1, reason))) {
            try read("<?xml version='1.0' encoding='ISO-8859-1'?><a/>")
        }
    }

    /// Whatever is cut off or wrong, the process lives on and the message names the file.
    @Test func damagedFilesAreRefusedOrRead() throws {
        let sound = Array("<page><line id='1'>La &amp; <b c='d'/> <![CDATA[x]]></line></page>".utf8)
        #expect(throws: Never.self) { try read(sound) }
        for count in 0..<sound.count {
            let error = #expect(throws: FileError.self) { try read(Array(sound.prefix(count))) }
            #expect(error?.file == path)
            for value: UInt8 in [0, 0x20, 0x26, 0x3C, 0x3E, 0x41, 0xC3] {
                var damaged = sound
                damaged[count] = value
                do throws(FileError) {
                    _ = try read(damaged)
                } catch {
                    #expect(error.file == path)
                }
            }
        }
    }

    @Test func whatIsWrittenIsReadBack() throws {
        var writer = XMLWriter()
        writer.element("a", [("b", "1 < 2 & \"é\"\n\t")]) { a in
            a.element("c", text: "x > y & z\r\u{1}'")
            a.element("d", [("e", "")])
        }
        let root = try read(writer.document)
        #expect(root.attributes == ["b": "1 < 2 & \"é\"\n\t"])
        // XML 1.0 has no way to write the control character.
        #expect(root.child("c")?.text == "x > y & z\r'")
        #expect(root.child("d")?.attributes == ["e": ""])
    }
}

extension FileError {
    /// The line of what is malformed.
    fileprivate var line: Int? { if case .malformed(let line, _) = reason { line } else { nil } }
}
