/// The preprocessing of a page's map for a detector; part of every detector's weights file.
public struct DetectionInput: Configuration, Equatable {
    /// Whether pixels up to 5 % darker than the median of the map count as background, so that shadows and stains do
    /// not count as faint ink. If not, the input is the negative of the map, one minus its brightness.
    public var flattensPaper = true

    /// The preprocessing of the detector that comes with Ductus.
    public init() {}

    /// The preprocessing of the Full Stack Deep Learning text recognizer (2018 – 2020): brightness is kept as it is.
    public static let fsdl: DetectionInput = {
        var input = DetectionInput()
        input.flattensPaper = false
        return input
    }()

    /// A gray map, dark on light → `[height, width, 1]`, background 0 and ink up to 1.
    public func tensor(_ map: Image) -> Tensor<Float> {
        let pixels = map.pixels
        var background: Float = 255
        if flattensPaper { background = max(Float(Histogram(pixels).background ?? 255) * 0.95, 1) }
        return Tensor(shape: [map.height, map.width, 1]) { out in
            for index in pixels.indices {
                let brightness = Float(pixels[index])
                out[index] = flattensPaper ? max(0, (background - brightness) / background) : 1 - brightness / 255
            }
        }
    }
}
