/// Precision and recall of predicted baselines: the measure of the cBAD competitions (Grüning, Labahn, Diem, Kleber and
/// Fiel 2018).
///
/// A point of a baseline counts as covered by another one if it is at most a tolerance t away, and as less the farther
/// it is, down to nothing at 3 t. Recall is the mean share of the points of a true baseline that is covered by any
/// predicted ones; precision that of a predicted baseline that is covered by the true one which it is matched with, one
/// to one. The tolerance of a true line is a quarter of its distance to the nearest other one, and at most a quarter of
/// the mean of these distances.
///
/// ```swift
/// var matching = BaselineMatching()
/// for (found, expected) in pages { matching.add(found, reference: expected) }
/// print(matching.precision, matching.recall, matching.f1)
/// ```
public struct BaselineMatching: Sendable, Codable {
    /// The number of predicted lines on all pages.
    public private(set) var predicted = 0
    /// The number of true lines on all pages.
    public private(set) var expected = 0
    private var precisions = 0.0
    private var recalls = 0.0

    /// No pages.
    public init() {}

    /// Adds the lines of a page.
    public mutating func add(_ lines: [LineGeometry], reference: [LineGeometry]) {
        predicted += lines.count
        expected += reference.count
        guard !lines.isEmpty, !reference.isEmpty else { return }
        let points = lines.map { $0.points(every: 5).map(\.point) }
        let truth = reference.map { $0.points(every: 5).map(\.point) }
        let tolerances = Self.tolerances(reference, truth)
        for (line, tolerance) in zip(truth, tolerances) {
            recalls += Self.coverage(of: line, tolerance) { point in
                lines.lazy.map { $0.distance(to: point) }.min() ?? .infinity
            }
        }
        var candidates: [(coverage: Double, line: Int, reference: Int)] = []
        for (index, line) in points.enumerated() {
            for (other, tolerance) in tolerances.enumerated() {
                let coverage = Self.coverage(of: line, tolerance) { reference[other].distance(to: $0) }
                if coverage > 0 { candidates.append((coverage, index, other)) }
            }
        }
        var (usedLines, usedReferences) = (Set<Int>(), Set<Int>())
        for candidate in candidates.sorted(by: { ($1.coverage, $0.line) < ($0.coverage, $1.line) })
        where !usedLines.contains(candidate.line) && !usedReferences.contains(candidate.reference) {
            usedLines.insert(candidate.line)
            usedReferences.insert(candidate.reference)
            precisions += candidate.coverage
        }
    }

    /// Adds other pages.
    public mutating func add(_ more: BaselineMatching) {
        predicted += more.predicted
        expected += more.expected
        precisions += more.precisions
        recalls += more.recalls
    }

    /// The mean coverage of predicted lines by true ones, 0 to 1. If nothing was predicted, 1 if there are no true lines
    /// either, and else 0: who finds nothing is not precise.
    public var precision: Double { predicted > 0 ? precisions / Double(predicted) : expected > 0 ? 0 : 1 }

    /// The mean coverage of true lines by predicted ones, 0 to 1. If there are no true lines, 1 if nothing was predicted
    /// either, and else 0.
    public var recall: Double { expected > 0 ? recalls / Double(expected) : predicted > 0 ? 0 : 1 }

    /// The harmonic mean of precision and recall.
    public var f1: Double {
        precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
    }

    private static func coverage(
        of points: [SIMD2<Double>], _ tolerance: Double, distance: (SIMD2<Double>) -> Double
    ) -> Double {
        let sum = points.reduce(0) { sum, point in
            sum + min(max((3 * tolerance - distance(point)) / (2 * tolerance), 0), 1)
        }
        return sum / Double(points.count)
    }

    private static func tolerances(_ lines: [LineGeometry], _ points: [[SIMD2<Double>]]) -> [Double] {
        let gaps = lines.indices.map { index -> Double? in
            let middle = points[index][points[index].count / 2]
            // A line beside it, rather than above or below, is no neighbor.
            return lines.indices.filter { $0 != index }.compactMap { other -> Double? in
                let xs = points[other].map(\.x)
                guard let left = xs.min(), let right = xs.max(), left <= middle.x, middle.x <= right else { return nil }
                return lines[other].distance(to: middle)
            }.min()
        }
        let known = gaps.compactMap { $0 }
        let mean = known.isEmpty ? 2 * (lines.map(\.height).max() ?? 40) : known.reduce(0, +) / Double(known.count)
        return gaps.map { max(min($0 ?? mean, mean) / 4, 1) }
    }
}
