/// Extracts the boxes of lines from the label map of a line detector: 0 is background, 1 odd lines, and 2 even lines.
///
/// Adjacent lines have different classes, so that lines that touch are separate. For each class, small holes are filled, thin
/// bridges and specks removed, and connected components computed. Fragments of the same line are then merged unless they are
/// in separate columns. All limits are relative to the size of the map.
///
/// ```swift
/// let boxes = LineBoxes().find(in: labels, height: 256, width: 256)
/// ```
public struct LineBoxes: Sendable {
    /// The size of gaps inside a line that are filled, as a share of the height or width of the map.
    public var widestHole = 0.008

    /// The length of runs of pixels that are removed as bridges or noise, as a share of the width of the map.
    public var widestBridge = 0.016

    /// The minimum height of a line, as a share of the height of the map.
    public var lowestLine = 0.012

    /// The minimum area of a line, as a share of the area of the map.
    public var smallestLine = 0.0008

    /// The limits for maps of ``LineDetector``.
    public init() {}

    /// Returns the boxes of the lines in pixels of the map, in reading order.
    ///
    /// - Parameters:
    ///   - labels: `height × width` classes, row by row. Classes other than 1 and 2 are background.
    ///   - height: the height of the map.
    ///   - width: the width of the map.
    public func find(in labels: [UInt8], height: Int, width: Int) -> [Box] {
        precondition(
            height >= 0 && width >= 0 && labels.count == height * width,
            "LineBoxes: got \(labels.count) labels; a map of \(height) × \(width) needs \(height * width).")
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
        return LineFragment.inReadingOrder(LineFragment.merged(fragments).map(\.box))
    }
}
