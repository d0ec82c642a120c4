import DuctusTensors

/// A page whose lines, and what they say, are known.
public struct TranscribedPage: Sendable {
    /// A line of the page.
    public struct Line: Sendable, Equatable {
        /// The line's name on its page, or in its data set.
        public let id: String
        /// Where the line is on the page, in pixels of its image.
        public let box: Box
        /// The line's outline, where there is one.
        public var outline: Polygon?
        /// The points of the line on which letters stand, from left to right; none, if it is not known.
        public var baseline: [Polygon.Point] = []
        /// What is written; empty where it is not known.
        public let text: String
    }

    /// What messages call the page.
    public let name: String
    /// Where the picture of the page is, or would be.
    public let imagePath: String
    /// The lines in the order of their file.
    public let lines: [Line]
    /// The image's size as the file has it, where it does.
    var size: (width: Int, height: Int)?

    /// Whether the picture of the page is there.
    public var hasImage: Bool { File.exists(imagePath) }

    /// The smallest box around all lines that have an area.
    public var linesBox: Box? {
        let boxes = lines.map(\.box).filter { $0.area > 0 }
        return boxes.dropFirst().reduce(boxes.first) { $0?.union($1) }
    }

    /// What the lines say that are not empty, a line each.
    public var text: String { lines.map(\.text).filter { !$0.isEmpty }.joined(separator: "\n") }

    /// Reads the picture of the page.
    ///
    /// - Throws: ``ImageError``; ``DatasetError`` if it has another size than the places of the lines are given for.
    public func image() throws -> Image {
        let image = try Image(contentsOf: imagePath)
        if let size, size != (image.width, image.height) {
            throw DatasetError.otherSize(
                file: name, width: size.width, height: size.height, imageWidth: image.width, imageHeight: image.height)
        }
        return image
    }
}

extension IAMForm {
    /// The form as any other page.
    public var page: TranscribedPage {
        TranscribedPage(
            name: id, imagePath: imagePath, lines: lines.map { .init(id: $0.id, box: $0.box, text: $0.text) })
    }
}
