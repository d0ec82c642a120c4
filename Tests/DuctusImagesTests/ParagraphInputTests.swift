import DuctusImages
import Testing

@Suite struct ParagraphInputTests {
    /// Specks and the background around the writing do not count.
    @Test(arguments: [UInt8(255), 200, 120]) func writingIsFoundOnAPage(background: UInt8) throws {
        var page = Image(width: 400, height: 300, filledWith: background)
        for row in 60..<200 { for column in 50..<350 where (row / 10 + column / 5) % 3 == 0 { page[column, row] = 20 } }
        for speck in [(2, 3), (390, 290), (200, 280)] { page[speck.0, speck.1] = 0 }
        let input = ParagraphInput(height: 128, width: 160, scale: 0.5)
        let (tensor, box) = try #require(input.paragraph(on: page.rgb()))
        #expect((50..<55).contains(box.x))
        #expect((346...350).contains(box.maxX))
        #expect(box.y == 60)
        #expect(box.maxY == 200)
        #expect(tensor.shape == [128, 160, 1])
    }

    @Test(arguments: [UInt8(255), 200, 0]) func aBlankPageHasNoParagraph(background: UInt8) {
        #expect(ParagraphInput().paragraph(on: Image(width: 30, height: 20, filledWith: background)) == nil)
    }
}
