import DuctusData

extension Contours {
    /// The fraction of each pixel covered by the polygons; exact except for pixels partly covered by several.
    ///
    /// Every edge adds to the pixels that it crosses the part of their area to its right; running sums along rows turn
    /// these into coverage, as in Raph Levien's font-rs.
    ///
    /// - Parameter corner: the upper left corner of the image.
    /// - Parameter scale: pixels per unit of length.
    package func coverage(height: Int, width: Int, corner: Point, scale: Float) -> Tensor<Float> {
        // An edge at the right border adds to the two pixels after it.
        let stride = width + 2
        var sums = Tensor<Float>.zeros([height, stride])
        sums.withUnsafeMutableBuffer { sums in
            for contour in self {
                guard let last = contour.last else { continue }
                var start = Point(last.x - corner.x, corner.y - last.y) * scale
                for point in contour {
                    let end = Point(point.x - corner.x, corner.y - point.y) * scale
                    Self.add(from: start, to: end, height: height, width: width, to: sums)
                    start = end
                }
            }
        }
        return Tensor(shape: [height, width]) { out in
            sums.withUnsafeBuffer { sums in
                for y in 0..<height {
                    var area: Float = 0
                    for x in 0..<width {
                        area += sums[y * stride + x]
                        out[y * width + x] = Swift.min(Swift.max(area, 0), 1)
                    }
                }
            }
        }
    }

    private static func add(
        from start: Point, to end: Point, height: Int, width: Int, to sums: UnsafeMutableBufferPointer<Float>
    ) {
        guard start.y != end.y else { return }
        let limit = Float(width)
        let (left, right) = (Swift.min(start.x, end.x), Swift.max(start.x, end.x))
        if left < 0 && right > 0 || left < limit && right > limit {
            // Outside the image, edges count as vertical, so those that cross its sides are split there.
            let side = left < 0 && right > 0 ? 0 : limit
            let share = (side - start.x) / (end.x - start.x)
            let middle = Point(side, start.y + share * (end.y - start.y))
            add(from: start, to: middle, height: height, width: width, to: sums)
            return add(from: middle, to: end, height: height, width: width, to: sums)
        }
        let sign: Float = start.y < end.y ? 1 : -1
        let (top, bottom) = start.y < end.y ? (start, end) : (end, start)
        let (first, last) = (Swift.max(top.y, 0), Swift.min(bottom.y, Float(height)))
        guard first < last else { return }
        let slope = (bottom.x - top.x) / (bottom.y - top.y)
        var y = first
        while y < last {
            let row = Int(y)
            let next = Swift.min(Float(row + 1), last)
            // An edge to the left of the image covers its whole row; one to the right covers nothing.
            let x0 = Swift.min(Swift.max(top.x + (y - top.y) * slope, 0), limit)
            let x1 = Swift.min(Swift.max(top.x + (next - top.y) * slope, 0), limit)
            let (left, right) = (Swift.min(x0, x1), Swift.max(x0, x1))
            let amount = sign * (next - y)
            let place = row * (width + 2)
            let column = Int(left)
            let past = Int(right.rounded(.up))
            if past <= column + 1 {
                let share = 0.5 * (left + right) - Float(column)
                sums[place + column] += amount * (1 - share)
                sums[place + column + 1] += amount * share
            } else {
                let perColumn = 1 / (right - left)
                let entry = 1 - (left - Float(column))
                let firstArea = 0.5 * perColumn * entry * entry
                let exit = right - Float(past - 1)
                let lastArea = 0.5 * perColumn * exit * exit
                sums[place + column] += amount * firstArea
                if past == column + 2 {
                    sums[place + column + 1] += amount * (1 - firstArea - lastArea)
                } else {
                    let second = perColumn * (1.5 - (left - Float(column)))
                    sums[place + column + 1] += amount * (second - firstArea)
                    for middle in column + 2..<past - 1 { sums[place + middle] += amount * perColumn }
                    let before = second + Float(past - column - 3) * perColumn
                    sums[place + past - 1] += amount * (1 - before - lastArea)
                }
                sums[place + past] += amount * lastArea
            }
            y = next
        }
    }
}
