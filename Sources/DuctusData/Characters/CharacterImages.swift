/// Single handwritten characters, 28 × 28 gray pixels each, bright ink on black, with the class of each.
///
/// ```swift
/// let digits = try CharacterImages.mnist(in: "data/mnist", split: "train")
/// digits.classNames[digits.labels[0]]      // "5"
/// ```
public struct CharacterImages: Sendable, Equatable {
    /// Pixels along each side of an image.
    public static let side = 28

    /// The upright images one after the other, in the order `[count, 28, 28]`.
    public let pixels: [UInt8]
    /// The class of each image, an index into ``classNames``.
    public let labels: [Int]
    /// The names of the classes: `"0"`, `"A"`, …
    public let classNames: [String]

    /// The number of images.
    public var count: Int { labels.count }

    /// The pixels of one image, row-major `[28, 28]`.
    public func image(_ index: Int) -> [UInt8] {
        precondition(labels.indices.contains(index), "There is no image \(index) among \(count).")
        let size = Self.side * Self.side
        return Array(pixels[index * size..<(index + 1) * size])
    }

    /// Images in memory: 28 · 28 pixels for each label, and labels within the classes.
    public init(pixels: [UInt8], labels: [Int], classNames: [String]) {
        let size = Self.side * Self.side
        precondition(
            pixels.count == labels.count * size,
            "\(labels.count) images have \(labels.count * size) pixels, not \(pixels.count).")
        precondition(
            labels.allSatisfy(classNames.indices.contains),
            "A label is the index of one of \(classNames.count) classes.")
        (self.pixels, self.labels, self.classNames) = (pixels, labels, classNames)
    }

    /// Reads a file of images and a file of labels, and checks that they match.
    init(
        imagesPath: String, labelsPath: String, classNames: [String], isTransposed: Bool
    ) throws(DatasetError) {
        let images = try IDXFile(contentsOf: imagesPath)
        let labels = try IDXFile(contentsOf: labelsPath)
        guard images.dimensions.count == 3, images.dimensions[1...] == [Self.side, Self.side] else {
            let shape = images.dimensions.map(String.init).joined(separator: " × ")
            throw .malformed(file: imagesPath, reason: "the images are \(shape), not N × 28 × 28")
        }
        guard labels.dimensions.count == 1 else {
            throw .malformed(file: labelsPath, reason: "the labels have \(labels.dimensions.count) axes instead of one")
        }
        guard images.dimensions[0] == labels.dimensions[0] else {
            throw .malformed(
                file: labelsPath, reason: "\(labels.dimensions[0]) labels do not fit \(images.dimensions[0]) images")
        }
        guard labels.dimensions[0] > 0 else { throw .malformed(file: imagesPath, reason: "there are no images") }
        let classes = labels.elements.map(Int.init)
        if let reason = Self.unknownClass(in: classes, of: classNames.count) {
            throw .malformed(file: labelsPath, reason: reason)
        }
        self.init(
            pixels: isTransposed ? Self.transposed(images.elements) : images.elements, labels: classes,
            classNames: classNames)
    }

    /// What is wrong with the first label that is not a class, if there is one.
    static func unknownClass(in labels: [Int], of count: Int) -> String? {
        labels.firstIndex { !(0..<count).contains($0) }.map { record in
            "the label of record \(record) is \(labels[record]), but there are only \(count) classes"
        }
    }

    /// Swaps the rows and columns of every image.
    private static func transposed(_ pixels: [UInt8]) -> [UInt8] {
        var pixels = pixels
        pixels.withUnsafeMutableBufferPointer { pixels in
            for start in stride(from: 0, to: pixels.count, by: side * side) {
                for row in 0..<side {
                    for column in 0..<row {
                        pixels.swapAt(start + row * side + column, start + column * side + row)
                    }
                }
            }
        }
        return pixels
    }
}
