import DuctusTensors

/// Pages on a white square of 256 × 256, with the map of their lines.
public struct DetectionDataset: Dataset {
    /// The pages of the split, with the boxes and texts of their lines.
    public let pages: [TranscribedPage]
    /// How maps become inputs.
    public let input: DetectionInput

    /// Reads what is known about the pages of a split; pictures are read when they are needed.
    ///
    /// - Parameters:
    ///   - kind: `iam` for an ``IAMDatabase``, `alto` or `page` for a ``PageFolder``.
    ///   - directory: where the data are.
    ///   - split: for `iam` the name of a file in `splits/`, for `alto` and `page` the name of a folder, or `all`.
    ///   - input: how maps become inputs; a detector must use the same.
    /// - Throws: ``DatasetError``.
    public init(kind: String, directory: String, split: String, input: DetectionInput = DetectionInput()) throws {
        self.input = input
        if kind == "iam" {
            pages = try IAMDatabase(directory: directory).split(named: split).map(\.page)
        } else if let format = PageFolder.Format(rawValue: kind) {
            pages = try PageFolder(directory: directory, format: format, split: split).pages
        } else {
            throw DatasetError.unknownKind(kind, available: ["iam", "alto", "page"])
        }
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
