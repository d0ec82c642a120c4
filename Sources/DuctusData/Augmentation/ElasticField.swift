/// A smooth random displacement of the plane, like writing on a sheet of rubber (Simard, Steinkraus and Platt, *Best
/// Practices for Convolutional Neural Networks Applied to Visual Document Analysis*, ICDAR 2003).
///
/// Noise on a grid is smoothed with the cubic B-spline B, which differs from a Gaussian by hundredths: a field costs
/// the same however smooth it is, has two continuous derivatives, and never moves a point farther than its amplitude.
///
///     u(x, y) = Σᵢⱼ B(x / s − i) B(y / s − j) cᵢⱼ,  s = √3 · smoothness,  cᵢⱼ uniform in ±amplitude
///
/// Few points move by more than half of the amplitude: the standard deviation along either axis is 0.28 of it.
///
/// ```swift
/// var random = RandomStream(seed: 1)
/// let field = ElasticField(height: 28, width: 100, amplitude: 2, smoothness: 4, using: &random)
/// let move = field.displacement(x: 50, y: 14)              // at most 2 pixels along either axis
/// ```
public struct ElasticField: Sendable {
    /// The extent of the field: points from (0, 0) to (`width` − 1, `height` − 1).
    public let width: Int, height: Int

    private let spacing: Double
    /// The displacements of the knots to the right and down, `[2, rows, columns]`.
    private let grid: Tensor<Float>
    /// The splines of every column of pixels.
    private let columns: [CubicBSpline]

    /// Draws a field.
    ///
    /// - Parameters:
    ///   - height: the number of rows of pixels.
    ///   - width: the number of columns of pixels.
    ///   - amplitude: the maximum displacement along either axis, in pixels.
    ///   - smoothness: the standard deviation of the Gaussian that smooths, in pixels: about half of the distance at
    ///     which points move independently.
    ///   - random: the stream that the field is drawn from.
    public init(
        height: Int, width: Int, amplitude: Double, smoothness: Double, using random: inout RandomStream
    ) {
        precondition(height > 0 && width > 0, "An elastic field needs a positive size; got \(height) × \(width).")
        precondition(
            amplitude >= 0 && smoothness > 0 && amplitude.isFinite && smoothness.isFinite,
            "An elastic field needs a finite amplitude and a smoothness above 0; got \(amplitude) and \(smoothness).")
        (self.height, self.width) = (height, width)
        let spacing = smoothness * 3.0.squareRoot()
        func knots(_ extent: Int) -> Int { Int(Double(extent - 1) / spacing) + 4 }
        let bound = Float(amplitude)
        grid = .uniform([2, knots(height), knots(width)], from: -bound, to: bound, using: &random)
        columns = (0..<width).map { CubicBSpline(at: Double($0) / spacing) }
        self.spacing = spacing
    }

    /// The displacement of a point, in pixels. Points outside the field move like the nearest point inside.
    public func displacement(x: Double, y: Double) -> (x: Double, y: Double) {
        let column = CubicBSpline(at: min(max(x, 0), Double(width - 1)) / spacing)
        let row = CubicBSpline(at: min(max(y, 0), Double(height - 1)) / spacing)
        return grid.withUnsafeBuffer { grid in
            func sum(_ plane: Int) -> Double {
                var knots = SIMD4<Float>(repeating: 0)
                for k in 0..<4 { knots[k] = blend(row, at: column.first + k, plane, grid) }
                return Double((column.weights * knots).sum())
            }
            return (sum(0), sum(1))
        }
    }

    /// Adds the displacements of a row of pixels to their coordinates.
    func displace(row: Int, _ xs: UnsafeMutablePointer<Double>, _ ys: UnsafeMutablePointer<Double>) {
        let row = CubicBSpline(at: Double(row) / spacing)
        let knots = grid.shape[2]
        grid.withUnsafeBuffer { grid in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: knots) { line in
                let line = line.baseAddress!
                for (plane, coordinates) in [xs, ys].enumerated() {
                    for column in 0..<knots { line[column] = blend(row, at: column, plane, grid) }
                    let bytes = UnsafeRawPointer(line)
                    for (pixel, column) in columns.enumerated() {
                        let values = bytes.loadUnaligned(
                            fromByteOffset: column.first * MemoryLayout<Float>.stride, as: SIMD4<Float>.self)
                        coordinates[pixel] += Double((column.weights * values).sum())
                    }
                }
            }
        }
    }

    /// The value between the rows of knots, in one of their columns.
    private func blend(_ row: CubicBSpline, at column: Int, _ plane: Int, _ grid: UnsafeBufferPointer<Float>) -> Float {
        let (rows, step) = (self.grid.shape[1], self.grid.shape[2])
        let first = grid.baseAddress! + (plane * rows + row.first) * step + column
        return (row.weights * SIMD4(first[0], first[step], first[2 * step], first[3 * step])).sum()
    }
}
