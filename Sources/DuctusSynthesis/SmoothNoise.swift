import DuctusData

/// Smooth random noise over a plane with mean 0 and a standard deviation of about 1: a cubic B-spline with normally
/// distributed coefficients.
package struct SmoothNoise {
    /// The spacing of the coefficients, over which the noise decorrelates.
    private let cell: Float
    private let origin: Point
    private let (columns, rows): (Int, Int)
    private let coefficients: [Float]

    /// Noise for points within a bounding box; outside it, the noise of the edge continues.
    package init(from lower: Point, to upper: Point, cell: Float, using random: inout RandomStream) {
        self.cell = cell
        origin = lower
        let extent = (upper - lower) / cell
        (columns, rows) = (Int(extent.x.rounded(.up)) + 4, Int(extent.y.rounded(.up)) + 4)
        // Along each axis, a B-spline of unit normal coefficients has the variance 151/315.
        coefficients = Tensor<Float>.normal([rows, columns], standardDeviation: 315.0 / 151, using: &random).scalars
    }

    package func callAsFunction(_ point: Point) -> Float {
        let place = (point - origin) / cell
        let across = Self.knots(place.x, limit: columns)
        let down = Self.knots(place.y, limit: rows)
        return coefficients.withUnsafeBufferPointer { coefficients in
            var sum: Float = 0
            for i in 0..<4 {
                let start = (down.first + i) * columns + across.first
                let values = SIMD4(
                    coefficients[start], coefficients[start + 1], coefficients[start + 2], coefficients[start + 3])
                sum += down.weights[i] * (values * across.weights).sum()
            }
            return sum
        }
    }

    /// The noise at the pixel centers of an image that covers the bounding box.
    package func plane(height: Int, width: Int) -> Tensor<Float> {
        let across = (0..<width).map { Self.knots((Float($0) + 0.5) / cell, limit: columns) }
        return Tensor(shape: [height, width]) { out in
            withUnsafeTemporaryAllocation(of: Float.self, capacity: columns) { blend in
                for y in 0..<height {
                    let down = Self.knots((Float(y) + 0.5) / cell, limit: rows)
                    for column in 0..<columns {
                        let place = down.first * columns + column
                        let values = SIMD4(
                            coefficients[place], coefficients[place + columns], coefficients[place + 2 * columns],
                            coefficients[place + 3 * columns])
                        blend[column] = (values * down.weights).sum()
                    }
                    for x in 0..<width {
                        let start = across[x].first
                        let values = SIMD4(blend[start], blend[start + 1], blend[start + 2], blend[start + 3])
                        out[y * width + x] = (values * across[x].weights).sum()
                    }
                }
            }
        }
    }

    /// The coefficients around a position, clamped to the existing ones.
    private static func knots(_ place: Float, limit: Int) -> CubicBSpline {
        CubicBSpline(at: Double(max(0, min(place, Float(limit - 4)))))
    }
}
