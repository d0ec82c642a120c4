import DuctusImages
import DuctusTestSupport
import Testing

@Suite struct ImageEncodingTests {
    @Test(arguments: [(1, 1, 1), (1, 1, 3), (7, 3, 1), (5, 9, 3)])
    func encodedAndDecodedIsTheSame(width: Int, height: Int, channels: Int) throws {
        let pixels = (0..<width * height * channels).map { UInt8($0 * 37 % 256) }
        let image = Image(width: width, height: height, channels: channels, pixels: pixels)
        #expect(try Image(decoding: image.pngData(), name: "memory") == image)

        let folder = try TemporaryFolder()
        try folder.write("old", to: "image.png")
        try image.writePNG(to: folder.path + "/image.png")
        #expect(try Image(contentsOf: folder.path + "/image.png") == image)
        #expect(File.names(in: folder.path) == ["image.png"])
    }

    @Test func refusals() throws {
        let empty = Image(width: 0, height: 0, channels: 1, pixels: [])
        #expect(throws: ImageError.empty(file: "e.png")) { try empty.writePNG(to: "e.png") }
        let path = "/nowhere/at/all.png"
        #expect(throws: ImageError.inaccessible(file: path, reason: "there is no such directory")) {
            try Image(width: 1, height: 1, filledWith: 0).writePNG(to: path)
        }
    }
}
