import DuctusTensors

/// How an image of a line becomes a network's input; part of every line reader's weights file.
public struct LineInput: Sendable, Codable, Equatable {
    /// Rows of the input; the width follows from the image's proportions.
    public var height = 28
    /// Columns of paper added on both sides, so that the first and last characters are seen whole.
    public var margin = 12
    /// Whether paper and ink are spread to 0 and 1, whatever the scan's brightness.
    public var spreadsContrast = true
    /// The widest input that is read, a multiple of the height: longer images are squeezed.
    public var maximumAspect = 60

    /// What the reader that comes with Ductus was trained with.
    public init() {}

    /// Dark ink on light paper → `[height, width, 1]`, paper 0 and ink up to 1.
    public func tensor(_ image: Image) -> Tensor<Float> {
        let aspect = min(Double(image.width) / Double(image.height), Double(maximumAspect))
        let width = max(1, Int((aspect * Double(height)).rounded()))
        let small = image.grayscale().resized(width: width, height: height, method: .area)
        var (paper, ink) = (255, 0)
        if spreadsContrast {
            var histogram = [Int](repeating: 0, count: 256)
            for value in small.pixels { histogram[Int(value)] += 1 }
            func percentile(_ share: Double) -> Int {
                var rest = Int(share * Double(small.pixels.count))
                return histogram.firstIndex {
                    rest -= $0
                    return rest < 0
                } ?? 255
            }
            // Most of a line is paper. Specks of dust must not be stretched into strokes, hence the least contrast.
            paper = percentile(0.7)
            ink = min(percentile(0.01), paper - 48)
        }
        return Tensor(shape: [height, width + 2 * margin, 1]) { out in
            out.zero()
            for row in 0..<height {
                for column in 0..<width {
                    let darkness = Float(paper - Int(small.pixels[row * width + column])) / Float(paper - ink)
                    out[row * (width + 2 * margin) + margin + column] = min(max(darkness, 0), 1)
                }
            }
        }
    }
}
