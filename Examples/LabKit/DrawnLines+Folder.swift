import Ductus

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension DrawnLines {
    /// Writes synthetic lines to files, as a data set of the kind `lines` with the splits `train` and `validation`.
    public static func write(training: Int, validation: Int, to directory: String) throws {
        try FileManager.default.createDirectory(atPath: "\(directory)/lines", withIntermediateDirectories: true)
        var table = "split\tpage\timage\ttext\n"
        for (split, count, seed) in [("train", training, 1), ("validation", validation, 2)] {
            let lines = DrawnLines(count: count, seed: UInt64(seed))
            for number in 0..<count {
                let (image, text) = lines.raw(number)
                try image.writePNG(to: "\(directory)/lines/\(split)-\(number).png")
                table += "\(split)\tdrawn\t\(split)-\(number).png\t\(text)\n"
            }
        }
        try Data(table.utf8).write(to: URL(filePath: "\(directory)/lines.tsv"))
    }
}
