/// Lines with an image each; see ``LineFolder``. The split is the first field of `lines.tsv`.
public struct LineFolderData: LineDataKind {
    public static let name = "lines"

    /// The kind, which has no settings.
    public init() {}

    public func splitNames(in directory: String) throws -> [String] { try LineFolder(directory: directory).splitNames }

    public func lines(in directory: String, split: String) throws -> (lines: any LineSource, missingImages: Int) {
        let folder = try LineFolder(directory: directory)
        for note in folder.notes { report("\(directory)/lines.tsv: \(note)") }
        let lines = try folder.split(named: split).map { line in
            LineFiles.Line(name: line.imagePath, imagePath: line.imagePath, text: line.text, page: line.page)
        }
        return try LineFiles.present(lines, remedy: DatasetError.lineImageRemedy)
    }
}
