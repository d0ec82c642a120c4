/// The IAM handwriting database in its official layout: pages of English by hundreds of writers
/// (Marti and Bunke, *The IAM-database*, IJDAR 2002).
///
/// | file | contents |
/// |---|---|
/// | `ascii/forms.txt` | the writer of each form |
/// | `ascii/lines.txt` | segmentation, gray level, box and words of each line |
/// | `forms/a01-000u.png` | pages |
/// | `lines/a01/a01-000u/a01-000u-00.png` | lines |
/// | `splits/NAME.txt` | one form id per line |
/// | `transcriptions.tsv` | optional: line id, tab, text with natural spacing |
///
/// Without `transcriptions.tsv` the text is derived from the words of `lines.txt`; see ``naturalText(words:)``.
public struct IAMDatabase: Sendable {
    /// The directory of the database.
    public let directory: String
    /// All forms that have lines, in the order of `forms.txt`.
    public let forms: [IAMForm]

    private let indices: [String: Int]

    /// Reads the text files of the database; images are read on demand.
    ///
    /// - Throws: ``DatasetError`` with file and line number for anything malformed, or with what to download if the
    ///   database is missing.
    public init(directory: String) throws(DatasetError) {
        self.directory = directory
        let writers = try Self.parseWriters(directory)
        var lines = try Self.parseLines(directory, forms: Set(writers.map(\.form)))
        forms = writers.compactMap { form, writer in
            lines.removeValue(forKey: form).map { lines in
                IAMForm(id: form, writer: writer, imagePath: "\(directory)/forms/\(form).png", lines: lines)
            }
        }
        indices = Dictionary(uniqueKeysWithValues: forms.enumerated().map { ($1.id, $0) })
    }

    /// The names of the splits, from the files in `splits/`.
    public var splitNames: [String] {
        File.names(in: "\(directory)/splits").filter { $0.hasSuffix(".txt") }.map { String($0.dropLast(4)) }
    }

    /// The forms that `splits/NAME.txt` lists, in its order.
    public func split(named name: String) throws(DatasetError) -> [IAMForm] {
        let names = splitNames
        guard names.contains(name) else {
            throw .unknownSplit(name: name, file: "\(directory)/splits", available: names)
        }
        let file = try TextFile(path: "\(directory)/splits/\(name).txt", remedy: DatasetError.iamRemedy)
        var seen: Set<String> = []
        var forms: [IAMForm] = []
        for line in file.lines {
            guard let index = indices[line.text] else {
                throw file.malformed(line, "form “\(line.text)” has no lines in ascii/forms.txt and ascii/lines.txt")
            }
            guard seen.insert(line.text).inserted else {
                throw file.malformed(line, "form “\(line.text)” is listed twice")
            }
            forms.append(self.forms[index])
        }
        guard !forms.isEmpty else { throw .malformed(file: file.path, reason: "the split lists no forms") }
        return forms
    }
}
