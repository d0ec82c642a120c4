import DuctusImages
import DuctusTestSupport
import Testing

@Suite struct ImageFileTests {
    /// Lossy formats may differ by the rounding of the library's version, CMYK and alpha by that of the composition.
    static func tolerance(of name: String) -> Int {
        if name.hasSuffix(".jpg") || ["rgb-jpeg.tif", "lossy.webp"].contains(name) { return 3 }
        return ["cmyk.tif", "rgba.tif", "gray-alpha.tif", "rgba-associated.tif", "alpha.webp"].contains(name) ? 1 : 0
    }

    @Test(arguments: ImageFixtures.names)
    func pixelsAgreeWithPillow(name: String) throws {
        let file = try ImageFile(contentsOf: ImageFixtures.path(name))
        #expect(file.pageCount == 1)
        #expect(file.name(ofPage: 0) == ImageFixtures.path(name))
        let page = try file.page(0)
        #expect(page.warnings == [])
        #expect(page.reduction == 1)
        #expect(page.width == page.image.width)
        #expect(page.height == page.image.height)
        let difference = try page.image.largestDifference(from: ImageFixtures.decodedByPillow(name))
        #expect(try #require(difference) <= Self.tolerance(of: name))
    }

    /// The preview between the two is not a page.
    @Test func aTIFFHasPages() throws {
        let file = try ImageFile(decoding: ImageFixtures.bytes("pages.tif"), name: "pages.tif")
        #expect(file.pageCount == 2)
        for index in 0..<2 {
            let name = file.name(ofPage: index)
            #expect(name == "pages.tif[\(index + 1)]")
            #expect(try file.page(index).image.largestDifference(from: ImageFixtures.decodedByPillow(name)) == 0)
        }
        let first = try Image(contentsOf: ImageFixtures.path("pages.tif"))
        #expect(try first.largestDifference(from: file.page(0).image) == 0)
    }

    /// A page whose directory is missing is a page that cannot be decoded: it is not skipped silently.
    @Test func aTruncatedTIFFKeepsItsNumberOfPages() throws {
        let bytes = try ImageFixtures.bytes("pages.tif")
        let file = try ImageFile(decoding: Array(bytes.dropLast(1400)), name: "cut.tif")
        #expect(file.pageCount == 2)
        #expect(throws: Never.self) { try file.page(0) }
        let error = #expect(throws: ImageError.self) { try file.page(1) }
        #expect(error?.description.hasPrefix("cut.tif[2]: the image is truncated or damaged") == true)
    }

    /// libtiff takes indices for gray levels if it cannot read the palette, which is at the end of this file.
    @Test func aPaletteIsNeeded() throws {
        let bytes = try ImageFixtures.bytes("palette-packbits.tif")
        let error = #expect(throws: ImageError.self) {
            try ImageFile(decoding: Array(bytes.dropLast(100)), name: "cut.tif").page(0)
        }
        #expect(error?.description.hasPrefix("cut.tif: the image is truncated or damaged") == true)
    }

    @Test func unsupportedKindsAreNamed() throws {
        let moving = #expect(throws: ImageError.self) { try Image(contentsOf: ImageFixtures.path("moving.webp")) }
        #expect(moving?.description.contains("an animated WebP is not supported") == true)
        let floats = #expect(throws: ImageError.self) { try Image(contentsOf: ImageFixtures.path("float.tif")) }
        #expect(floats?.description.contains("a TIFF of this kind") == true)
        #expect(floats?.description.hasSuffix("is not supported; convert the image to a gray or RGB PNG.") == true)
    }

    /// Whatever an EXIF block says, the image is decoded, upright where that is valid.
    @Test(arguments: ["orientation-6.jpg", "orientation-6.png", "orientation-6.webp"])
    func damagedEXIFIsIgnored(name: String) throws {
        let bytes = try ImageFixtures.bytes(name)
        let upright = try ImageFixtures.decodedByPillow(name)
        let start = try #require(
            bytes.indices.first {
                bytes[$0...].starts(with: [0x49, 0x49, 0x2A, 0, 8, 0, 0, 0])
                    || bytes[$0...].starts(with: [0x4D, 0x4D, 0, 0x2A, 0, 0, 0, 8])
            })
        var rotated = 0
        for index in start..<start + 26 {
            for value: UInt8 in [0, 0x7F, 0xFF] {
                var damaged = bytes
                damaged[index] = value
                // The checksum of a chunk of PNG covers it; libpng ignores a chunk that fails.
                let image = try ImageFile(decoding: damaged, name: name).page(0).image
                #expect(image.width * image.height == upright.width * upright.height)
                if image.width != upright.width { rotated += 1 }
            }
        }
        #expect(rotated > 0)
    }

    @Test(.enabled(if: PDFPages.isInstalled)) func aPDFHasPages() throws {
        let file = try ImageFile(decoding: ImageFixtures.bytes("page.pdf"), name: "page.pdf")
        #expect(file.pageCount == 2)
        let first = try file.page(0)
        #expect(first.image.width == 300)
        #expect(first.image.height == 200)
        #expect(first.image[50, 50] == 0)
        #expect(first.image[150, 50] == 255)
        #expect(first.image[50, 150] == 255)
        let second = try file.page(1).image
        #expect(second.width == 100)
        #expect(second.height == 200)
        #expect((0..<3).map { second[50, 150, $0] } == [255, 0, 0])
    }

    @Test(.enabled(if: PDFPages.isInstalled)) func aLargePageOfAPDFIsDrawnAtALowerResolution() throws {
        let file = try ImageFile(decoding: ImageFixtures.bytes("page.pdf"), name: "page.pdf")
        let page = try file.page(0, maximumPixels: 20_000)
        #expect(page.reduction == 2)
        #expect(page.width == 300)
        #expect(page.image.width == 150)
        #expect(page.image.height == 100)
    }

    @Test(.enabled(if: PDFPages.isInstalled)) func aDamagedPDFIsAnError() throws {
        let bytes = try ImageFixtures.bytes("page.pdf")
        let error = #expect(throws: ImageError.self) {
            try ImageFile(decoding: Array(bytes.prefix(60)), name: "-cut.pdf")
        }
        #expect(error?.description.hasPrefix("-cut.pdf: the image is truncated or damaged (pdfinfo: ") == true)
    }

    @Test func aMissingProgramIsNamed() {
        #expect(
            ImageError.missingProgram(file: "a.pdf", program: "pdftoppm").description
                == """
                a.pdf: a PDF is read with the program pdftoppm, which is not installed; install it with \
                apt-get install poppler-utils or brew install poppler.
                """)
    }
}

/// Whether the pages of a PDF can be rendered here.
enum PDFPages {
    static let isInstalled = (File.environment("PATH") ?? "").split(separator: ":").contains {
        File.exists("\($0)/pdftoppm")
    }
}
