import DuctusTensors

/// Random distortions of training samples; image and label map move together. Never used on validation.
///
/// ```swift
/// let batches = BatchLoader(
///     lines, batchSize: 16, shuffles: true, augmentation: Augmentation(shear: 0.3, stretch: 0.15, contrast: 0.2))
/// ```
public struct Augmentation: Sendable, Codable, Equatable {
    /// The largest slant, in columns per row.
    public var shear = 0.0
    /// Widths are multiplied by e^±stretch.
    public var stretch = 0.0
    /// Heights are multiplied by e^±scale.
    public var scale = 0.0
    /// The largest shift along either axis, as a share of the height.
    public var shift = 0.0
    /// Ink is multiplied by 1 ± contrast.
    public var contrast = 0.0
    /// Whether half of the samples are mirrored.
    public var mirrors = false

    /// Leaves alone what is not given.
    public init(
        shear: Double = 0, stretch: Double = 0, scale: Double = 0, shift: Double = 0, contrast: Double = 0,
        mirrors: Bool = false
    ) {
        (self.shear, self.stretch, self.scale, self.shift) = (shear, stretch, scale, shift)
        (self.contrast, self.mirrors) = (contrast, mirrors)
    }

    /// One distorted copy. The image of a text gets another width; those of a class and of a map keep their size, as
    /// their networks want it.
    public func apply(to example: Example, using random: inout RandomStream) -> Example {
        func symmetric(_ bound: Double) -> Double { bound * (2 * random.uniform() - 1) }
        let (height, width) = (example.input.shape[0], example.input.shape[1])
        precondition(example.input.shape[2] == 1, "Augmentation is for gray images.")
        let isMap = example.labels.rank == 2
        let keepsSize = example.labels.rank != 1
        let slant = symmetric(shear)
        let horizontal = exponential(symmetric(stretch))
        let vertical = exponential(symmetric(scale))
        let down = symmetric(shift) * Double(height)
        let right = keepsSize ? symmetric(shift) * Double(height) : 0
        let ink = 1 + symmetric(contrast)
        let mirrored = mirrors && random.uniform() < 0.5
        let newWidth = keepsSize ? width : max(1, Int((Double(width) * horizontal).rounded()))
        let (middle, centre) = (Double(height - 1) / 2, Double(width - 1) / 2)
        let newCentre = Double(newWidth - 1) / 2
        /// Where a pixel of the result comes from.
        func source(_ row: Int, _ column: Int) -> (y: Double, x: Double) {
            let y = (Double(row) - middle) / vertical
            var x = (Double(column) - newCentre) / horizontal
            if mirrored { x = -x }
            return (y + middle - down, x + slant * y + centre - right)
        }
        let input = Tensor<Float>(shape: [height, newWidth, 1]) { out in
            example.input.withUnsafeBuffer { pixels in
                func pixel(_ y: Int, _ x: Int) -> Float {
                    y < 0 || x < 0 || y >= height || x >= width ? 0 : pixels[y * width + x]
                }
                for row in 0..<height {
                    for column in 0..<newWidth {
                        let (y, x) = source(row, column)
                        let (top, left) = (y.rounded(.down), x.rounded(.down))
                        let (i, j) = (Int(top), Int(left))
                        let (v, u) = (Float(y - top), Float(x - left))
                        let value =
                            (1 - v) * ((1 - u) * pixel(i, j) + u * pixel(i, j + 1))
                            + v * ((1 - u) * pixel(i + 1, j) + u * pixel(i + 1, j + 1))
                        out[row * newWidth + column] = min(max(value * Float(ink), 0), 1)
                    }
                }
            }
        }
        guard isMap else { return Example(input: input, labels: example.labels) }
        let labels = Tensor<Int32>(shape: [height, width]) { out in
            example.labels.withUnsafeBuffer { classes in
                for row in 0..<height {
                    for column in 0..<width {
                        let (y, x) = source(row, column)
                        let (i, j) = (Int(y.rounded()), Int(x.rounded()))
                        let inside = i >= 0 && j >= 0 && i < height && j < width
                        out[row * width + column] = inside ? classes[i * width + j] : 0
                    }
                }
            }
        }
        return Example(input: input, labels: labels)
    }
}
