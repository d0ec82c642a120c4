import DuctusFiles
import DuctusTestSupport
import Testing

/// The strictness of reading XML, seen through a page whose only line is the text.
@Suite struct XMLTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ text: String) throws -> String {
        try folder.write(text, to: "page.xml")
        return try PageFolder(directory: folder.path, format: .page).pages[0].lines.map(\.text).joined(separator: "|")
    }

    private func page(_ unicode: String) -> String {
        "<PcGts><Page><TextLine><Coords points='0,0 9,9'/><TextEquiv><Unicode>\(unicode)</Unicode></TextEquiv>"
            + "</TextLine></Page></PcGts>"
    }

    @Test(arguments: [
        ("a &amp; b &lt;c&gt; &quot;d&quot; &apos;", "a & b <c> \"d\" '"), ("&#233;&#xE9;&#x1F58B;", "éé🖋"),
        ("<![CDATA[a < b && c]]> d", "a < b && c d"), ("a<!-- <b> & -- -> -->b<?go <on>?>c", "abc"),
        (" La  Fédération\n\tdu ", "La Fédération du"), ("", ""), ("]", "]"),
    ])
    func characters(markup: String, text: String) throws { #expect(try read(page(markup)) == text) }

    @Test(arguments: [
        "\u{FEFF}", "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone='yes'?>\r\n<!-- by -->\n<?style x?>",
        "<?xml version='1.0' encoding='utf-8'?><!DOCTYPE PcGts SYSTEM \"page.dtd\">", " \n",
    ])
    func prologs(prolog: String) throws { #expect(try read(prolog + page("x") + "\n<!-- end -->\n") == "x") }

    @Test func namespacesAreLeftOut() throws {
        let prefixed = page("x").replacing("</", with: "</p:").replacing("<", with: "<p:").replacing(
            "<p:/p:", with: "</p:")
        #expect(try read(prefixed.replacing("<p:PcGts", with: "<p:PcGts xmlns:p='urn:page' xmlns='urn:x'")) == "x")
    }

    @Test(arguments: [
        "", "x", "<", "<PcGts", "<PcGts>", "<PcGts/", "<PcGts></Page>", "<PcGts></PcGts", "<PcGts/><PcGts/>",
        "<PcGts/>x", "<1/>", "<a b/>", "<a b=c/>", "<a b='c/>", "<a b='<'/>", "<a b='1' b='2'/>", "<a b='1'c='2'/>",
        "<a>&nbsp;</a>", "<a>&</a>", "<a>&#0;</a>", "<a>&#xD800;</a>", "<a>&#+65;</a>", "<a>&#xFFFF;</a>",
        "<a>\u{1}</a>",
        "<a><![CDATA[x</a>", "<a><!-- x</a>", "<a><?x</a>", "<!DOCTYPE a [<!ENTITY b 'c'>]><a>&b;</a>", "<!DOCTYPE a",
        "<?xml version='1.0' encoding='ISO-8859-1'?><a/>", "<?xml version='1.0'",
        String(repeating: "<a>", count: 5_000) + String(repeating: "</a>", count: 5_000),
    ])
    func whatIsNotWellFormedNamesFileAndLine(text: String) throws {
        let error = #expect(throws: DatasetError.self) { try read("\n\n" + text) }
        let description = try #require(error?.description)
        #expect(description.hasPrefix("\(folder.path)/page.xml, line "))
        if text.hasPrefix("<a") { #expect(description.contains(", line 3: ")) }
    }

    @Test func otherEncodingsAreRefused() throws {
        try folder.write(Array("<a>\n".utf8) + [0xE9] + Array("</a>".utf8), to: "page.xml")
        let error = #expect(throws: DatasetError.self) { try PageFolder(directory: folder.path, format: .page) }
        #expect(error?.description.contains("page.xml: line 2 is not UTF-8 text") == true)
        let declared = #expect(throws: DatasetError.self) {
            try read("<?xml version='1.0' encoding='ISO-8859-1'?>" + page("x"))
        }
        #expect(declared?.description.contains("line 1: the encoding is ISO-8859-1; convert the file") == true)
    }

    /// Whatever is cut off or wrong, the process lives on and the message names the file.
    @Test func damagedFiles() throws {
        let sound = Array(page("La &amp; <b c='d'/> <![CDATA[x]]>").utf8)
        var random = RandomStream(seed: 2)
        for count in 0..<sound.count {
            let error = #expect(throws: DatasetError.self) {
                try read(String(decoding: sound.prefix(count), as: UTF8.self))
            }
            #expect(error?.description.hasPrefix("\(folder.path)/page.xml") == true)
            var damaged = sound
            damaged[count] = UInt8.random(in: 0...255, using: &random)
            try folder.write(damaged, to: "page.xml")
            do throws(DatasetError) {
                _ = try PageFolder(directory: folder.path, format: .page)
            } catch {
                #expect(error.description.hasPrefix("\(folder.path)/"))
            }
        }
    }
}
