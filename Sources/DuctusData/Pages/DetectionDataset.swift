/// Pages on a white square of 256 × 256 pixels, with the label maps of their lines.
public struct DetectionDataset: Dataset {
    /// The pages of the split, with the boxes and texts of their lines.
    public let pages: [TranscribedPage]
    /// The preprocessing of maps.
    public let input: DetectionInput

    /// Reads the lines of the pages of a split; images are read on demand.
    ///
    /// - Parameters:
    ///   - kind: a kind of data set with pages, such as `iam`, `alto` or `page`; see `Registries.dataKinds`.
    ///   - directory: the directory of the data.
    ///   - split: the name of a split; see the documentation of the kind.
    ///   - input: the preprocessing of maps; a detector must use the same.
    /// - Throws: `ConfigurationError` for a kind without pages, ``DatasetError``.
    public init(kind: Choice, directory: String, split: String, input: DetectionInput = DetectionInput()) throws {
        let kind = try Registries.dataKinds.kind(kind, with: "pages", as: (any PageDataKind).self)
        (pages, self.input) = (try kind.pages(in: directory, split: split), input)
    }

    public var count: Int { pages.count }
    public var expectation: Expectation {
        Expectation(shape: [DetectionGeometry.mapSide, DetectionGeometry.mapSide, 1], range: 0...1, classes: 3)
    }

    public func name(of index: Int) -> String { pages[index].name }

    public func raw(_ index: Int) throws -> (page: Image, lines: [Box]) {
        let image = try pages[index].image()
        return (image, pages[index].lines(on: image).map(\.box))
    }

    public func transform(_ raw: (page: Image, lines: [Box]), name: String) -> Example {
        DetectionSample(page: raw.page, lines: raw.lines).example(input)
    }
}

extension DetectionSample {
    /// The training example of a detector.
    public func example(_ input: DetectionInput = DetectionInput()) -> Example {
        let side = DetectionGeometry.mapSide
        return Example(input: input.tensor(image), labels: Tensor(labels.map(Int32.init), shape: [side, side]))
    }
}
