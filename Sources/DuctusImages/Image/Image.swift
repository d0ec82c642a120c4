/// An 8-bit image: gray or RGB pixels, row-major `[height, width, channels]`.
///
/// ```swift
/// let page = try Image(contentsOf: "page.png").grayscale()
/// try page.resized(width: 256, height: 256).writePNG(to: "small.png")
/// ```
///
/// Coordinates start at the upper left corner; x increases to the right, y downward.
public struct Image: Sendable, Equatable {
    /// The number of columns. Zero for an empty image, such as a crop outside another.
    public let width: Int
    /// The number of rows. Zero for an empty image.
    public let height: Int
    /// 1 for gray, 3 for RGB.
    public let channels: Int
    /// The samples, 0 (black) … 255 (white), in the order `[height, width, channels]`.
    public internal(set) var pixels: [UInt8]

    /// An image of pixels in the order `[height, width, channels]`.
    public init(width: Int, height: Int, channels: Int, pixels: [UInt8]) {
        precondition(width >= 0 && height >= 0, "An image cannot be \(width) × \(height) pixels.")
        precondition(channels == 1 || channels == 3, "An image has 1 or 3 channels, not \(channels).")
        precondition(
            pixels.count == width * height * channels,
            "\(width) × \(height) × \(channels) needs \(width * height * channels) samples, not \(pixels.count).")
        self.width = width
        self.height = height
        self.channels = channels
        self.pixels = pixels
    }

    /// An image of one brightness.
    public init(width: Int, height: Int, channels: Int = 1, filledWith brightness: UInt8) {
        precondition(width >= 0 && height >= 0, "An image cannot be \(width) × \(height) pixels.")
        let pixels = [UInt8](repeating: brightness, count: width * height * channels)
        self.init(width: width, height: height, channels: channels, pixels: pixels)
    }

    /// Whether the image has no pixels.
    public var isEmpty: Bool { pixels.isEmpty }

    /// The sample at a column, row and channel.
    public subscript(x: Int, y: Int, channel: Int = 0) -> UInt8 {
        get { pixels[offset(x, y) + checked(channel)] }
        set { pixels[offset(x, y) + checked(channel)] = newValue }
    }

    private func offset(_ x: Int, _ y: Int) -> Int {
        precondition(
            x >= 0 && x < width && y >= 0 && y < height, "(\(x), \(y)) is outside an image of \(width) × \(height).")
        return (y * width + x) * channels
    }

    private func checked(_ channel: Int) -> Int {
        precondition(channel >= 0 && channel < channels, "There is no channel \(channel) among \(channels).")
        return channel
    }
}
