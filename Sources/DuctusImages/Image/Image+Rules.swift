extension Image {
    /// The image without the printed lines of ruled and squared paper, and without frames: without dark, straight lines
    /// of at least some length, parallel to the lines of writing or across them. Writing that they cross stays.
    ///
    /// Darkness that remains after a morphological opening with a straight segment is that of a rule (Serra 1982). Rules
    /// may be up to 1° off the direction; strokes shorter than the segment are not changed. For gray images that are
    /// dark on a background of 255.
    ///
    /// - Parameters:
    ///   - length: the length of the segment in pixels; longer than any stroke.
    ///   - angle: the direction of the lines of writing in radians; positive if they fall.
    package func withoutRules(length: Int, angle: Double) -> Image {
        precondition(channels == 1, "Rules are removed from gray images; call grayscale() first.")
        precondition(length > 0, "A rule cannot be \(length) pixels long.")
        guard min(width, height) > 4 else { return self }
        let tolerance = [-0.014, 0, 0.014]
        var rules = [UInt8](repeating: 0, count: pixels.count)
        for change in tolerance {
            markRules(length: length, slope: tangent(angle + change), in: &rules)
        }
        let across = turned(quarters: 1)
        var columns = [UInt8](repeating: 0, count: pixels.count)
        for change in tolerance {
            across.markRules(length: length, slope: tangent(angle + change), in: &columns)
        }
        let upright = Image(width: height, height: width, channels: 1, pixels: columns).turned(quarters: 3)
        var clean = self
        for index in pixels.indices {
            let rule = Int(max(rules[index], upright.pixels[index]))
            guard rule > 0 else { continue }
            // What is darker than the rule is writing on it.
            let ink = max(255 - Int(pixels[index]) - rule, 0)
            clean.pixels[index] = UInt8(255 - min(ink * 255 / max(255 - rule, 1), 255))
        }
        return clean
    }

    /// Whether there are so many straight lines that they are printed rules, judged from an image of half of the size.
    package func hasRules(length: Int, angle: Double) -> Bool {
        guard min(width, height) > 40 else { return false }
        let half = resized(width: width / 2, height: height / 2)
        var rules = [UInt8](repeating: 0, count: half.pixels.count)
        half.markRules(length: max(length / 2, 1), slope: tangent(angle), in: &rules)
        let sum = rules.reduce(0) { $0 + Int($1) }
        return Double(sum) > 0.0015 * 255 * Double(rules.count)
    }

    /// Raises every pixel of `rules` to the darkness of the straight lines through it.
    private func markRules(length: Int, slope: Double, in rules: inout [UInt8]) {
        let (width, height) = (width, height)
        let rows = (0..<width).map { Int((Double($0) * slope).rounded()) }
        let (lowest, highest) = (rows.min() ?? 0, rows.max() ?? 0)
        // The darkest of three rows, so that a line may be a fraction of a pixel off.
        let thick = [UInt8](unsafeUninitializedCapacity: pixels.count) { thick, initialized in
            pixels.withUnsafeBufferPointer { pixels in
                for y in 0..<height {
                    let (above, below) = (max(y - 1, 0) * width, min(y + 1, height - 1) * width)
                    for x in 0..<width {
                        let lightest = min(pixels[above + x], pixels[y * width + x], pixels[below + x])
                        thick[y * width + x] = 255 - lightest
                    }
                }
            }
            initialized = pixels.count
        }
        rules.withUnsafeMutableBufferPointer { rules in
            thick.withUnsafeBufferPointer { thick in
                var line = Opening(count: width, length: min(length, width))
                for start in -highest..<height - lowest {
                    line.open { x in
                        let y = start + rows[x]
                        return y >= 0 && y < height ? thick[y * width + x] : 0
                    } result: { x, darkness in
                        let y = start + rows[x]
                        guard darkness > 0, y >= 0, y < height else { return }
                        let index = y * width + x
                        if darkness > rules[index] { rules[index] = darkness }
                    }
                }
            }
        }
    }
}

/// The morphological opening of a row of pixels with a segment: the minimum over every window of some length, then the
/// maximum over every window of minima (van Herk 1992).
private struct Opening {
    private let count: Int, length: Int
    private var values: [UInt8], forward: [UInt8], backward: [UInt8], minima: [UInt8]

    init(count: Int, length: Int) {
        (self.count, self.length) = (count, length)
        values = [UInt8](repeating: 0, count: count)
        (forward, backward, minima) = (values, values, values)
    }

    /// Calls `result` with every pixel of the opening, unless it is blank.
    @inline(__always)
    mutating func open(_ value: (Int) -> UInt8, result: (Int, UInt8) -> Void) {
        var darkest: UInt8 = 0
        for x in 0..<count {
            let value = value(x)
            values[x] = value
            darkest = max(darkest, value)
        }
        // Most rows are blank.
        guard darkest > 16 else { return }
        let windows = count - length + 1
        scan(values, count, by: min)
        for x in 0..<windows { minima[x] = min(backward[x], forward[x + length - 1]) }
        var greatest: UInt8 = 0
        for x in 0..<windows { greatest = max(greatest, minima[x]) }
        guard greatest > 16 else { return }
        // The maximum over the windows that contain a pixel: x - length + 1 ... x.
        scan(minima, windows, by: max)
        for x in 0..<count {
            let (first, last) = (max(x - length + 1, 0), min(x, windows - 1))
            // In one block, the windows are its beginning or the end of the row.
            if first / length != last / length {
                result(x, max(backward[first], forward[last]))
            } else {
                result(x, first % length == 0 ? forward[last] : backward[first])
            }
        }
    }

    /// Running results from the beginning and to the end of every block of `length`.
    @inline(__always)
    private mutating func scan(_ source: [UInt8], _ count: Int, by combine: (UInt8, UInt8) -> UInt8) {
        for x in 0..<count {
            forward[x] = x % length == 0 ? source[x] : combine(forward[x - 1], source[x])
        }
        for x in (0..<count).reversed() {
            backward[x] = (x + 1) % length == 0 || x + 1 == count ? source[x] : combine(backward[x + 1], source[x])
        }
    }
}
