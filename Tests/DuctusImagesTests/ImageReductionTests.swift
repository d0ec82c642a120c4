import DuctusImages
import DuctusTestSupport
import Testing

/// Pages of more pixels than the caller allows.
@Suite struct ImageReductionTests {
    /// In the formats whose libraries do not reduce.
    @Test(
        arguments: [
            "palette.png", "orientation-1.tif", "gray16.tif", "rgb-tiles.tif", "rgb-planes.tif", "rgba.tif", "cmyk.tif",
            "bilevel-group4.tif", "gray-white-is-zero.tif",
        ], [2, 4, 8])
    func everyPixelIsTheMeanOfSeveral(name: String, reduction: Int) throws {
        let file = try ImageFile(contentsOf: ImageFixtures.path(name))
        let whole = try file.page(0).image
        let expected = whole.reduced(by: reduction)
        let page = try file.page(0, maximumPixels: expected.width * expected.height)
        #expect(page.reduction == reduction)
        #expect(page.width == whole.width)
        #expect(page.height == whole.height)
        #expect(page.image.largestDifference(from: expected) == 0)
    }

    @Test(arguments: ["gray.jpg", "cmyk.jpg", "lossless.webp", "alpha.webp"], [2, 4])
    func scaledDecodingIsCloseToTheMean(name: String, reduction: Int) throws {
        let file = try ImageFile(contentsOf: ImageFixtures.path(name))
        let expected = try file.page(0).image.reduced(by: reduction)
        let page = try file.page(0, maximumPixels: expected.width * expected.height)
        #expect(page.reduction == reduction)
        let difference = try #require(page.image.largestDifference(from: expected))
        #expect(difference <= 24)
    }

    @Test(arguments: [6, 8]) func aRotatedPageIsReducedToo(orientation: Int) throws {
        let page = try ImageFile(contentsOf: ImageFixtures.path("orientation-\(orientation).jpg"))
            .page(0, maximumPixels: 108)
        #expect(page.reduction == 2)
        #expect(page.width == 23)
        #expect(page.height == 17)
        #expect(page.image.width == 12)
        #expect(page.image.height == 9)
    }

    @Test func aPageOfAsManyPixelsAsAllowedIsNotReduced() throws {
        let file = try ImageFile(contentsOf: ImageFixtures.path("gray.jpg"))
        #expect(try file.page(0, maximumPixels: 391).reduction == 1)
        #expect(try file.page(0, maximumPixels: 390).reduction == 2)
    }

    @Test func whatCannotBeReducedIsRefused() throws {
        let interlaced = PNGBuilder(width: 23, height: 17, isInterlaced: true) { x, y in [x * y % 256] }.bytes
        for (name, bytes) in try [
            ("interlaced.png", interlaced), ("progressive.jpg", ImageFixtures.bytes("progressive.jpg")),
        ] {
            let file = try ImageFile(decoding: bytes, name: name)
            #expect(throws: Never.self) { try file.page(0, maximumPixels: 391) }
            #expect(throws: ImageError.tooLarge(file: name, width: 23, height: 17, maximumPixels: 390)) {
                try file.page(0, maximumPixels: 390)
            }
        }
        let file = try ImageFile(contentsOf: ImageFixtures.path("gray.jpg"))
        #expect(throws: ImageError.tooLarge(file: file.name, width: 23, height: 17, maximumPixels: 8)) {
            try file.page(0, maximumPixels: 8)
        }
    }

    /// A few bytes with a header of gigapixels are refused before memory is allocated.
    @Test func hugeHeaders() throws {
        var jpeg = try ImageFixtures.bytes("gray.jpg")
        let frame = try #require(jpeg.indices.first { jpeg[$0...].starts(with: [0xFF, 0xC0]) })
        jpeg.replaceSubrange(frame + 5..<frame + 9, with: [0xFF, 0xDC, 0xFF, 0xDC])
        #expect(throws: ImageError.corrupt(file: "huge.jpg", reason: "the file ends too early")) {
            try ImageFile(decoding: jpeg, name: "huge.jpg").page(0)
        }

        // Width and height are the tags 256 and 257, of type 4 and count 1.
        for (size, bytes) in [(60_000, [0x60, 0xEA, 0, 0]), (Int(UInt32.max), [0xFF, 0xFF, 0xFF, 0xFF])]
            as [(Int, [UInt8])]
        {
            var tiff = try ImageFixtures.bytes("orientation-1.tif")
            for tag: UInt8 in [0, 1] {
                let entry = try #require(tiff.indices.first { tiff[$0...].starts(with: [tag, 1, 4, 0, 1, 0, 0, 0]) })
                tiff.replaceSubrange(entry + 8..<entry + 12, with: bytes)
            }
            let error = #expect(throws: ImageError.self) { try ImageFile(decoding: tiff, name: "huge.tif").page(0) }
            if size == 60_000 {
                #expect(
                    error
                        == .tooLarge(
                            file: "huge.tif", width: size, height: size, maximumPixels: ImageFile.maximumPagePixels))
            }
        }
    }
}
