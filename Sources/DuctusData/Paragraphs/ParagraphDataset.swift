/// Whole paragraphs of handwriting and their texts, a line of text for each line of writing.
///
/// A paragraph is the smallest box around all lines of a page, scaled and centered on a canvas; see `ParagraphInput`.
/// Paragraphs synthesized from the lines of the split can be added, or replace the real ones.
///
/// ```swift
/// let forms = try ParagraphDataset(kind: "iam", directory: "data/iam", split: "train", synthesis: .init(count: 5_000))
/// try forms.raw(0).text                      // "A MOVE to stop Mr. Gaitskell from\nnominating any more Labour\n…"
/// try forms.transformed(0).input.shape       // [576, 640, 1]
/// ```
public struct ParagraphDataset: Dataset {
    /// The pages of the split that have an image; none if the synthesis excludes them.
    public let pages: [TranscribedPage]
    /// The number of pages of the split without an image.
    public let missingImages: Int
    /// The paragraphs synthesized from the lines of the split, which follow the real ones.
    public let synthetic: SynthesizedParagraphs?
    /// The alphabet of the labels.
    public let characters: Alphabet
    /// The preprocessing of images.
    public let input: ParagraphInput

    /// Reads the texts of a split and, if paragraphs are synthesized, the images of all its lines.
    ///
    /// - Parameters:
    ///   - kind: a kind of data set with pages, such as `iam`, `alto` or `page`; see `Registries.dataKinds`.
    ///   - directory: the directory of the data.
    ///   - split: the name of a split; see the documentation of the kind.
    ///   - characters: the alphabet of all texts, including the newline.
    ///   - input: the preprocessing of images; a reader must use the same.
    ///   - synthesis: the number and the settings of synthetic paragraphs.
    ///   - seed: the seed of the synthetic paragraphs.
    /// - Throws: `ConfigurationError` for a kind without pages, ``DatasetError``, or `ImageError`.
    public init(
        kind: Choice, directory: String, split: String, characters: Alphabet = .iamParagraphs,
        input: ParagraphInput = ParagraphInput(), synthesis: ParagraphSynthesis = ParagraphSynthesis(),
        seed: UInt64 = 1
    ) throws {
        let kind = try Registries.dataKinds.kind(kind, with: "pages", as: (any PageDataKind).self)
        let all = try kind.pages(in: directory, split: split)
        let present = all.filter { $0.hasImage && $0.page.linesBox != nil }
        pages = synthesis.includesPages ? present : []
        missingImages = all.count - present.count
        synthetic =
            synthesis.count > 0
            ? try SynthesizedParagraphs(present, synthesis: synthesis, input: input, seed: seed) : nil
        (self.characters, self.input) = (characters, input)
    }

    public var count: Int { pages.count + (synthetic?.synthesis.count ?? 0) }
    public var expectation: Expectation {
        Expectation(shape: [input.height, input.width, 1], range: 0...1, classes: characters.count)
    }

    public func name(of index: Int) -> String {
        index < pages.count ? pages[index].name : "paragraph \(index - pages.count)"
    }

    /// The scaled paragraph, dark on light, and its lines joined by newlines.
    public func raw(_ index: Int) throws -> (image: Image, text: String) {
        if let synthetic, index >= pages.count { return synthetic.paragraph(index - pages.count) }
        let page = pages[index]
        let image = try page.image().grayscale()
        guard let box = page.page(on: image).linesBox,
            let paragraph = image.reduced(box, to: input, pageWidth: image.width)
        else {
            throw DatasetError.outside(line: "", file: page.name, width: image.width, height: image.height)
        }
        return (paragraph, page.page.text)
    }

    public func transform(_ raw: (image: Image, text: String), name: String) throws -> Example {
        let labels = try characters.encode(raw.text, sample: name)
        return Example(input: input.canvas(raw.image), labels: Tensor(labels))
    }
}

extension BatchLoader {
    /// Paragraphs for training: the pages are the same in every epoch, the synthetic paragraphs are new.
    ///
    /// Pages are kept as images, which take a quarter of the memory of inputs; inputs are made on demand.
    ///
    /// - Throws: any error of reading images or encoding texts, such as `AlphabetError`.
    public init(
        _ data: ParagraphDataset, batchSize: Int, shuffles: Bool, seed: UInt64 = 0, augmentation: Augmentation? = nil,
        minimumWidth: Int = 1
    ) throws {
        let pages = parallelMap(data.pages.count) { index in
            Result {
                let (image, text) = try data.raw(index)
                return (image: image, labels: try data.characters.encode(text, sample: data.name(of: index)))
            }
        }
        let kept = try pages.map { try $0.get() }
        try data.synthetic?.check(data.characters)
        let (input, characters, synthetic) = (data.input, data.characters, data.synthetic)
        self.init(
            widths: [Int](repeating: input.width, count: data.count), batchSize: batchSize, shuffles: shuffles,
            seed: seed, augmentation: augmentation, minimumWidth: minimumWidth, name: data.name(of:)
        ) { index, epoch in
            if index < kept.count {
                return Example(input: input.canvas(kept[index].image), labels: Tensor(kept[index].labels))
            }
            guard let synthetic else { preconditionFailure("There is no paragraph \(index) among \(kept.count).") }
            let (image, text) = synthetic.paragraph(epoch * synthetic.synthesis.count + index - kept.count)
            guard let labels = try? characters.encode(text, sample: "") else {
                preconditionFailure("The lines of synthetic paragraphs have been checked.")
            }
            return Example(input: input.canvas(image), labels: Tensor(labels))
        }
    }
}
