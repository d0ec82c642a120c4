

/// How the map of a page becomes a detector's input; part of every detector's weights file.
public struct DetectionInput: Configuration, Equatable {
    /// Whether what is up to a twentieth darker than the median of the map counts as paper: shadows and mottling are no
    /// ink, however faint. If not, an input is the negative of its map, one minus its brightness.
    public var flattensPaper = true

    /// What the detector that comes with Ductus was trained with.
    public init() {}

    /// That of the Full Stack Deep Learning text recognizer (2018 – 2020): a page as dark as it is.
    public static let fsdl: DetectionInput = {
        var input = DetectionInput()
        input.flattensPaper = false
        return input
    }()

    /// A gray map, dark ink on light paper → `[height, width, 1]`, paper 0 and ink up to 1.
    public func tensor(_ map: Image) -> Tensor<Float> {
        let pixels = map.pixels
        var paper: Float = 255
        if flattensPaper { paper = max(Float(Histogram(pixels).background ?? 255) * 0.95, 1) }
        return Tensor(shape: [map.height, map.width, 1]) { out in
            for index in pixels.indices {
                let brightness = Float(pixels[index])
                out[index] = flattensPaper ? max(0, (paper - brightness) / paper) : 1 - brightness / 255
            }
        }
    }
}
