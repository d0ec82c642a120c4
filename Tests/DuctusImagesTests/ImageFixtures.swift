import DuctusImages
import DuctusTestSupport

/// The image files in `Tests/Fixtures/images`; `generate.py` there describes them.
enum ImageFixtures {
    static func path(_ name: String) -> String { Goldens.path("images/\(name)") }

    static func bytes(_ name: String) throws -> [UInt8] { try File.readBytes(path(name)) }

    /// The files with one page that are decoded, all but PDF.
    static let names = File.names(in: Goldens.path("images")).filter {
        let others = ["generate.py", "pixels.npz", "page.pdf", "pages.tif", "float.tif", "moving.webp"]
        return !others.contains($0)
    }

    /// A file, or a page of a file such as `pages.tif[2]`, as Pillow decodes it.
    static func decodedByPillow(_ name: String) throws -> Image {
        let pixels = try NumPyArchive(contentsOf: path("pixels.npz")).tensor(name, as: UInt8.self)
        let shape = pixels.shape
        return Image(
            width: shape[1], height: shape[0], channels: shape.count == 3 ? shape[2] : 1, pixels: pixels.scalars)
    }
}

extension Image {
    /// The largest difference of two samples; nil if the images differ in size.
    func largestDifference(from other: Image) -> Int? {
        guard (width, height, channels) == (other.width, other.height, other.channels) else { return nil }
        return zip(pixels, other.pixels).map { abs(Int($0) - Int($1)) }.max() ?? 0
    }

    /// The mean of every `reduction` × `reduction` pixels, fewer at the right and lower edges, rounded.
    func reduced(by reduction: Int) -> Image {
        let newWidth = (width + reduction - 1) / reduction
        let newHeight = (height + reduction - 1) / reduction
        var reduced = Image(width: newWidth, height: newHeight, channels: channels, filledWith: 0)
        for y in 0..<newHeight {
            for x in 0..<newWidth {
                let part = cropped(x: x * reduction, y: y * reduction, width: reduction, height: reduction)
                for channel in 0..<channels {
                    let samples = stride(from: channel, to: part.pixels.count, by: channels).map {
                        Int(part.pixels[$0])
                    }
                    let count = samples.count
                    reduced[x, y, channel] = UInt8((samples.reduce(0, +) + count / 2) / count)
                }
            }
        }
        return reduced
    }
}
