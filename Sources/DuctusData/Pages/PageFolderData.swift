/// Pages with an ALTO file each; see ``PageFolder``. A split is a folder, or `all`.
public struct ALTOData: LineDataKind, PageDataKind {
    public static let name = "alto"

    /// Whether lines are cropped along their outlines, without ink of neighboring lines, rather than as boxes.
    public var followsOutlines = false

    /// Lines cropped as boxes.
    public init() {}

    public func splitNames(in directory: String) -> [String] { PageFolder.splitNames(in: directory) }

    public func lines(in directory: String, split: String) throws -> (lines: any LineSource, missingImages: Int) {
        try PageLines.present(on: try pages(in: directory, split: split), followsOutlines: followsOutlines)
    }

    public func pages(in directory: String, split: String) throws -> [TranscribedPage] {
        try PageFolder(directory: directory, format: .alto, split: split).reportedPages
    }
}

/// Pages with a PAGE file each; see ``PageFolder``. A split is a folder, or `all`.
public struct PAGEData: LineDataKind, PageDataKind {
    public static let name = "page"

    /// Whether lines are cropped along their outlines, without ink of neighboring lines, rather than as boxes.
    public var followsOutlines = false

    /// Lines cropped as boxes.
    public init() {}

    public func splitNames(in directory: String) -> [String] { PageFolder.splitNames(in: directory) }

    public func lines(in directory: String, split: String) throws -> (lines: any LineSource, missingImages: Int) {
        try PageLines.present(on: try pages(in: directory, split: split), followsOutlines: followsOutlines)
    }

    public func pages(in directory: String, split: String) throws -> [TranscribedPage] {
        try PageFolder(directory: directory, format: .page, split: split).reportedPages
    }
}

extension PageFolder {
    /// The pages. What was left out of them is reported.
    fileprivate var reportedPages: [TranscribedPage] {
        reportLeftOut(problems.map(\.description), "problems")
        return pages
    }
}
