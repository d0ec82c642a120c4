/// Pages on a white square of 256 × 256, with the map of their lines.
public struct DetectionDataset: Dataset {
    /// The pages of the split, with the boxes and texts of their lines.
    public let pages: [TranscribedPage]
    /// How maps become inputs.
    public let input: DetectionInput

    /// Reads what is known about the pages of a split; pictures are read when they are needed.
    ///
    /// - Parameters:
    ///   - kind: a kind of data set that has pages, such as `iam`, `alto` or `page`; see `Registries.dataKinds`.
    ///   - directory: where the data are.
    ///   - split: the part of the data set, as its kind names them.
    ///   - input: how maps become inputs; a detector must use the same.
    /// - Throws: `ConfigurationError` for a kind that has no pages, ``DatasetError``.
    public init(kind: Choice, directory: String, split: String, input: DetectionInput = DetectionInput()) throws {
        let kind = try Registries.dataKinds.kind(kind, with: "pages", as: (any PageDataKind).self)
        (pages, self.input) = (try kind.pages(in: directory, split: split), input)
    }

    public var count: Int { pages.count }
    public var expectation: Expectation {
        Expectation(shape: [DetectionGeometry.mapSide, DetectionGeometry.mapSide, 1], classes: 3)
    }

    public func name(of index: Int) -> String { pages[index].name }

    public func raw(_ index: Int) throws -> (page: Image, lines: [Box]) {
        (try pages[index].image(), pages[index].lines.map(\.box))
    }

    public func transform(_ raw: (page: Image, lines: [Box]), name: String) -> Example {
        DetectionSample(page: raw.page, lines: raw.lines).example(input)
    }
}

extension DetectionSample {
    /// The map as a detector learns from it.
    public func example(_ input: DetectionInput = DetectionInput()) -> Example {
        let side = DetectionGeometry.mapSide
        return Example(input: input.tensor(image), labels: Tensor(labels.map(Int32.init), shape: [side, side]))
    }
}
