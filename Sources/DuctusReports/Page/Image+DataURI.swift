import DuctusCharts

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Image {
    /// The picture within a page: `data:image/png;base64,…`.
    ///
    /// - Parameters:
    ///   - height: the largest height.
    ///   - shades: the number of brightnesses of a gray picture; few of them compress well and look the same.
    func dataURI(height limit: Int, shades: Int = 24) throws -> String {
        var image = self
        if height > limit { image = image.resized(width: max(1, width * limit / height), height: limit) }
        if image.channels == 1 {
            let step = 255 / Double(shades - 1)
            image = Image(
                width: image.width, height: image.height, channels: 1,
                pixels: image.pixels.map { UInt8(((Double($0) / step).rounded() * step).rounded()) })
        }
        return "data:image/png;base64," + Data(try image.pngData()).base64EncodedString()
    }
}
