/// A PDF, whose pages are rendered by the programs of poppler.
struct PDFDocument: Sendable {
    /// The width and height of each page in points.
    let pageSizes: [(width: Double, height: Double)]
    private let bytes: [UInt8]

    private static let pointsPerInch = 72.0

    init(_ bytes: [UInt8], name: String) throws(ImageError) {
        self.bytes = bytes
        let lines = try Self.run(
            ["pdfinfo", "-f", "1", "-l", "-1", "-"], on: bytes, name: name, maximumBytes: 16 << 20)
        pageSizes = String(decoding: lines, as: UTF8.self).split(separator: "\n").compactMap(Self.pageSize)
        guard !pageSizes.isEmpty else { throw .corrupt(file: name, reason: "it has no pages") }
    }

    /// The size in a line such as `Page    2 size:   595.28 x 841.89 pts (A4)`.
    private static func pageSize(line: Substring) -> (width: Double, height: Double)? {
        let words = line.split(separator: " ")
        guard words.count >= 6, words[0] == "Page", words[2] == "size:" else { return nil }
        guard let width = Double(words[3]), let height = Double(words[5]), width > 0, height > 0 else { return nil }
        return (width, height)
    }

    /// Renders a page, at a lower resolution if it has too many pixels.
    func page(_ index: Int, name: String, maximumPixels: Int) throws(ImageError) -> DecodedImage {
        func pixels(_ points: Double) -> Int {
            let count = points / Self.pointsPerInch * Double(ImageFile.pdfResolution)
            return Int(min(count.rounded(.up), 0x1p32))
        }
        let size = try PageSize(
            width: pixels(pageSizes[index].width), height: pixels(pageSizes[index].height), isRowWise: true,
            maximumPixels: maximumPixels, name: name)
        let number = String(index + 1)
        let resolution = String(Double(ImageFile.pdfResolution) / Double(size.reduction))
        let picture = try Self.run(
            ["pdftoppm", "-f", number, "-l", number, "-r", resolution, "-cropbox", "-"], on: bytes, name: name,
            // Poppler may round the size up.
            maximumBytes: 3 * (size.decodedWidth + 2) * (size.decodedHeight + 2) + 100)
        guard let image = Image(ppm: picture) else {
            throw .corrupt(file: name, reason: "pdftoppm: it wrote no image")
        }
        return DecodedImage(
            image: image, width: image.width * size.reduction, height: image.height * size.reduction,
            reduction: size.reduction, warnings: [], jpeg: nil)
    }

    private static func run(
        _ arguments: [String], on bytes: [UInt8], name: String, maximumBytes: Int
    ) throws(ImageError) -> [UInt8] {
        do {
            return try SystemProgram.run(arguments, input: bytes, maximumBytes: maximumBytes)
        } catch {
            switch error {
            case .notInstalled: throw .missingProgram(file: name, program: arguments[0])
            case .failed(let reason): throw .corrupt(file: name, reason: "\(arguments[0]): \(reason)")
            case .system(let reason): throw .inaccessible(file: name, reason: reason)
            }
        }
    }
}

extension Image {
    /// Decodes the binary RGB format of Netpbm: `P6`, width, height, 255, one space, samples of 8 bits.
    init?(ppm bytes: [UInt8]) {
        var fields: [Int] = []
        var position = 2
        guard bytes.starts(with: Array("P6".utf8)) else { return nil }
        while fields.count < 3 {
            let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
            let start = bytes[position...].firstIndex { !isSpace($0) } ?? bytes.endIndex
            let end = bytes[start...].firstIndex(where: isSpace) ?? bytes.endIndex
            guard let field = Int(String(decoding: bytes[start..<end], as: UTF8.self)) else { return nil }
            fields.append(field)
            position = end
        }
        let (width, height) = (fields[0], fields[1])
        let left = bytes.count - position - 1
        guard width > 0, height > 0, fields[2] == 255, width <= left, height <= left else { return nil }
        guard left == 3 * width * height else { return nil }
        self.init(width: width, height: height, channels: 3, pixels: Array(bytes[(position + 1)...]))
    }
}
