import DuctusData

extension FontLines {
    /// Writes all lines as a `LineFolder`: first the images, on all threads, then `lines.tsv`. A folder with a
    /// `lines.tsv` is therefore complete, and an interrupted write can be restarted.
    ///
    /// - Parameters:
    ///   - folder: the folder for `lines.tsv` and `lines`; created if necessary.
    ///   - split: the split of all lines.
    ///   - progress: called occasionally with the number of images written.
    /// - Throws: ``SynthesisError/occupied(folder:)`` if the folder already contains lines, or the error of a file that
    ///   could not be written.
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

    /// Writes an image and returns its row of the table.
    private func write(_ index: Int, to folder: String, split: String) throws -> String {
        let (image, text) = try line(index)
        let number = String(index)
        let name = "synthetic-\(seed)-\(String(repeating: "0", count: max(0, 6 - number.count)))\(number)"
        try image.writePNG(to: "\(folder)/lines/\(name).png")
        return "\(split)\t\(name)\t\(name).png\t\(text)\n"
    }
}
