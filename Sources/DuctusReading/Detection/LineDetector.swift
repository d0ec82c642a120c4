/// Detects the lines on pages.
///
/// ```swift
/// let detector = try LineDetector("runs/detection-20260131-142500")
/// for box in detector.predict(try Image(contentsOf: "page.png")) { print(box.x, box.y, box.width, box.height) }
/// ```
public struct LineDetector: Predictor {
    private let network: any Network
    private let input: DetectionInput
    private let boxes = LineBoxes()

    /// Reads a weights file for line detection, or the best weights of a run.
    ///
    /// - Throws: `ArchiveError` if it is missing or for another task, `ConfigurationError` if its metadata are invalid.
    public init(_ weights: String) throws {
        try self.init(WeightsFile(weights, for: Self.task))
    }

    init(_ file: WeightsFile) throws {
        let network = try file.network(as: (any PixelNetwork).self, "pixel classifier")
        let classes = file.network.configuration.classes
        guard classes == Self.classes else {
            throw ArchiveError(
                file.path, "is inconsistent: the network has \(classes) classes; line detection has \(Self.classes).")
        }
        self.init(network: network, input: try file.recipe("input"))
    }

    /// The name of the task in configurations and weights files.
    public static let task = "detection"

    /// The name of the weights file in a directory of weights.
    public static let fileName = "line-detector.safetensors"

    /// The number of classes: background, odd lines, and even lines.
    public static let classes = 3

    /// The model configuration of a line detector.
    /// - Throws: `EncodingError` for a number that JSON cannot represent.
    public static func model(
        _ network: any ConfigurableNetwork & PixelNetwork, input: DetectionInput = DetectionInput()
    ) throws -> ModelConfiguration {
        try ModelConfiguration(task: task, network: network, recipe: ["input": input])
    }

    /// Creates a detector from a network `[1, 256, 256, 1]` → logits `[1, 256, 256, 3]` and its preprocessing.
    public init(network: any Network, input: DetectionInput = DetectionInput()) {
        (self.network, self.input) = (network, input)
    }

    /// The boxes of the lines of every page in reading order, in pixels.
    public func predict(_ pages: [Image]) -> [[Box]] { pages.map(find) }

    private func find(on page: Image) -> [Box] {
        let geometry = DetectionGeometry(pageWidth: page.width, pageHeight: page.height)
        let labels = labels(of: geometry.map(of: page))
        // The map is square and may extend beyond the page.
        let whole = Box(x: 0, y: 0, width: page.width, height: page.height)
        let found = find(in: labels, geometry: geometry).map { $0.intersection(whole) }
        return found.filter { $0.area > 0 }
    }

    /// The boxes on a label map, in pixels of the page.
    package func find(in labels: [UInt8], geometry: DetectionGeometry) -> [Box] {
        let side = DetectionGeometry.mapSide
        return boxes.find(in: labels, height: side, width: side)
            .map {
                geometry.pageBox(x: Double($0.x), y: Double($0.y), width: Double($0.width), height: Double($0.height))
            }
            .filter { $0.width > 0 && $0.height > 0 }
    }

    /// The most likely class of every pixel of a map.
    package func labels(of map: Image) -> [UInt8] {
        let logits = network(input.tensor(map).expandingShape(at: 0))
        return logits.argmax().scalars.map { UInt8(truncatingIfNeeded: $0) }
    }
}
