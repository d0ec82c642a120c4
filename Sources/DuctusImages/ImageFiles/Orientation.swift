/// Where the first row and column of a file are on the upright image, numbered as in TIFF 6.0 (1992) and EXIF.
enum Orientation: Int {
    case up = 1
    case upMirrored, down, downMirrored, leftMirrored, right, rightMirrored, left

    /// Whether rows of the file are columns of the upright image.
    var swapsAxes: Bool { rawValue >= Orientation.leftMirrored.rawValue }
    /// Whether the columns of the file are in reverse order.
    fileprivate var reversesColumns: Bool { [.upMirrored, .down, .rightMirrored, .left].contains(self) }
    /// Whether the rows of the file are in reverse order.
    fileprivate var reversesRows: Bool { [.down, .downMirrored, .right, .rightMirrored].contains(self) }
}

extension Image {
    /// The image turned clockwise by some quarters of a full turn.
    package func turned(quarters: Int) -> Image {
        let orientations: [Orientation] = [.up, .right, .down, .left]
        return upright(from: orientations[quarters & 3])
    }

    /// The upright image of one that is stored with an orientation.
    func upright(from orientation: Orientation) -> Image {
        if orientation == .up || isEmpty { return self }
        let (newWidth, newHeight) = orientation.swapsAxes ? (height, width) : (width, height)
        // Steps in the pixels of the file for a step of one column or row of the upright image.
        let column = orientation.reversesColumns ? -1 : 1
        let row = orientation.reversesRows ? -width : width
        let (stepX, stepY) = orientation.swapsAxes ? (row, column) : (column, row)
        let first =
            (orientation.reversesColumns ? width - 1 : 0) + (orientation.reversesRows ? width * (height - 1) : 0)

        let upright = [UInt8](unsafeUninitializedCapacity: pixels.count) { target, initialized in
            pixels.withUnsafeBufferPointer { source in
                // In tiles, because neighbors in a column are far apart in memory.
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
        return Image(width: newWidth, height: newHeight, channels: channels, pixels: upright)
    }
}
