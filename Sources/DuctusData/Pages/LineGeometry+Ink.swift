extension LineGeometry {
    /// Estimates where a line is from the ink inside its box.
    ///
    /// In windows along the line, the baseline is where the number of dark pixels of a row drops most; a parabola is
    /// fitted to all of them with Tukey's weights, so that windows with descenders or without small letters do not
    /// count. Heights are those within which nearly all ink lies.
    ///
    /// - Parameters:
    ///   - box: the box of the line.
    ///   - page: a gray page, dark on light, whose background is 255.
    /// - Returns: nil if there is hardly any ink.
    package init?(inkIn box: Box, of page: Image) {
        let box = box.intersection(Box(x: 0, y: 0, width: page.width, height: page.height))
        guard box.width > 3, box.height > 3 else { return nil }
        let ink = InkPoints(page, box)
        guard let columns = ink.columns else { return nil }
        let window = max(box.height * 5 / 2, 8)
        var drops: [(x: Double, y: Double, weight: Double)] = []
        for start in stride(from: columns.lowerBound, to: columns.upperBound, by: max(window / 2, 1)) {
            let range = start..<min(start + window, columns.upperBound)
            if let (row, weight) = ink.steepestDrop(range) {
                drops.append((Double(range.lowerBound + range.upperBound) / 2, Double(row), weight))
            }
        }
        guard !drops.isEmpty else { return nil }
        let curve = Parabola(fitting: drops, tolerance: Double(box.height) / 6, isStraight: drops.count < 6)
        let (left, right) = (Double(columns.lowerBound), Double(columns.upperBound))
        let count = drops.count < 6 ? 1 : 6
        let points = (0...count).map { index in
            let x = left + (right - left) * Double(index) / Double(count)
            return SIMD2(x, curve(x))
        }
        self.init(baseline: points, inkIn: ink, isWithin: Double(box.height))
    }

    /// The line along a known baseline, as high as its ink inside a polygon.
    package init?(baseline: [SIMD2<Double>], inkIn polygon: Polygon, of page: Image) {
        let box = polygon.box.intersection(Box(x: 0, y: 0, width: page.width, height: page.height))
        guard baseline.count > 1, box.width > 3, box.height > 3 else { return nil }
        self.init(baseline: baseline, inkIn: InkPoints(page, box, polygon), isWithin: Double(box.height))
    }

    private init?(baseline: [SIMD2<Double>], inkIn ink: InkPoints, isWithin limit: Double) {
        let line = LineGeometry(baseline: baseline, ascent: 0, descent: 0)
        let heights = ink.points.map { line.height(of: SIMD2(Double($0.x) + 0.5, Double($0.y) + 0.5)) }.sorted()
        guard heights.count > 20 else { return nil }
        let ascent = heights[heights.count - 1 - heights.count / 100]
        let descent = -heights[heights.count / 100]
        self.init(
            baseline: baseline, ascent: min(max(ascent, limit / 4), limit), descent: min(max(descent, limit / 8), limit)
        )
    }
}

/// The dark pixels of a part of a page.
private struct InkPoints {
    var points: [(x: Int, y: Int)] = []
    private let box: Box
    private var isInk: [Bool]

    init(_ page: Image, _ box: Box, _ polygon: Polygon? = nil) {
        self.box = box
        isInk = [Bool](repeating: false, count: box.area)
        for y in box.y..<box.maxY {
            let whole = box.x..<box.maxX
            for columns in polygon.map({ $0.columns(inRow: y).map { $0.clamped(to: whole) } }) ?? [whole] {
                for x in columns where page.pixels[y * page.width + x] < 190 {
                    points.append((x, y))
                    isInk[(y - box.y) * box.width + x - box.x] = true
                }
            }
        }
    }

    /// The columns from the first to the last ink; nil if there is hardly any.
    var columns: Range<Int>? {
        guard points.count > 20, let left = points.lazy.map(\.x).min(), let right = points.lazy.map(\.x).max() else {
            return nil
        }
        return left..<right + 1
    }

    /// The row below which there is much less ink than above, in some columns, and how much less.
    func steepestDrop(_ columns: Range<Int>) -> (row: Int, weight: Double)? {
        var profile = [Int](repeating: 0, count: box.height + 1)
        for row in 0..<box.height {
            for x in columns where isInk[row * box.width + x - box.x] { profile[row + 1] += 1 }
        }
        for row in 1...box.height { profile[row] += profile[row - 1] }
        let reach = max(box.height / 5, 2)
        func ink(_ rows: Range<Int>) -> Int {
            let rows = rows.clamped(to: 0..<box.height)
            return profile[rows.upperBound] - profile[rows.lowerBound]
        }
        let drops = (reach...box.height).map { ink($0 - reach..<$0) - ink($0..<$0 + reach) }
        guard let best = drops.indices.max(by: { drops[$0] < drops[$1] }), drops[best] > 4 else { return nil }
        return (box.y + reach + best, Double(drops[best]))
    }
}

/// y = a + b x + c x², fitted with Tukey's weights (Beaton and Tukey 1974).
private struct Parabola {
    private var center = 0.0, scale = 1.0
    private var coefficients: [Double] = [0, 0, 0]

    init(fitting points: [(x: Double, y: Double, weight: Double)], tolerance: Double, isStraight: Bool) {
        let xs = points.map(\.x)
        center = (xs.min()! + xs.max()!) / 2
        scale = max((xs.max()! - xs.min()!) / 2, 1)
        let ys = points.map(\.y).sorted()
        coefficients[0] = ys[ys.count / 2]
        let terms = points.count < 3 ? 1 : isStraight ? 2 : 3
        for round in 0..<12 {
            // From a wide tolerance to the final one, as the first curve is only a guess.
            let limit = tolerance * max(1, 4 - 0.5 * Double(round))
            let weights = points.map { point -> Double in
                let ratio = (point.y - self(point.x)) / limit
                return abs(ratio) < 1 ? point.weight * (1 - ratio * ratio) * (1 - ratio * ratio) : 0
            }
            guard weights.reduce(0, +) > 0 else { break }
            solve(points.map { ($0.x, $0.y) }, weights, terms)
        }
    }

    func callAsFunction(_ x: Double) -> Double {
        let u = (x - center) / scale
        return coefficients[0] + u * (coefficients[1] + u * coefficients[2])
    }

    /// Weighted least squares with a slight preference for level, straight lines.
    private mutating func solve(_ points: [(x: Double, y: Double)], _ weights: [Double], _ terms: Int) {
        var matrix = [[Double]](repeating: [Double](repeating: 0, count: terms + 1), count: terms)
        let total = weights.reduce(0, +)
        for ((x, y), weight) in zip(points, weights) {
            let u = (x - center) / scale
            let basis = [1, u, u * u]
            for i in 0..<terms {
                for j in 0..<terms { matrix[i][j] += weight * basis[i] * basis[j] }
                matrix[i][terms] += weight * basis[i] * y
            }
        }
        for i in 1..<max(terms, 1) { matrix[i][i] += total * (i == 1 ? 1e-3 : 2e-2) }
        for i in 0..<terms {
            for j in 0..<terms where j != i {
                let factor = matrix[j][i] / matrix[i][i]
                for k in i...terms { matrix[j][k] -= factor * matrix[i][k] }
            }
        }
        for i in 0..<terms { coefficients[i] = matrix[i][terms] / matrix[i][i] }
    }
}
