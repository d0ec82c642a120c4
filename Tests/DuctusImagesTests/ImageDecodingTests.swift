import DuctusImages
import DuctusTestSupport
import Testing

@Suite struct ImageDecodingTests {
    @Test(arguments: [1, 2, 4, 8, 16], [false, true])
    func grayOfEveryDepth(bitDepth: Int, isInterlaced: Bool) throws {
        let largest = 1 << bitDepth - 1
        let png = PNGBuilder(width: 11, height: 9, bitDepth: bitDepth, isInterlaced: isInterlaced) { x, y in
            [(x * 7 + y * 3) * largest / 200 % (largest + 1)]
        }
        let image = try Image(decoding: png.bytes, name: "gray")
        #expect(image.width == 11)
        #expect(image.height == 9)
        #expect(image.channels == 1)
        for y in 0..<9 {
            for x in 0..<11 {
                let expected = Double(png.pixel(x, y)[0]) * 255 / Double(largest)
                #expect(abs(Double(image[x, y]) - expected) <= 0.51)
            }
        }
    }

    @Test(arguments: [1, 2, 4, 8], [false, true])
    func paletteOfEveryDepth(bitDepth: Int, isInterlaced: Bool) throws {
        let palette: [UInt8] = [255, 0, 0, 0, 255, 7]
        let png = PNGBuilder(
            width: 5, height: 6, bitDepth: bitDepth, colorType: 3, palette: palette, isInterlaced: isInterlaced
        ) { x, y in [(x + y) % 2] }
        let image = try Image(decoding: png.bytes, name: "palette")
        #expect(image.channels == 3)
        for y in 0..<6 {
            for x in 0..<5 {
                let index = 3 * ((x + y) % 2)
                #expect((0..<3).map { image[x, y, $0] } == Array(palette[index..<index + 3]))
            }
        }
    }

    @Test(arguments: [false, true])
    func transparencyIsCompositedOnWhite(isInterlaced: Bool) throws {
        let gray = PNGBuilder(width: 3, height: 2, colorType: 4, isInterlaced: isInterlaced) { x, _ in [40, x * 127] }
        let image = try Image(decoding: gray.bytes, name: "gray + alpha")
        #expect(image.channels == 1)
        #expect(Array(image.pixels[..<3]) == [255, 148, 41])

        let color = PNGBuilder(width: 2, height: 9, bitDepth: 16, colorType: 6, isInterlaced: isInterlaced) { x, _ in
            [0, 0x8080, 0xFFFF, x * 0xFFFF]
        }
        let rgb = try Image(decoding: color.bytes, name: "RGB + alpha")
        #expect(Array(rgb.pixels[..<6]) == [255, 255, 255, 0, 128, 255])

        let keyed = PNGBuilder(width: 2, height: 1, transparency: [0, 9], isInterlaced: isInterlaced) { x, _ in [9 - x]
        }
        #expect(try Image(decoding: keyed.bytes, name: "key").pixels == [255, 8])

        let palette = PNGBuilder(
            width: 2, height: 1, colorType: 3, palette: [1, 2, 3, 4, 5, 6], transparency: [0],
            isInterlaced: isInterlaced
        ) { x, _ in [x] }
        #expect(try Image(decoding: palette.bytes, name: "palette + alpha").pixels == [255, 255, 255, 4, 5, 6])
    }

    @Test func jpeg() throws {
        let gray = try Image(decoding: JPEGSamples.gray, name: "gray.jpg")
        #expect(gray.width == 12)
        #expect(gray.height == 10)
        #expect(gray.channels == 1)
        for x in 0..<12 { #expect(abs(Int(gray[x, 5]) - 20 * x) <= 6) }
        for sample in [JPEGSamples.color, JPEGSamples.progressive] {
            let image = try Image(decoding: sample, name: "color.jpg")
            #expect(image.width == 12)
            #expect(image.height == 10)
            #expect(image.channels == 3)
            for (channel, expected) in [200, 100, 40].enumerated() {
                #expect(abs(Int(image[7, 3, channel]) - expected) <= 6)
            }
        }
    }

    @Test func refusalsNameTheFileAndTheRemedy() {
        #expect(throws: ImageError.empty(file: "x")) { try Image(decoding: [], name: "x") }
        #expect(throws: ImageError.notAnImage(file: "x")) { try Image(decoding: Array("GIF89a".utf8), name: "x") }
        #expect(throws: ImageError.missing(file: "/nowhere/x.png")) { try Image(contentsOf: "/nowhere/x.png") }
        #expect(throws: ImageError.tooLarge(file: "x", width: 12, height: 10, maximumPixels: 3)) {
            try Image(decoding: JPEGSamples.gray, name: "x", maximumPixels: 3)
        }
        #expect(ImageError.missing(file: "a.png").description == "a.png: there is no such file; check the path.")
    }

    /// Headers that promise gigabytes are refused before memory is taken.
    @Test func hugeHeaders() {
        var png = PNGBuilder(width: 1, height: 1) { _, _ in [0] }.bytes
        let huge = PNGBuilder.chunk(
            "IHDR", bigEndian(900_000) + bigEndian(900_000) + [8, 0, 0, 0, 0])
        png.replaceSubrange(8..<8 + huge.count, with: huge)
        #expect(throws: ImageError.self) { try Image(decoding: png, name: "bomb") }
        #expect(throws: ImageError.corrupt(file: "bomb", reason: "the file ends too early")) {
            try Image(decoding: png, name: "bomb", maximumPixels: .max)
        }
    }

    static let samples: [[UInt8]] = [
        PNGBuilder(width: 9, height: 5) { x, y in [x * y] }.bytes,
        PNGBuilder(width: 9, height: 5, colorType: 6, isInterlaced: true) { x, y in [x, y, 7, x * 20] }.bytes,
        PNGBuilder(width: 9, height: 5, bitDepth: 4, colorType: 3, palette: [1, 2, 3, 4, 5, 6]) { x, _ in [x % 2] }
            .bytes,
    ]

    @Test(arguments: samples.indices)
    func truncatedAnywhere(sample: Int) throws {
        let bytes = Self.samples[sample]
        #expect(throws: Never.self) { try Image(decoding: bytes, name: "whole") }
        for count in 0..<bytes.count {
            #expect(throws: ImageError.self, "\(count) of \(bytes.count) bytes") {
                try Image(decoding: Array(bytes.prefix(count)), name: "cut")
            }
        }
    }

    @Test(arguments: samples.indices)
    func damagedAnywhere(sample: Int) {
        let bytes = Self.samples[sample]
        for index in bytes.indices {
            for flip: UInt8 in [0x01, 0x80, 0xFF] {
                var damaged = bytes
                damaged[index] ^= flip
                guard let image = try? Image(decoding: damaged, name: "damaged", maximumPixels: 1_000_000) else {
                    continue
                }
                #expect(image.pixels.count == image.width * image.height * image.channels)
            }
        }
    }
}
