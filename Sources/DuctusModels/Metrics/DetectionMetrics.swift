/// How often the predicted class of a pixel is right: the mean over pages of the share of pixels labelled correctly.
public struct PixelAccuracy: Sendable {
    /// The number of pages added.
    public private(set) var pages = 0
    private var accuracies = 0.0
    private var backgrounds = 0.0

    /// No page counted yet.
    public init() {}

    /// Counts one page: two label maps of the same size, in which 0 is background. A map without pixels is right.
    public mutating func add(_ labels: [UInt8], reference: [UInt8]) {
        precondition(
            labels.count == reference.count,
            "The label maps must have the same size, got \(labels.count) and \(reference.count) pixels.")
        pages += 1
        let pixels = Double(max(reference.count, 1))
        let wrong = zip(labels, reference).count { $0 != $1 }
        let foreground = reference.count { $0 != 0 }
        accuracies += 1 - Double(wrong) / pixels
        backgrounds += 1 - Double(foreground) / pixels
    }

    /// The pixel accuracy, 0 to 1; 1 before a page is added.
    public var value: Double { pages > 0 ? accuracies / Double(pages) : 1 }

    /// What ``value`` would be had every pixel been called background: the number to beat.
    public var allBackground: Double { pages > 0 ? backgrounds / Double(pages) : 1 }
}

/// How many of the boxes on a page were found, and how many of those found are there.
///
/// Boxes are paired one to one where they overlap by at least ``threshold`` (intersection over union), the best
/// overlap first. Pairs are counted over all pages together (micro-average), so a page weighs as much as it has lines.
///
/// ```swift
/// var matching = BoxMatching()
/// for (found, expected) in pages { matching.add(found, reference: expected) }
/// print(matching.precision, matching.recall, matching.f1)
/// ```
public struct BoxMatching: Sendable {
    /// The least intersection over union of a pair.
    public let threshold: Double

    /// The pairs found, over all pages.
    public private(set) var matched = 0

    /// The boxes found, right or wrong, over all pages.
    public private(set) var predicted = 0

    /// The boxes that were to be found, over all pages.
    public private(set) var expected = 0

    /// No page counted yet. An overlap of a half is the custom since PASCAL VOC (Everingham et al. 2010).
    public init(threshold: Double = 0.5) {
        precondition(threshold > 0 && threshold <= 1, "The threshold must be in (0, 1], got \(threshold).")
        self.threshold = threshold
    }

    /// Counts one page.
    public mutating func add(_ boxes: [Box], reference: [Box]) {
        predicted += boxes.count
        expected += reference.count
        matched += pairs(of: boxes, with: reference).count
    }

    /// The one to one pairs of overlapping boxes, as indices into the two arrays: greedily the best overlap first,
    /// equal overlaps in the order of the arrays.
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

    /// The share of the found boxes that are right; 1 if none was found.
    public var precision: Double { predicted > 0 ? Double(matched) / Double(predicted) : 1 }

    /// The share of the expected boxes that were found; 1 if none was expected.
    public var recall: Double { expected > 0 ? Double(matched) / Double(expected) : 1 }

    /// The harmonic mean of precision and recall, `2 matched / (predicted + expected)`; 1 if there are no boxes at all.
    public var f1: Double {
        predicted + expected > 0 ? 2 * Double(matched) / Double(predicted + expected) : 1
    }
}
