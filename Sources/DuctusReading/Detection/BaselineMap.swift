/// The output of a detector of baselines: for every pixel, how likely it is on a baseline or at the end of one, and how
/// far the line there reaches above and below (after Kodym and Hradiš 2021).
package struct BaselineMap {
    /// The channels of the network's output: logits of three classes, then ascent and descent in units of
    /// ``heightUnit`` pixels.
    package static let channels = 5
    /// The classes, whose logits are the first channels.
    package static let classes = 3
    /// The unit of heights in the output, in pixels.
    package static let heightUnit: Float = 16

    let height: Int
    let width: Int
    /// The probability of a baseline, row by row.
    let baseline: [Float]
    /// The probability of an end of a line.
    let end: [Float]
    private let output: Tensor<Float>

    /// The map of a network's output `[1, height, width, 5]`, of which the padding on the right and below is cut off.
    package init(_ output: Tensor<Float>, height: Int, width: Int) {
        (self.height, self.width, self.output) = (height, width, output)
        let columns = output.shape[2]
        var (baseline, end) = (
            [Float](repeating: 0, count: height * width), [Float](repeating: 0, count: height * width)
        )
        output.withUnsafeBuffer { values in
            for row in 0..<height {
                for column in 0..<width {
                    let index = (row * columns + column) * Self.channels
                    let (none, base, last) = (values[index], values[index + 1], values[index + 2])
                    // Most pixels are plainly background.
                    guard max(base, last) > none - 5 else { continue }
                    let (b, e) = (exponential(Double(base - none)), exponential(Double(last - none)))
                    baseline[row * width + column] = Float(b / (1 + b + e))
                    end[row * width + column] = Float(e / (1 + b + e))
                }
            }
        }
        (self.baseline, self.end) = (baseline, end)
    }

    /// How far the line on a pixel reaches above and below its baseline, in pixels.
    func heights(x: Int, y: Int) -> (ascent: Double, descent: Double) {
        let columns = output.shape[2]
        let index = (y * columns + x) * Self.channels + Self.classes
        return output.withUnsafeBuffer {
            (Double($0[index] * Self.heightUnit), Double($0[index + 1] * Self.heightUnit))
        }
    }
}

/// A line on a map and how sure the detector is of it.
package struct DetectedLine {
    package var geometry: LineGeometry
    /// The mean probability of the baseline along it.
    var confidence: Double
}

extension BaselineMap {
    /// The least probability of a point on a baseline.
    private static let threshold: Float = 0.25

    /// The lines, from top to bottom by their first points.
    package func lines() -> [DetectedLine] {
        var lines = tracks().compactMap(line)
        lines = BaselineMap.merged(lines, endAt: endProbability)
        guard let median = lines.map(\.geometry).medianHeight else { return [] }
        lines = lines.filter { line in
            let (length, height) = (line.geometry.length, line.geometry.height)
            // Dots, tails and flourishes look like short, small writing.
            let isSpeck = length < max(median * 0.5, height * 0.3) || height < median * 0.5 && length < median * 3
            return !isSpeck && line.confidence > 0.4
        }
        return BaselineMap.withoutDoubles(lines)
    }

    /// The greatest probability of an end near a point.
    private func endProbability(_ point: SIMD2<Double>) -> Double {
        let (x, y) = (Int(point.x), Int(point.y))
        var greatest: Float = 0
        for row in max(y - 3, 0)..<max(min(y + 4, height), max(y - 3, 0)) {
            for column in max(x - 3, 0)..<max(min(x + 4, width), max(x - 3, 0)) {
                greatest = max(greatest, end[row * width + column])
            }
        }
        return Double(greatest)
    }

    /// Points that follow each other from column to column along a ridge of the probability.
    private struct Track {
        var points: [(x: Int, y: Float, probability: Float)]
        var slope: Float = 0

        /// The expected row in a column.
        func row(at x: Int) -> Float {
            let last = points[points.count - 1]
            return last.y + slope * Float(x - last.x)
        }

        /// The row in a column on the straight line nearest to some points (least squares). Unlike a mean, it neither pulls
        /// the ends of a slanted line inward nor leaves them as rough as they were.
        static func row(at x: Int, in points: ArraySlice<(x: Int, y: Float, probability: Float)>) -> Double {
            let count = Double(points.count)
            let middle = points.reduce(0) { $0 + Double($1.x) } / count
            let mean = points.reduce(0) { $0 + Double($1.y) } / count
            let (product, square) = points.reduce((0.0, 0.0)) { sums, point in
                let distance = Double(point.x) - middle
                return (sums.0 + distance * (Double(point.y) - mean), sums.1 + distance * distance)
            }
            return mean + (square > 0 ? product / square * (Double(x) - middle) : 0)
        }
    }

    private func tracks() -> [Track] {
        var (active, done): ([Track], [Track]) = ([], [])
        // Gaps between words are bridged by the network, those between letters that it misses here.
        let gap = 6
        for x in 0..<width {
            var candidates: [(track: Int, peak: Int, distance: Float)] = []
            let peaks = peaks(inColumn: x)
            for (peak, place) in peaks.enumerated() {
                for (track, line) in active.enumerated() {
                    let distance = abs(line.row(at: x) - place.y)
                    if distance <= 2.5 { candidates.append((track, peak, distance)) }
                }
            }
            var (isTaken, isContinued) = (
                [Bool](repeating: false, count: peaks.count), [Bool](repeating: false, count: active.count)
            )
            for (track, peak, _) in candidates.sorted(by: { ($0.distance, $0.track) < ($1.distance, $1.track) })
            where !isTaken[peak] && !isContinued[track] {
                (isTaken[peak], isContinued[track]) = (true, true)
                active[track].points.append((x, peaks[peak].y, peaks[peak].probability))
                let recent = active[track].points.suffix(12)
                if let first = recent.first, recent.count > 5 {
                    active[track].slope = (peaks[peak].y - first.y) / Float(x - first.x)
                }
            }
            for (peak, place) in peaks.enumerated() where !isTaken[peak] {
                active.append(Track(points: [(x, place.y, place.probability)]))
            }
            done += active.filter { x - $0.points[$0.points.count - 1].x > gap }
            active.removeAll { x - $0.points[$0.points.count - 1].x > gap }
        }
        return done + active
    }

    /// The local maxima of a column, with the center of the probability around them.
    private func peaks(inColumn x: Int) -> [(y: Float, probability: Float)] {
        func value(_ y: Int) -> Float { y >= 0 && y < height ? baseline[y * width + x] : 0 }
        var peaks: [(y: Float, probability: Float)] = []
        for y in 0..<height {
            let probability = baseline[y * width + x]
            guard probability > Self.threshold else { continue }
            guard (1...3).allSatisfy({ value(y - $0) < probability && value(y + $0) <= probability }) else { continue }
            var (sum, weights): (Float, Float) = (0, 0)
            for row in y - 2...y + 2 {
                sum += Float(row) * value(row)
                weights += value(row)
            }
            peaks.append((sum / weights, probability))
        }
        return peaks
    }

    /// A smooth line of a few points along a track; nil if it is too short.
    private func line(_ track: Track) -> DetectedLine? {
        let points = track.points
        guard points.count >= 4 else { return nil }
        var (ascents, descents): ([Double], [Double]) = ([], [])
        for point in points where point.probability > 0.5 {
            let (ascent, descent) = heights(x: point.x, y: min(max(Int(point.y.rounded()), 0), height - 1))
            guard ascent.isFinite, descent.isFinite else { continue }
            ascents.append(ascent)
            descents.append(descent)
        }
        guard !ascents.isEmpty else { return nil }
        ascents.sort()
        descents.sort()
        let highest = Double(height)
        let ascent = min(max(ascents[ascents.count / 2], 2), highest)
        let descent = min(max(descents[descents.count / 2], 1), highest)
        let reach = max(Int((ascent + descent) / 2), 2)
        let smooth = points.indices.map { index -> SIMD2<Double> in
            let window = points[max(index - reach, 0)...min(index + reach, points.count - 1)]
            return SIMD2(Double(points[index].x) + 0.5, Track.row(at: points[index].x, in: window) + 0.5)
        }
        let confidence = points.reduce(0) { $0 + Double($1.probability) } / Double(points.count)
        return DetectedLine(
            geometry: LineGeometry(
                baseline: BaselineMap.simplified(smooth, tolerance: 0.5), ascent: ascent, descent: descent),
            confidence: confidence)
    }

    /// The points that are needed so that none is farther than `tolerance` from the polyline (Douglas and Peucker 1973).
    package static func simplified(_ points: [SIMD2<Double>], tolerance: Double) -> [SIMD2<Double>] {
        guard points.count > 2 else { return points }
        var isKept = [Bool](repeating: false, count: points.count)
        (isKept[0], isKept[points.count - 1]) = (true, true)
        var ranges = [(0, points.count - 1)]
        while let (first, last) = ranges.popLast() {
            let chord = points[last] - points[first]
            let length = max(chord.length, 1e-9)
            var (farthest, distance) = (first, tolerance)
            for index in first + 1..<max(last, first + 1) {
                let arm = points[index] - points[first]
                let gap = abs(chord.x * arm.y - chord.y * arm.x) / length
                if gap > distance { (farthest, distance) = (index, gap) }
            }
            guard farthest != first else { continue }
            isKept[farthest] = true
            ranges += [(first, farthest), (farthest, last)]
        }
        return zip(points, isKept).filter(\.1).map(\.0)
    }

    /// Joins fragments that continue each other, unless the network sees ends between them.
    private static func merged(_ lines: [DetectedLine], endAt end: (SIMD2<Double>) -> Double) -> [DetectedLine] {
        var lines = lines.sorted { $0.geometry.baseline[0].x < $1.geometry.baseline[0].x }
        var index = 0
        while index < lines.count {
            let line = lines[index].geometry
            let last = line.baseline[line.baseline.count - 1]
            let slope = line.baseline.count > 1 ? line.angle : 0
            var best: (index: Int, gap: Double)?
            for (other, candidate) in lines.enumerated() where other != index {
                let first = candidate.geometry.baseline[0]
                let gap = first.x - last.x
                let height = min(line.height, candidate.geometry.height)
                guard gap > -height * 0.3, gap < height * 2.5, first.x > line.baseline[0].x else { continue }
                let expected = last.y + gap * sine(slope) / max(cosine(slope), 0.1)
                guard abs(first.y - expected) < height * 0.35 else { continue }
                if gap > height * 0.6, min(end(last), end(first)) > 0.4 { continue }
                if gap < best?.gap ?? .infinity { best = (other, gap) }
            }
            if let best {
                lines[index] = DetectedLine(lines[index], lines[best.index])
                lines.remove(at: best.index)
                if best.index < index { index -= 1 }
            } else {
                index += 1
            }
        }
        return lines
    }

    /// Without lines that lie on longer ones: parts of letters that look like small writing.
    private static func withoutDoubles(_ lines: [DetectedLine]) -> [DetectedLine] {
        var kept: [DetectedLine] = []
        for line in lines.sorted(by: { $0.geometry.length * $0.confidence > $1.geometry.length * $1.confidence }) {
            let isDouble = kept.contains { other in
                let points = line.geometry.points(every: 4)
                let inside = points.count { other.geometry.contains($0.point) }
                return inside * 2 > points.count
            }
            if !isDouble { kept.append(line) }
        }
        return kept.sorted { $0.geometry.center.y < $1.geometry.center.y }
    }
}

extension DetectedLine {
    /// Two fragments as one line.
    fileprivate init(_ first: DetectedLine, _ second: DetectedLine) {
        let (a, b) = (first.geometry, second.geometry)
        let share = a.length / max(a.length + b.length, 1e-9)
        func mean(_ x: Double, _ y: Double) -> Double { x * share + y * (1 - share) }
        let last = a.baseline[a.baseline.count - 1].x
        self.init(
            geometry: LineGeometry(
                baseline: a.baseline + b.baseline.filter { $0.x > last + 0.5 }, ascent: mean(a.ascent, b.ascent),
                descent: mean(a.descent, b.descent)), confidence: mean(first.confidence, second.confidence))
    }
}

extension LineGeometry {
    /// Whether a point is where the small letters or the descenders of the line are.
    fileprivate func contains(_ point: SIMD2<Double>) -> Bool {
        guard let first = baseline.first, let last = baseline.last, point.x > first.x - height / 2,
            point.x < last.x + height / 2
        else { return false }
        return (-descent * 1.2...ascent * 0.7).contains(self.height(of: point))
    }
}
