/// Detects the lines of a page with their baselines and heights, at the scale of the page's own writing.
///
/// A page is first seen with a longer side of 640 pixels. If its lines are much lower or higher there than those that the
/// network knows best, it is seen again at the scale at which they are not.
///
/// ```swift
/// let detector = try BaselineDetector("runs/baselines-20260131-142500")
/// for line in detector.predict(try Image(contentsOf: "page.png")) { print(line.baseline, line.ascent, line.descent) }
/// ```
public struct BaselineDetector: PageSegmenter, Predictor {
    private let network: any Network
    private let input: BaselineInput

    /// Reads a weights file for baselines, or the best weights of a run.
    ///
    /// - Throws: `ArchiveError` if it is missing or for another task, `ConfigurationError` if its metadata are invalid.
    public init(_ weights: String) throws {
        try self.init(WeightsFile(weights, for: Self.task))
    }

    init(_ file: WeightsFile) throws {
        let network = try file.network(as: (any PixelNetwork).self, "pixel classifier")
        let channels = file.network.configuration.classes
        guard channels == BaselineMap.channels else {
            throw ArchiveError(
                file.path,
                "is inconsistent: the network has \(channels) classes; baselines need \(BaselineMap.channels).")
        }
        self.init(network: network, input: try file.recipe("input"))
    }

    /// The name of the task in configurations and weights files.
    public static let task = "baselines"

    /// The model configuration of a detector.
    /// - Throws: `EncodingError` for a number that JSON cannot represent.
    public static func model(
        _ network: any ConfigurableNetwork & PixelNetwork, input: BaselineInput = BaselineInput()
    ) throws -> ModelConfiguration {
        try ModelConfiguration(task: task, network: network, recipe: ["input": input])
    }

    /// Creates a detector from a network `[1, height, width, 1]` → `[1, height, width, 5]` and its preprocessing.
    public init(network: any Network, input: BaselineInput = BaselineInput()) {
        (self.network, self.input) = (network, input)
    }

    /// The lines of every page in reading order, in pixels.
    public func predict(_ pages: [Image]) -> [[LineGeometry]] { pages.map(lines) }

    public func lines(on page: Image) -> [LineGeometry] { detect(page).map(\.geometry) }

    /// The largest number of pixels that the network is given.
    private static let mostPixels = 1_600_000.0

    /// The lines of a page in reading order, in pixels of the page, with their confidences.
    func detect(_ page: Image) -> [DetectedLine] {
        guard page.width > 7, page.height > 7 else { return [] }
        let gray = page.grayscale()
        let longest = Double(max(page.width, page.height))
        var scale = min(Double(input.firstSide) / longest, 4)
        var lines = detect(gray, scale: scale)
        if let height = lines.map(\.geometry).medianHeight {
            let ratio = Double(input.lineHeight) / height
            let area = Double(page.width * page.height)
            let wanted = min(scale * ratio, (Self.mostPixels / area).squareRoot(), 4)
            if wanted / scale > 1.35 || wanted / scale < 0.6 {
                scale = wanted
                let second = detect(gray, scale: scale)
                if !second.isEmpty { lines = second }
            }
        }
        return ReadingOrder.sorted(
            lines.map { DetectedLine(geometry: $0.geometry.scaled(by: 1 / scale), confidence: $0.confidence) }
        ) { $0.geometry }
    }

    private func detect(_ page: Image, scale: Double) -> [DetectedLine] {
        let width = max(Int((Double(page.width) * scale).rounded()), 8)
        let height = max(Int((Double(page.height) * scale).rounded()), 8)
        let input = input.tensor(page.resized(width: width, height: height))
        return BaselineMap(network(input.expandingShape(at: 0)), height: height, width: width).lines()
    }
}

/// Finds the lines of pages.
public protocol PageSegmenter: Sendable {
    /// The lines of a page in reading order, in pixels of the page.
    func lines(on page: Image) -> [LineGeometry]
}

extension LineDetector: PageSegmenter {
    /// The boxes as level lines, whose descenders take a quarter of the height.
    public func lines(on page: Image) -> [LineGeometry] {
        predict(page.grayscale().darkOnLight().flatteningBackground(block: max(page.width, page.height, 40) / 40)).map {
            box in
            let (y, descent) = (Double(box.y) + Double(box.height) * 0.75, Double(box.height) * 0.25)
            return LineGeometry(
                baseline: [SIMD2(Double(box.x), y), SIMD2(Double(box.maxX), y)],
                ascent: Double(box.height) - descent, descent: descent)
        }
    }
}
