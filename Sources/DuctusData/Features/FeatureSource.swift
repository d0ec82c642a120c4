/// A data set whose transformed samples can be cached on disk, as it declares what they depend on: the contents of its
/// files, the settings of the transformation, and the version of its code.
///
/// ```swift
/// extension Bars: FeatureSource {
///     static let codeVersion = "bars 1"
///     var settings: any Encodable & Sendable { ["side": 8] }
///     func ingredients(of index: Int) -> [Ingredient] { [.text("\(raw(index))")] }
/// }
/// let examples = try FeatureStore().features(of: Bars(), named: "bars")
/// ```
/// A change of anything that is not declared goes unnoticed, and stale features are served. In doubt, declare more.
public protocol FeatureSource: Dataset {
    /// The name and version of the code between ``Dataset/raw(_:)`` and an ``Example``. Raise the version whenever its
    /// results change.
    static var codeVersion: String { get }

    /// The settings that ``Dataset/transform(_:name:)`` depends on.
    var settings: any Encodable & Sendable { get }

    /// What ``Dataset/raw(_:)`` depends on. Names and locations of files are not part of it.
    func ingredients(of index: Int) throws -> [Ingredient]
}

/// Something that a sample depends on.
public enum Ingredient: Hashable, Sendable {
    /// The contents of a file.
    case file(String)
    /// A text in memory, such as a transcription.
    case text(String)
    /// Other contents in memory.
    case content(ContentHash)
}

extension FeatureSource {
    /// The version of the data: a hash of the ingredients of all samples, in order. Every file is read once.
    ///
    /// The same data have the same version on every machine, wherever their files are.
    /// - Throws: `FileError` for a file that cannot be read.
    public func dataVersion() throws -> ContentHash {
        let ingredients = try (0..<count).map(ingredients(of:))
        let files = Array(
            Set(ingredients.joined().compactMap { if case .file(let path) = $0 { path } else { nil } }))
        let contents = parallelMap(files.count) { index in
            Result { () throws(FileError) in try ContentHash(contentsOf: files[index]) }
        }
        let hashes = try Dictionary(uniqueKeysWithValues: zip(files, contents.map { try $0.get() }))
        let samples = parallelMap(ingredients.count) { index in
            ContentHash(
                combining: ingredients[index].map { ingredient in
                    switch ingredient {
                    case .file(let path): hashes[path] ?? ContentHash("")
                    case .text(let text): ContentHash(text)
                    case .content(let hash): hash
                    }
                })
        }
        return ContentHash(combining: samples)
    }
}

extension Subset: FeatureSource where Base: FeatureSource {
    public static var codeVersion: String { Base.codeVersion }
    public var settings: any Encodable & Sendable { base.settings }
    public func ingredients(of index: Int) throws -> [Ingredient] { try base.ingredients(of: indices[index]) }
}

extension CharacterDataset: FeatureSource {
    public static var codeVersion: String { "characters 1" }
    public var settings: any Encodable & Sendable { ["classes": images.classNames.count] }
    public func ingredients(of index: Int) -> [Ingredient] {
        [.content(ContentHash(images.image(index))), .text("\(images.labels[index])")]
    }
}

extension LineDataset: FeatureSource {
    struct Settings: Encodable {
        let characters: String
        let blank: Int
        /// Absent in composed alphabets.
        let isDecomposed: Bool?
        let input: LineInput
        let labelLength: Int?
    }

    public static var codeVersion: String { "lines 1" }
    public var settings: any Encodable & Sendable {
        Settings(
            characters: characters.characters, blank: characters.blank,
            isDecomposed: characters.isDecomposed ? true : nil, input: input, labelLength: labelLength)
    }
    public func ingredients(of index: Int) throws -> [Ingredient] { try source.ingredients(of: index) }
}

extension DetectionDataset: FeatureSource {
    public static var codeVersion: String { "detection 1" }
    public var settings: any Encodable & Sendable { input }
    public func ingredients(of index: Int) -> [Ingredient] {
        let page = pages[index]
        return [.file(page.imagePath), .text("\(page.lines.map(\.box.ingredient))"), page.sizeIngredient]
    }
}

extension VariedPages: FeatureSource where Pages: FeatureSource {
    struct Settings: Encodable {
        let seed: UInt64
        let input: DetectionInput
    }

    public static var codeVersion: String { "\(Pages.codeVersion), varied 1" }
    public var settings: any Encodable & Sendable { Settings(seed: seed, input: input) }
    /// A view depends on its index and on the number of pages.
    public func ingredients(of index: Int) throws -> [Ingredient] {
        try pages.ingredients(of: index % pages.count) + [.text("\(index) of \(pages.count)")]
    }
}

extension ParagraphDataset: FeatureSource {
    struct Settings: Encodable {
        let characters: String
        let blank: Int
        let input: ParagraphInput
    }

    public static var codeVersion: String { "paragraphs 1" }
    public var settings: any Encodable & Sendable {
        Settings(characters: characters.characters, blank: characters.blank, input: input)
    }
    public func ingredients(of index: Int) -> [Ingredient] {
        if let synthetic, index >= pages.count {
            let (image, text) = synthetic.paragraph(index - pages.count)
            return [.text("\(image.width) \(image.height) \(text)"), .content(ContentHash(image.pixels))]
        }
        let page = pages[index]
        return [
            .file(page.imagePath), .text("\(page.page.linesBox?.ingredient ?? "") \(page.page.text)"),
            page.sizeIngredient,
        ]
    }
}

extension TranscribedPage {
    /// The size to which the positions of the lines refer, and the page of the image file, as an ``Ingredient``.
    var sizeIngredient: Ingredient {
        .text("\(page.width.map(String.init) ?? "") \(page.height.map(String.init) ?? "") \(imagePage)")
    }
}

extension Box {
    /// The box as an ``Ingredient``.
    var ingredient: String { "\(x) \(y) \(width) \(height)" }
}
