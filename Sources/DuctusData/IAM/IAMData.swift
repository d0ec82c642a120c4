/// The IAM handwriting database, its lines and its pages; see ``IAMDatabase``. A split is a file in `splits/`.
public struct IAMData: LineDataKind, PageDataKind {
    public static let name = "iam"

    /// The kind, which has no settings.
    public init() {}

    public func lines(in directory: String, split: String) throws -> (lines: any LineSource, missingImages: Int) {
        let all = try IAMDatabase(directory: directory).split(named: split).flatMap(\.lines)
        let present = all.filter(\.hasImage)
        let lines = present.map { LineFiles.Line(name: $0.id, imagePath: $0.imagePath, text: $0.text) }
        return (LineFiles(lines: lines), all.count - present.count)
    }

    public func pages(in directory: String, split: String) throws -> [TranscribedPage] {
        try IAMDatabase(directory: directory).split(named: split).map(\.page)
    }
}
