

/// Finds the lines of text in the label map of a line detector: 0 is background, 1 the first, third, … line, 2 the
/// second, fourth, … line.
///
/// Neighbouring lines have different classes, so lines that touch stay apart. Predicted maps are ragged; for each
/// class in turn, small holes are filled, thin bridges and specks removed, and connected components taken. Fragments
/// on the same line are then joined, unless they stand in separate columns. All limits are shares of the map's size.
///
/// ```swift
/// let boxes = LineBoxes().find(in: labels, height: 256, width: 256)
/// ```
public struct LineBoxes: Sendable {
    /// Gaps up to this share of the map's height or width inside a line are filled.
    public var widestHole = 0.008

    /// Runs of pixels up to this share of the map's width are bridges, spikes or noise, not lines.
    public var widestBridge = 0.016

    /// Components lower than this share of the map's height are specks.
    public var lowestLine = 0.012

    /// Components of fewer pixels than this share of the map's are specks.
    public var smallestLine = 0.0008

    /// Limits that fit the maps of ``LineDetector``.
    public init() {}

    /// The boxes of the lines in pixels of the map, from top to bottom, and from left to right at the same height.
    ///
    /// The map has `height × width` labels, row by row; classes other than 1 and 2 count as background.
    public func find(in labels: [UInt8], height: Int, width: Int) -> [Box] {
        precondition(
            height >= 0 && width >= 0 && labels.count == height * width,
            "A label map of \(height) × \(width) needs \(height * width) labels, got \(labels.count).")
        var fragments: [LineFragment] = []
        for label: UInt8 in [1, 2] {
            var mask = LineMask(of: label, in: labels, height: height, width: width)
            mask.fillGaps(upTo: Int(widestHole * Double(width)), .horizontal)
            mask.fillGaps(upTo: Int(widestHole * Double(height) / 2), .vertical)
            mask.removeRuns(upTo: Int(widestBridge * Double(width)), .horizontal)
            for component in mask.components().flatMap({ $0.withoutBridges() }) {
                let box = component.box
                guard Double(component.area) >= smallestLine * Double(labels.count),
                    Double(box.height) >= lowestLine * Double(height)
                else { continue }
                fragments.append(LineFragment(label: label, box: box))
            }
        }
        return LineFragment.inReadingOrder(LineFragment.joined(fragments).map(\.box))
    }
}
