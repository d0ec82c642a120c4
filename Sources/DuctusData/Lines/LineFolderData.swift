/// Lines with an image each; see ``LineFolder``. The split is the first field of `lines.tsv`.
public struct LineFolderData: LineDataKind {
    public static let name = "lines"

    /// The kind, which has no settings.
    public init() {}

    public func lines(in directory: String, split: String) throws -> (lines: any LineSource, missingImages: Int) {
        let all = try LineFolder(directory: directory).split(named: split)
        let present = all.filter(\.hasImage)
        let lines = present.map { LineFiles.Line(name: $0.imagePath, imagePath: $0.imagePath, text: $0.text) }
        return (LineFiles(lines: lines), all.count - present.count)
    }
}
