

/// How an image of a line becomes a network's input; part of every line reader's weights file.
public struct LineInput: Configuration, Equatable {
    /// Rows of the input; the width follows from the image's proportions.
    public var height = 28
    /// Columns of paper added on both sides, so that the first and last characters are seen whole.
    public var margin = 12
    /// Whether paper and ink are spread to 0 and 1, whatever the scan's brightness.
    public var spreadsContrast = true
    /// The widest image of a line, a multiple of the height: longer ones get lower, with paper below them.
    public var maximumAspect = 60
    /// The narrowest input, a multiple of the height: shorter images are followed by paper.
    public var minimumAspect = 0

    /// Whether the image is divided by the brightness of its background at every place first, so that shadows and uneven
    /// light disappear.
    public var flattensBackground = false
    /// Whether light writing on a dark background is read, too.
    public var detectsPolarity = false

    /// What the reader that comes with Ductus was trained with.
    public init() {}

    /// That of the Full Stack Deep Learning text recognizer (2018 – 2020) and its published weights: 28 × 952 pixels,
    /// the line at the left, as dark as it is.
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

    /// Dark ink on light paper → `[height, width, 1]`, paper 0 and ink up to 1.
    public func tensor(_ image: Image) -> Tensor<Float> {
        let aspect = Double(image.width) / Double(image.height)
        let width = max(1, Int((min(aspect, Double(maximumAspect)) * Double(height)).rounded()))
        let rows = aspect <= Double(maximumAspect) ? height : max(1, Int((Double(width) / aspect).rounded()))
        let gray = detectsPolarity ? image.grayscale().darkOnLight() : image.grayscale()
        var small = gray.resized(width: width, height: rows, method: .area)
        // Blocks as high as a small letter: larger ones would miss the edges of shadows, smaller ones be full of ink.
        if flattensBackground { small = small.flatteningBackground(block: max(height / 5, 4)) }
        var (paper, ink) = (255, 0)
        if spreadsContrast {
            let histogram = Histogram(small.pixels)
            // Most of a line is paper. Specks of dust must not be stretched into strokes, hence the least contrast.
            paper = Int(histogram.quantile(0.7) ?? 255)
            ink = min(Int(histogram.quantile(0.01) ?? 0), paper - 48)
        }
        let columns = max(width + 2 * margin, minimumAspect * height)
        return Tensor(shape: [height, columns, 1]) { out in
            out.zero()
            for row in 0..<rows {
                for column in 0..<width {
                    let darkness = Float(paper - Int(small.pixels[row * width + column])) / Float(paper - ink)
                    out[row * columns + margin + column] = min(max(darkness, 0), 1)
                }
            }
        }
    }
}
