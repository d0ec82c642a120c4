import DuctusTensors

/// Pages on a white square of 256 × 256, with the map of their lines.
public struct DetectionDataset: Dataset {
    /// The pages of the split, with the boxes and texts of their lines.
    public let pages: [TranscribedPage]

    /// Reads what is known about the pages of a split; pictures are read when they are needed.
    ///
    /// - Parameters:
    ///   - kind: `iam` for an ``IAMDatabase``, `alto` or `page` for a ``PageFolder``.
    ///   - directory: where the data are.
    ///   - split: for `iam` the name of a file in `splits/`, for `alto` and `page` the name of a folder, or `all`.
    /// - Throws: ``DatasetError``.
    public init(kind: String, directory: String, split: String) throws {
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
        DetectionSample(page: raw.page, lines: raw.lines).example
    }
}

extension DetectionSample {
    /// The map as a detector learns from it.
    public var example: Example {
        let side = DetectionGeometry.mapSide
        return Example(input: image.detectionInput, labels: Tensor(labels.map(Int32.init), shape: [side, side]))
    }
}

extension Image {
    /// A gray map as a detector's input: `[height, width, 1]`, paper 0 and ink up to 1.
    ///
    /// Paper is the page's median, and everything up to a twentieth darker: shadows and mottling of the paper are not
    /// ink, however faint.
    public var detectionInput: Tensor<Float> {
        let median = Float(pixels.sorted()[pixels.count / 2])
        let paper = max(median * 0.95, 1)
        return Tensor(pixels.map { max(0, (paper - Float($0)) / paper) }, shape: [height, width, 1])
    }
}
