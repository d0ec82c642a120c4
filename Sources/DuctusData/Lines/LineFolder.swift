/// Images of text lines with their texts, in one directory.
///
/// `lines.tsv` has a row for every image with four fields separated by tabs: split, page, image, text. Images are files
/// in the folder `lines/` next to it. Rows without a text are left out.
///
/// A spreadsheet may have written the file: fields are then enclosed in quotation marks, and those in them are doubled.
/// This is recognized if it is so in every field that begins with a quotation mark, and if all texts are enclosed or a
/// mark is doubled.
public struct LineFolder: Sendable {
    /// A line of handwriting.
    public struct Line: Sendable, Equatable {
        /// The split of the line.
        public let split: String
        /// The page of the line; lines of a page are together, in reading order.
        public let page: String
        /// The path of the image, whether it exists or not.
        public let imagePath: String
        /// The text.
        public let text: String

        /// Whether the image exists.
        public var hasImage: Bool { File.exists(imagePath) }
    }

    /// The path of the folder.
    public let directory: String
    /// All lines with a text, in the order of `lines.tsv`.
    public let lines: [Line]
    /// What a user should know of how `lines.tsv` was read, a sentence each.
    public let notes: [String]

    /// Reads `lines.tsv`; images are read on demand.
    ///
    /// - Throws: ``DatasetError`` with file and line number for anything malformed.
    public init(directory: String) throws(DatasetError) {
        self.directory = directory
        let file = try TextFile(path: "\(directory)/lines.tsv", remedy: DatasetError.lineFolderRemedy)
        let table = LineTable(file)
        var notes = table.note.map { [$0] } ?? []
        var seen: Set<String> = []
        var lines: [Line] = []
        var blank: [Int] = []
        for (row, fields) in table.rows {
            guard fields.count == 4, fields.dropLast().allSatisfy({ !$0.isEmpty }) else {
                throw file.malformed(row, "split, page, image and text are expected, separated by one tab each")
            }
            let image = fields[2]
            guard !image.hasPrefix("/"), !image.split(separator: "/").contains("..") else {
                throw file.malformed(row, "image “\(image)” lies outside the folder lines")
            }
            guard seen.insert(image).inserted else { throw file.malformed(row, "image “\(image)” is listed twice") }
            guard !fields[3].isBlank else {
                blank.append(row.number)
                continue
            }
            lines.append(
                Line(split: fields[0], page: fields[1], imagePath: "\(directory)/lines/\(image)", text: fields[3]))
        }
        if let first = blank.first {
            notes.append("\(counted(blank.count, "row")) without a text left out, first row \(first).")
        }
        (self.lines, self.notes) = (lines, notes)
    }

    /// The names of the splits, sorted.
    public var splitNames: [String] { Set(lines.map(\.split)).sorted() }

    /// The lines of a split, in the order of `lines.tsv`.
    public func split(named name: String) throws(DatasetError) -> [Line] {
        guard !lines.isEmpty else { throw .empty("lines with a text in \(directory)/lines.tsv") }
        let selected = lines.filter { $0.split == name }
        guard !selected.isEmpty else {
            throw .unknownSplit(name: name, file: "\(directory)/lines.tsv", available: splitNames)
        }
        return selected
    }
}
