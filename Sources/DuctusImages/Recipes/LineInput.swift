/// The preprocessing of a line's image for a network; part of every line reader's weights file.
public struct LineInput: Configuration, Equatable {
    /// The rows of the input; the width follows from the aspect ratio of the image.
    public var height = 28
    /// The columns of background added on either side, so that the first and last characters have context.
    public var margin = 12
    /// Whether background and ink are stretched to 0 and 1, whatever the brightness of the scan.
    public var spreadsContrast = true
    /// The largest aspect ratio of a line: longer lines are scaled down further, with background below them.
    public var maximumAspect = 60
    /// The smallest aspect ratio of the input: shorter lines are padded with background on the right.
    public var minimumAspect = 0
    /// Whether the image is first divided by the local brightness of its background, which removes shadows and uneven
    /// lighting.
    public var flattensBackground = false
    /// Whether light writing on a dark background is detected and inverted.
    public var detectsPolarity = false

    /// The preprocessing of the reader that comes with Ductus.
    public init() {}

    /// The preprocessing of the Full Stack Deep Learning text recognizer (2018 – 2020) and its published weights:
    /// 28 × 952 pixels, the line at the left, its brightness kept as it is.
    public static let fsdl: LineInput = {
        var input = LineInput()
        (input.margin, input.spreadsContrast) = (0, false)
        (input.minimumAspect, input.maximumAspect) = (34, 34)
        return input
    }()

    public var problem: String? {
        problem("height", height, in: 1...512) ?? problem("margin", margin, in: 0...1000)
            ?? problem("maximumAspect", maximumAspect, in: 1...1000)
            ?? problem("minimumAspect", minimumAspect, in: 0...1000)
    }

    /// An image, dark on light → `[height, width, 1]`, background 0 and ink up to 1.
    public func tensor(_ image: Image) -> Tensor<Float> {
        let aspect = Double(image.width) / Double(image.height)
        let width = max(1, Int((min(aspect, Double(maximumAspect)) * Double(height)).rounded()))
        let rows = aspect <= Double(maximumAspect) ? height : max(1, Int((Double(width) / aspect).rounded()))
        let gray = detectsPolarity ? image.grayscale().darkOnLight() : image.grayscale()
        var small = gray.resized(width: width, height: rows, method: .area)
        // Blocks as high as a small letter: larger ones would miss the edges of shadows, smaller ones be full of ink.
        if flattensBackground { small = small.flatteningBackground(block: max(height / 5, 4)) }
        var (background, ink) = (255, 0)
        if spreadsContrast {
            let histogram = Histogram(small.pixels)
            // Most of a line is background. The minimum contrast keeps specks of dust from being stretched into
            // strokes.
            background = Int(histogram.quantile(0.7) ?? 255)
            ink = min(Int(histogram.quantile(0.01) ?? 0), background - 48)
        }
        let columns = max(width + 2 * margin, minimumAspect * height)
        return Tensor(shape: [height, columns, 1]) { out in
            out.zero()
            for row in 0..<rows {
                for column in 0..<width {
                    let darkness =
                        Float(background - Int(small.pixels[row * width + column])) / Float(background - ink)
                    out[row * columns + margin + column] = min(max(darkness, 0), 1)
                }
            }
        }
    }
}
