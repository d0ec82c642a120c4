extension DataSamples {
    /// A contact sheet: samples of every split, evenly distributed over it, in rows.
    ///
    /// - Parameters:
    ///   - count: the number of samples of a split.
    ///   - width: the width of the sheet in pixels.
    ///   - height: the height of the pictures of characters and lines; pages are five times as high.
    /// - Throws: an error about a picture that cannot be read.
    public func sheet(samples count: Int = 24, width: Int = 1200, height: Int = 48) throws -> Image {
        var rows: [[Image]] = []
        for split in splits where !split.samples.isEmpty {
            let step = max(1, split.samples.count / max(count, 1))
            let chosen = stride(from: 0, to: split.samples.count, by: step).prefix(count).map { split.samples[$0] }
            let pictures = parallelMap(chosen.count) { index in
                Result { try Self.scaled(chosen[index].image(), unit == .pages ? 5 * height : height, width) }
            }
            var (row, used) = ([Image](), 0)
            for picture in pictures {
                let picture = try picture.get()
                if used + picture.width > width, !row.isEmpty {
                    rows.append(row)
                    (row, used) = ([], 0)
                }
                row.append(picture)
                used += picture.width + 4
            }
            rows.append(row)
        }
        return Image.sheet(rows)
    }

    private static func scaled(_ image: Image, _ height: Int, _ width: Int) -> Image {
        guard !image.isEmpty else { return Image(width: 1, height: height, filledWith: 255) }
        let scale = min(Double(height) / Double(image.height), Double(width) / Double(image.width))
        return image.resized(
            width: max(1, Int(Double(image.width) * scale)), height: max(1, Int(Double(image.height) * scale)))
    }
}
