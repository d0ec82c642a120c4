/// The share of pixels that were classified correctly, averaged over pages.
public struct PixelAccuracy: Sendable, Codable {
    /// The number of pages.
    public private(set) var pages = 0
    private var accuracies = 0.0
    private var backgrounds = 0.0

    /// No pages.
    public init() {}

    /// Adds a page: two label maps of the same size, in which 0 is background. An empty map is correct.
    public mutating func add(_ labels: [UInt8], reference: [UInt8]) {
        precondition(
            labels.count == reference.count,
            "PixelAccuracy: the label map has \(labels.count) pixels; the reference has \(reference.count).")
        pages += 1
        let pixels = Double(max(reference.count, 1))
        let wrong = zip(labels, reference).count { $0 != $1 }
        let foreground = reference.count { $0 != 0 }
        accuracies += 1 - Double(wrong) / pixels
        backgrounds += 1 - Double(foreground) / pixels
    }

    /// Adds other pages.
    public mutating func add(_ more: PixelAccuracy) {
        pages += more.pages
        accuracies += more.accuracies
        backgrounds += more.backgrounds
    }

    /// The pixel accuracy, 0 to 1; 1 without pages.
    public var value: Double { pages > 0 ? accuracies / Double(pages) : 1 }

    /// The pixel accuracy of classifying every pixel as background, a baseline for ``value``.
    public var allBackground: Double { pages > 0 ? backgrounds / Double(pages) : 1 }
}

/// Precision and recall of predicted boxes.
///
/// Boxes are matched one to one if their intersection over union is at least ``threshold``, largest first. Matches are
/// counted over all pages together (micro-average).
///
/// ```swift
/// var matching = BoxMatching()
/// for (found, expected) in pages { matching.add(found, reference: expected) }
/// print(matching.precision, matching.recall, matching.f1)
/// ```
public struct BoxMatching: Sendable, Codable {
    /// The minimum intersection over union of a match.
    public let threshold: Double

    /// The number of matches on all pages.
    public private(set) var matched = 0

    /// The number of predicted boxes on all pages.
    public private(set) var predicted = 0

    /// The number of true boxes on all pages.
    public private(set) var expected = 0

    /// No pages. The default threshold is that of PASCAL VOC (Everingham et al. 2010).
    public init(threshold: Double = 0.5) {
        precondition(
            threshold > 0 && threshold <= 1, "BoxMatching: threshold is \(threshold); it must be above 0 and at most 1."
        )
        self.threshold = threshold
    }

    /// Adds a page.
    public mutating func add(_ boxes: [Box], reference: [Box]) {
        predicted += boxes.count
        expected += reference.count
        matched += pairs(of: boxes, with: reference).count
    }

    /// Adds other pages.
    public mutating func add(_ more: BoxMatching) {
        predicted += more.predicted
        expected += more.expected
        matched += more.matched
    }

    /// The matches as indices into the two arrays, chosen greedily by overlap; ties are broken by index.
    public func pairs(of boxes: [Box], with reference: [Box]) -> [(box: Int, reference: Int)] {
        var candidates: [(overlap: Double, box: Int, reference: Int)] = []
        for (i, box) in boxes.enumerated() {
            for (j, other) in reference.enumerated() {
                let overlap = box.intersectionOverUnion(other)
                if overlap >= threshold { candidates.append((overlap, i, j)) }
            }
        }
        candidates.sort { ($1.overlap, $0.box, $0.reference) < ($0.overlap, $1.box, $1.reference) }
        var freeBoxes = Set(boxes.indices)
        var freeReferences = Set(reference.indices)
        return candidates.compactMap { candidate in
            guard freeBoxes.contains(candidate.box), freeReferences.contains(candidate.reference) else { return nil }
            freeBoxes.remove(candidate.box)
            freeReferences.remove(candidate.reference)
            return (candidate.box, candidate.reference)
        }
    }

    /// The share of the predicted boxes that match. If nothing was predicted, 1 if there are no true boxes either, and
    /// else 0: who finds nothing is not precise.
    public var precision: Double {
        predicted > 0 ? Double(matched) / Double(predicted) : expected > 0 ? 0 : 1
    }

    /// The share of the true boxes that match. If there are no true boxes, 1 if nothing was predicted either, and else 0.
    public var recall: Double {
        expected > 0 ? Double(matched) / Double(expected) : predicted > 0 ? 0 : 1
    }

    /// The harmonic mean of precision and recall, `2 matched / (predicted + expected)`; 1 if there are no boxes at all.
    public var f1: Double {
        predicted + expected > 0 ? 2 * Double(matched) / Double(predicted + expected) : 1
    }
}
