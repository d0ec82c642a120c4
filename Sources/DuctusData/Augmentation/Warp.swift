/// The map from the pixels of a distorted image to those of its source: a perspective, an affine map about the center,
/// and an elastic field.
///
/// With (x, y) measured from the center of the result, after the perspective, a pixel comes from
///
///     x₁ = (±x · zoom + pan) / horizontal,  y₁ = (y · zoom + pan) / vertical,
///     (x', y') = (x₁ + slant · y₁, y₁ + slope · x₁),  turned by the angle,  less the shift
///
/// measured from the center of the source. Outside the source, everything is background, 0.
package struct Warp {
    /// The size of the source; the result has the same height.
    package let height: Int, width: Int
    /// The number of columns of the result.
    package var newWidth: Int
    /// The slant in columns per row.
    package var slant = 0.0
    /// The vertical shear in rows per column.
    package var slope = 0.0
    /// The factors of widths and heights.
    package var horizontal = 1.0, vertical = 1.0
    /// Whether the image is flipped horizontally.
    package var isMirrored = false
    /// The rotation counterclockwise, in degrees.
    package var angle = 0.0
    /// The shift of the source, in pixels.
    package var right = 0.0, down = 0.0
    /// The logarithms of the scale of the right end relative to the left, and of the bottom relative to the top.
    package var perspective = (x: 0.0, y: 0.0)
    /// The crop: the size of a pixel of the result and the offset of its center, in pixels of the distorted image.
    package var zoom = (x: 1.0, y: 1.0), pan = (x: 0.0, y: 0.0)
    /// A displacement of every pixel.
    package var field: ElasticField?

    package init(height: Int, width: Int) { (self.height, self.width, newWidth) = (height, width, width) }

    /// A gray image, interpolated bilinearly, with its ink multiplied: `[height, newWidth, 1]`.
    package func image(_ image: Tensor<Float>, ink: Float) -> Tensor<Float> {
        // Two pixels of background all around, for positions outside.
        let (stride, bottom, end) = (width + 4, Double(height), Double(width))
        let padded = image.padded([(2, 2), (2, 2), (0, 0)], mode: .constant(0))
        return Tensor(shape: [height, newWidth, 1]) { out in
            padded.withUnsafeBuffer { pixels in
                guard let origin = pixels.baseAddress.map({ $0 + 2 * stride + 2 }) else { return }
                forEachRow { row, xs, ys in
                    let line = out.baseAddress! + row * newWidth
                    for column in 0..<newWidth {
                        let y = min(max(ys[column], -2), bottom)
                        let x = min(max(xs[column], -2), end)
                        let i = floor(y)
                        let j = floor(x)
                        let v = Float(y - Double(i))
                        let u = Float(x - Double(j))
                        let above = origin + (i &* stride &+ j)
                        let below = above + stride
                        let value =
                            (1 - v) * ((1 - u) * above[0] + u * above[1])
                            + v * ((1 - u) * below[0] + u * below[1])
                        line[column] = min(max(value * ink, 0), 1)
                    }
                }
            }
        }
    }

    /// A map of labels, by nearest neighbor: `[height, newWidth]`.
    package func labels(_ labels: Tensor<Int32>) -> Tensor<Int32> {
        Tensor(shape: [height, newWidth]) { out in
            labels.withUnsafeBuffer { classes in
                guard let classes = classes.baseAddress else { return }
                let (bottom, end) = (Double(height), Double(width))
                forEachRow { row, xs, ys in
                    let line = out.baseAddress! + row * newWidth
                    for column in 0..<newWidth {
                        let i = round(min(max(ys[column], -1), bottom))
                        let j = round(min(max(xs[column], -1), end))
                        let isInside = i >= 0 && j >= 0 && i < height && j < width
                        line[column] = isInside ? classes[i &* width &+ j] : 0
                    }
                }
            }
        }
    }

    /// Calls `body` with every row of the result and the positions of its pixels in the source.
    private func forEachRow(
        _ body: (_ row: Int, _ xs: UnsafeMutablePointer<Double>, _ ys: UnsafeMutablePointer<Double>) -> Void
    ) {
        let (middle, center, newCenter) = (Double(height - 1) / 2, Double(width - 1) / 2, Double(newWidth - 1) / 2)
        let (cosine, sine) = (cosine(angle * .pi / 180), sine(angle * .pi / 180))
        let (slant, slope, right, down) = (slant, slope, right, down)
        let (horizontal, vertical, pan) = (horizontal, vertical, pan)
        let across = Perspective(change: perspective.x, extent: newWidth)
        let along = Perspective(change: perspective.y, extent: height)
        withUnsafeTemporaryAllocation(of: Double.self, capacity: 4 * newWidth) { buffer in
            guard let columns = buffer.baseAddress else { return }
            let (sizes, xs, ys) = (columns + newWidth, columns + 2 * newWidth, columns + 3 * newWidth)
            for column in 0..<newWidth {
                let x = Double(column) - newCenter
                columns[column] = across.place(x) * (isMirrored ? -zoom.x : zoom.x)
                sizes[column] = across.size(at: x) * zoom.y
            }
            for row in 0..<height {
                let (place, size) = (along.place(Double(row) - middle), along.size(at: Double(row) - middle))
                for column in 0..<newWidth {
                    let straight = (columns[column] * size + pan.x) / horizontal
                    let level = (place * sizes[column] + pan.y) / vertical
                    let (x, y) = (straight + slant * level, level + slope * straight)
                    xs[column] = x * cosine - y * sine + center - right
                    ys[column] = y * cosine + x * sine + middle - down
                }
                field?.displace(row: row, xs, ys)
                body(row, xs, ys)
            }
        }
    }
}

/// The largest integer that is not above a number.
private func floor(_ x: Double) -> Int {
    let whole = Int(x)
    return Double(whole) > x ? whole - 1 : whole
}

/// The nearest integer; of two, the one farther from 0.
private func round(_ x: Double) -> Int {
    // Adding a half would round the largest number below a half up to 1.
    let almostHalf = 0x1.fffffffffffffp-2
    return Int(x + (x < 0 ? -almostHalf : almostHalf))
}
