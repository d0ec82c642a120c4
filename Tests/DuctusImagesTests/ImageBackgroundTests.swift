import DuctusImages
import Testing

@Suite struct ImageBackgroundTests {
    /// Dark strokes on a background whose brightness depends on the column.
    private func image(_ background: (Int) -> Int) -> Image {
        let pixels = (0..<40 * 200).map { index in
            let (row, column) = (index / 200, index % 200)
            let isInk = (10..<30).contains(row) && column % 9 == 0
            return UInt8(isInk ? background(column) / 4 : background(column))
        }
        return Image(width: 200, height: 40, channels: 1, pixels: pixels)
    }

    @Test func darkWritingStaysAndLightWritingIsInverted() {
        let dark = image { _ in 220 }
        #expect(dark.darkOnLight() == dark)
        #expect(dark.inverted().darkOnLight() == dark)
    }

    @Test func imagesOfOneBrightnessHaveNoPolarity() {
        for brightness: UInt8 in [0, 100, 255] {
            let blank = Image(width: 5, height: 4, filledWith: brightness)
            #expect(blank.darkOnLight() == blank)
        }
    }

    @Test func shadowsAreRemoved() {
        let flat = image { column in 250 - column }.flatteningBackground(block: 6)
        for row in 0..<40 {
            for column in 20..<180 {
                let isInk = (10..<30).contains(row) && column % 9 == 0
                let expected = isInk ? 255 / 4 : 255
                #expect(abs(Int(flat[column, row]) - expected) <= 14, "column \(column), row \(row)")
            }
        }
    }

    @Test(arguments: [1, 3, 7, 100]) func anEvenBackgroundBecomesWhite(block: Int) {
        let gray = Image(width: 13, height: 9, filledWith: 120)
        #expect(gray.flatteningBackground(block: block) == Image(width: 13, height: 9, filledWith: 255))
        let black = Image(width: 13, height: 9, filledWith: 0)
        #expect(black.flatteningBackground(block: block) == black)
        let empty = Image(width: 0, height: 0, channels: 1, pixels: [])
        #expect(empty.flatteningBackground(block: block) == empty)
    }
}
