import DuctusImages
import DuctusTestSupport
import Testing

@Suite struct ImageGeometryTests {
    @Test func inkThatIsNoNumberIsNone() {
        #expect(Image(ink: Tensor([.nan, 0.5, 2, -1], shape: [1, 4, 1])).pixels == [255, 127, 0, 255])
    }

    let image = Image(width: 3, height: 2, channels: 1, pixels: [1, 2, 3, 4, 5, 6])

    @Test func crops() {
        #expect(image.cropped(x: 1, y: 0, width: 2, height: 2).pixels == [2, 3, 5, 6])
        #expect(image.cropped(x: -5, y: 1, width: 7, height: 90).pixels == [4, 5])
        #expect(image.cropped(x: 1, y: -1, width: .max, height: .max).pixels == [2, 3, 5, 6])
        #expect(image.cropped(x: .max, y: .min, width: 4, height: 4).isEmpty)
        #expect(image.cropped(x: 0, y: 0, width: -1, height: 2).isEmpty)
    }

    @Test func pads() {
        let padded = image.padded(top: 1, left: 1, bottom: 0, right: 2, fill: 9)
        #expect(padded.width == 6)
        #expect(padded.height == 3)
        #expect(padded.pixels == [9, 9, 9, 9, 9, 9, 9, 1, 2, 3, 9, 9, 9, 4, 5, 6, 9, 9])
        #expect(padded.cropped(x: 1, y: 1, width: 3, height: 2) == image)
    }

    @Test func channels() {
        let rgb = Image(width: 2, height: 1, channels: 3, pixels: [255, 0, 0, 10, 200, 30])
        #expect(rgb.grayscale().pixels == [76, 124])
        #expect(image.rgb().grayscale() == image)
        #expect(image.grayscale() == image)
        #expect(rgb.rgb() == rgb)
        #expect(image.inverted().pixels == [254, 253, 252, 251, 250, 249])
        #expect(rgb.inverted().inverted() == rgb)
    }

    @Test func drawsRectanglesInsideTheImageOnly() {
        var canvas = Image(width: 5, height: 4, channels: 3, filledWith: 0)
        let color = Image.Color(red: 1, green: 2, blue: 3)
        canvas.drawRectangle(x: 1, y: 1, width: 3, height: 3, color: color)
        let drawn = (0..<4).map { y in (0..<5).map { x in canvas[x, y, 1] } }
        #expect(drawn == [[0, 0, 0, 0, 0], [0, 2, 2, 2, 0], [0, 2, 0, 2, 0], [0, 2, 2, 2, 0]])
        #expect(canvas[1, 1, 0] == 1)
        #expect(canvas[1, 1, 2] == 3)

        let before = canvas
        canvas.drawRectangle(x: -90, y: .max, width: 10, height: 10, color: color, thickness: 4)
        canvas.drawRectangle(x: 2, y: 2, width: 0, height: 1, color: color)
        #expect(canvas == before)
        canvas.drawRectangle(x: -9, y: -9, width: 99, height: 99, color: color, thickness: 50)
        #expect(canvas.pixels.allSatisfy { $0 != 0 })
    }
}
