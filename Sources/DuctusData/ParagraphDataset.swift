import DuctusTensors

/// Whole paragraphs of handwriting and what they say, a line of text for each line of writing.
///
/// A paragraph is the smallest box around all lines of a page, reduced and in the middle of a canvas of 576 × 640. Pages
/// up to 1,240 pixels wide are halved, wider ones reduced to 620, which are the proportions of the Full Stack Deep
/// Learning labs; a paragraph that is still larger than the canvas is reduced until it fits.
///
/// ```swift
/// let forms = try ParagraphDataset(kind: "iam-paragraphs", directory: "data/iam", split: "train", syntheticCount: 5_000)
/// try forms.raw(0).text                      // "A MOVE to stop Mr. Gaitskell from\nnominating any more Labour\n…"
/// try forms.transformed(0).input.shape       // [576, 640, 1]
/// ```
public struct ParagraphDataset: Dataset {
    /// Rows of the canvas.
    public static let height = 576
    /// Columns of the canvas.
    public static let width = 640

    /// The pages of the split that have an image.
    public let pages: [TranscribedPage]
    /// Pages of the split whose image is missing.
    public let missingImages: Int
    /// Paragraphs made up of the split's lines, which follow the real ones.
    public let synthetic: SynthesizedParagraphs?
    /// What texts are encoded with.
    public let characters: CharacterSet

    /// Reads the texts of a split, and, if paragraphs are to be made up, the images of all its lines.
    ///
    /// - Parameters:
    ///   - kind: `iam-paragraphs` for an ``IAMDatabase``, `alto` or `page` for a ``PageFolder``.
    ///   - directory: where the data are.
    ///   - split: the name of a file in `splits/`, or of a folder.
    ///   - characters: every text must be spelled with these and with newlines.
    ///   - syntheticCount: how many paragraphs are made up besides.
    ///   - seed: what those follow from.
    /// - Throws: ``DatasetError``, or ``ImageError``.
    public init(
        kind: String, directory: String, split: String, characters: CharacterSet = .iamParagraphs,
        syntheticCount: Int = 0, seed: UInt64 = 1
    ) throws {
        let all: [TranscribedPage]
        switch kind {
        case "iam-paragraphs": all = try IAMDatabase(directory: directory).split(named: split).map(\.page)
        default:
            guard let format = PageFolder.Format(rawValue: kind) else {
                throw DatasetError.unknownKind(kind, available: ["iam-paragraphs", "alto", "page"])
            }
            all = try PageFolder(directory: directory, format: format, split: split).pages
        }
        pages = all.filter { $0.hasImage && $0.linesBox != nil }
        missingImages = all.count - pages.count
        synthetic = try syntheticCount > 0 ? SynthesizedParagraphs(pages, count: syntheticCount, seed: seed) : nil
        self.characters = characters
    }

    public var count: Int { pages.count + (synthetic?.count ?? 0) }
    public var expectation: Expectation {
        Expectation(shape: [Self.height, Self.width, 1], classes: characters.count)
    }

    public func name(of index: Int) -> String {
        index < pages.count ? pages[index].name : "paragraph \(index - pages.count)"
    }

    /// The paragraph, reduced, dark on light, and its lines joined by newlines.
    public func raw(_ index: Int) throws -> (image: Image, text: String) {
        if let synthetic, index >= pages.count { return synthetic.paragraph(index - pages.count) }
        let page = pages[index]
        let image = try page.image().grayscale()
        guard let box = page.linesBox, let paragraph = image.reduced(box, ofPageWidth: image.width) else {
            throw DatasetError.outside(line: "", file: page.name, width: image.width, height: image.height)
        }
        return (paragraph, page.text)
    }

    public func transform(_ raw: (image: Image, text: String), name: String) throws -> Example {
        let labels = try characters.encode(raw.text, sample: name)
        return Example(input: Self.canvas(raw.image), labels: Tensor(labels))
    }

    /// `[576, 640, 1]`, the negative of an image in its middle.
    private static func canvas(_ image: Image) -> Tensor<Float> {
        var image = image.grayscale()
        let fit = min(Double(height) / Double(image.height), Double(width) / Double(image.width))
        if fit < 1 {
            image = image.resized(
                width: min(width, max(1, Int((Double(image.width) * fit).rounded()))),
                height: min(height, max(1, Int((Double(image.height) * fit).rounded()))))
        }
        let (top, left) = ((height - image.height) / 2, (width - image.width) / 2)
        return Tensor(shape: [height, width, 1]) { out in
            out.zero()
            image.pixels.withUnsafeBufferPointer { pixels in
                for row in 0..<image.height {
                    for column in 0..<image.width {
                        let darkness = 255 - pixels[row * image.width + column]
                        out[(top + row) * width + left + column] = Float(darkness) / 255
                    }
                }
            }
        }
    }
}

extension Image {
    /// A box of a page, reduced as its page is; nil if it lies outside.
    func reduced(_ box: Box, ofPageWidth pageWidth: Int) -> Image? {
        let part = cropped(x: box.x, y: box.y, width: box.width, height: box.height)
        guard !part.isEmpty else { return nil }
        let scale = min(0.5, 620 / Double(pageWidth))
        return part.resized(
            width: max(1, Int((Double(part.width) * scale).rounded())),
            height: max(1, Int((Double(part.height) * scale).rounded())))
    }
}
