/// The IAM handwriting database, its lines and its pages; see ``IAMDatabase``. A split is a file in `splits/`.
public struct IAMData: LineDataKind, PageDataKind {
    public static let name = "iam"

    /// The kind, which has no settings.
    public init() {}

    public func splitNames(in directory: String) throws -> [String] { try IAMDatabase(directory: directory).splitNames }

    public func lines(in directory: String, split: String) throws -> (lines: any LineSource, missingImages: Int) {
        let all = try IAMDatabase(directory: directory).split(named: split).flatMap { form in
            form.lines.map { line in
                LineFiles.Line(
                    name: line.id, imagePath: line.imagePath, text: line.text, page: form.id, writer: form.writer)
            }
        }
        return try LineFiles.present(all, remedy: DatasetError.iamRemedy)
    }

    public func pages(in directory: String, split: String) throws -> [TranscribedPage] {
        try IAMDatabase(directory: directory).split(named: split).map(\.page)
    }
}
