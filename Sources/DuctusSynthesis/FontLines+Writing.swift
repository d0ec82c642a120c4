import DuctusData

extension FontLines {
    /// Writes all lines as a `LineFolder`: images at the same time on all threads and, when they are all there,
    /// `lines.tsv`. So a folder with a `lines.tsv` is whole, and what was interrupted can be begun again.
    ///
    /// - Parameters:
    ///   - folder: where `lines.tsv` and `lines` shall be; created if need be.
    ///   - split: the split of all lines.
    ///   - progress: called now and then with the number of images written.
    /// - Throws: ``SynthesisError/occupied(folder:)`` if there are lines already, or the reason why a file could not be
    ///   written.
    public func write(to folder: String, split: String = "train", progress: (Int) -> Void = { _ in }) throws {
        guard !File.exists("\(folder)/lines.tsv") else { throw SynthesisError.occupied(folder: folder) }
        try File.createDirectory("\(folder)/lines")
        var table = "split\tpage\timage\ttext\n"
        let portion = 256
        for start in stride(from: 0, to: count, by: portion) {
            let rows = parallelMap(min(portion, count - start)) { offset in
                Result { try write(start + offset, to: folder, split: split) }
            }
            for row in rows { table += try row.get() }
            progress(start + rows.count)
        }
        try File.write(Array(table.utf8), to: "\(folder)/lines.tsv")
    }

    /// Writes an image; the line of the table.
    private func write(_ index: Int, to folder: String, split: String) throws -> String {
        let (image, text) = try line(index)
        let number = String(index)
        let name = "synthetic-\(seed)-\(String(repeating: "0", count: max(0, 6 - number.count)))\(number)"
        try image.writePNG(to: "\(folder)/lines/\(name).png")
        return "\(split)\t\(name)\t\(name).png\t\(text)\n"
    }
}
