extension Image {
    /// The image with one channel: luma `0.299 R + 0.587 G + 0.114 B`, rounded (ITU-R BT.601).
    public func grayscale() -> Image {
        guard channels == 3 else { return self }
        let count = width * height
        let gray = [UInt8](unsafeUninitializedCapacity: count) { gray, initialized in
            pixels.withUnsafeBufferPointer { rgb in
                for pixel in 0..<count {
                    let (red, green, blue) = (rgb[3 * pixel], rgb[3 * pixel + 1], rgb[3 * pixel + 2])
                    let luma = 299 &* UInt32(red) &+ 587 &* UInt32(green) &+ 114 &* UInt32(blue)
                    gray[pixel] = UInt8(truncatingIfNeeded: (luma &+ 500) / 1000)
                }
            }
            initialized = count
        }
        return Image(width: width, height: height, channels: 1, pixels: gray)
    }

    /// The image with three channels; gray is repeated in each.
    public func rgb() -> Image {
        guard channels == 1 else { return self }
        let count = width * height
        let colors = [UInt8](unsafeUninitializedCapacity: 3 * count) { rgb, initialized in
            pixels.withUnsafeBufferPointer { gray in
                for pixel in 0..<count {
                    rgb[3 * pixel] = gray[pixel]
                    rgb[3 * pixel + 1] = gray[pixel]
                    rgb[3 * pixel + 2] = gray[pixel]
                }
            }
            initialized = 3 * count
        }
        return Image(width: width, height: height, channels: 3, pixels: colors)
    }

    /// The negative, `255 − p`: dark ink on white becomes bright ink on black.
    public func inverted() -> Image {
        Image(width: width, height: height, channels: channels, pixels: pixels.map { 255 &- $0 })
    }
}
