/// How the pixels of a file lie, as TIFF 6.0 (1992) and EXIF count: where its first row and column are to be shown.
enum Orientation: Int {
    case up = 1
    case upMirrored, down, downMirrored, leftMirrored, right, rightMirrored, left

    /// Whether the rows of the file are columns.
    var swapsAxes: Bool { rawValue >= Orientation.leftMirrored.rawValue }
    /// Whether the file's columns come last first.
    fileprivate var reversesColumns: Bool { [.upMirrored, .down, .rightMirrored, .left].contains(self) }
    /// Whether the file's rows come last first.
    fileprivate var reversesRows: Bool { [.down, .downMirrored, .right, .rightMirrored].contains(self) }
}

extension Image {
    /// The image upright, if its pixels lie as `orientation` says.
    func turned(from orientation: Orientation) -> Image {
        if orientation == .up || isEmpty { return self }
        let (newWidth, newHeight) = orientation.swapsAxes ? (height, width) : (width, height)
        // Pixels of the file from one column or row of the upright image to the next.
        let column = orientation.reversesColumns ? -1 : 1
        let row = orientation.reversesRows ? -width : width
        let (stepX, stepY) = orientation.swapsAxes ? (row, column) : (column, row)
        let first =
            (orientation.reversesColumns ? width - 1 : 0) + (orientation.reversesRows ? width * (height - 1) : 0)

        let turned = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, initialized in
            pixels.withUnsafeBufferPointer { source in
                // Tiles, as neighbors in a column are far from one another in memory.
                for top in stride(from: 0, to: newHeight, by: 64) {
                    for left in stride(from: 0, to: newWidth, by: 64) {
                        for y in top..<min(top + 64, newHeight) {
                            for x in left..<min(left + 64, newWidth) {
                                let from = (first + x * stepX + y * stepY) * channels
                                let to = (y * newWidth + x) * channels
                                for channel in 0..<channels { target[to + channel] = source[from + channel] }
                            }
                        }
                    }
                }
            }
            initialized = pixels.count
        }
        return Image(width: newWidth, height: newHeight, channels: channels, pixels: turned)
    }
}
