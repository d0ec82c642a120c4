import DuctusImages
import DuctusTestSupport
import Testing

/// Files that end too early or have wrong bytes give an image or an error.
@Suite struct DamagedImageTests {
    /// The rows of a truncated JPEG are those of the whole one, and the rest is white.
    @Test func aTruncatedJPEGKeepsItsRows() throws {
        let name = "orientation-1.jpg"
        let bytes = try ImageFixtures.bytes(name)
        let whole = try ImageFile(decoding: bytes, name: name).page(0).image
        let scan = try #require(bytes.indices.first { bytes[$0...].starts(with: [0xFF, 0xDA]) })
        var heights: Set<Int> = []
        for count in scan...bytes.count - 2 {
            let cut = try ImageFile(decoding: Array(bytes.prefix(count)), name: name)
            guard let page = try? cut.page(0) else {
                #expect(heights.isEmpty, "fewer bytes were enough")
                continue
            }
            #expect(page.warnings.count == 1)
            let rows = (0..<17).map { page.image.cropped(x: 0, y: $0, width: 23, height: 1) }
            let kept = rows.firstIndex { $0.pixels.allSatisfy { $0 == 255 } } ?? 17
            heights.insert(kept)
            let white = Image(width: 23, height: 1, channels: 3, filledWith: 255)
            for (y, row) in rows.enumerated() {
                let expected = y < kept ? whole.cropped(x: 0, y: y, width: 23, height: 1) : white
                #expect(row.largestDifference(from: expected) == 0, "row \(y) of \(count) bytes")
            }
        }
        // Blocks have eight rows.
        #expect(heights == [8, 16, 17])
    }

    @Test func theWarningSaysHowMuchIsMissing() throws {
        let bytes = try ImageFixtures.bytes("orientation-1.jpg")
        let page = try ImageFile(decoding: Array(bytes.dropLast(20)), name: "cut.jpg").page(0)
        #expect(
            page.warnings == [
                """
                cut.jpg: the file ends too early, the lower 6 % of the image are missing; it was decoded as far as \
                possible.
                """
            ])
    }

    /// Some cameras omit the end marker and append data of their own.
    @Test(arguments: ["orientation-6.jpg", "progressive.jpg", "restart.jpg", "cmyk.jpg"])
    func aJPEGNeedsNoEndMarker(name: String) throws {
        let bytes = try Array(ImageFixtures.bytes(name).dropLast(2))
        let whole = try ImageFile(contentsOf: ImageFixtures.path(name)).page(0).image
        let trailers: [[UInt8]] = [
            [], [0, 0, 0, 0] + Array("SEFH".utf8) + (0..<2560).map { UInt8($0 % 256) }, [0xFF],
            [0xFF, 0xD8, 0xFF, 0xE0, 0],
            [0xFF, 0xC4, 0, 9, 1, 2, 3], [0xFF, 0xD8, 0, 2, 0, 0],
        ]
        for trailer in trailers {
            let page = try ImageFile(decoding: bytes + trailer, name: "a.jpg").page(0)
            #expect(page.image.largestDifference(from: whole) == 0)
            #expect(page.warnings == ["a.jpg: the file has no end marker; it was decoded as far as possible."])
        }
    }

    /// A progressive file has several scans, each of which makes the image sharper.
    @Test func aTruncatedProgressiveJPEGIsLessSharp() throws {
        let bytes = try ImageFixtures.bytes("progressive.jpg")
        let whole = try ImageFile(decoding: bytes, name: "whole.jpg").page(0).image
        let page = try ImageFile(decoding: Array(bytes.prefix(bytes.count * 3 / 4)), name: "cut.jpg").page(0)
        #expect(page.warnings.count == 1)
        let difference = try #require(page.image.largestDifference(from: whole))
        #expect(difference > 0)
        #expect(difference < 60)
    }

    static let names = ImageFixtures.names + ["pages.tif", "float.tif", "moving.webp"]

    /// All that a file can be asked for.
    static func decode(_ bytes: [UInt8]) -> [DecodedImage] {
        guard let file = try? ImageFile(decoding: bytes, name: "damaged") else { return [] }
        return (0..<file.pageCount).prefix(3).flatMap { index in
            [1_000_000, 100].compactMap { try? file.page(index, maximumPixels: $0) }
        }
    }

    @Test(arguments: names) func truncatedAnywhere(name: String) throws {
        let bytes = try ImageFixtures.bytes(name)
        for count in 0..<bytes.count {
            for page in Self.decode(Array(bytes.prefix(count))) {
                #expect(page.image.pixels.count == page.image.width * page.image.height * page.image.channels)
                // TIFF has no end: a file may lose bytes that nothing refers to.
                if !name.hasSuffix(".tif") { #expect(page.warnings.count == 1, "\(count) of \(bytes.count) bytes") }
                #expect(name.hasSuffix(".jpg") || name.hasSuffix(".tif"), "\(count) of \(bytes.count) bytes")
            }
        }
    }

    @Test(arguments: names) func damagedAnywhere(name: String) throws {
        let bytes = try ImageFixtures.bytes(name)
        for index in bytes.indices {
            for flip: UInt8 in [0x01, 0x80, 0xFF] {
                var damaged = bytes
                damaged[index] ^= flip
                for page in Self.decode(damaged) {
                    #expect(page.image.pixels.count == page.image.width * page.image.height * page.image.channels)
                }
            }
        }
    }
}
