/// A point of a drawing. The origin is the upper left corner; y increases downward.
public typealias Place = SIMD2<Double>

/// A list of shapes, which is written as SVG or drawn with pixels.
public struct Drawing: Sendable {
    /// What a shape looks like.
    public enum Shape: Sendable, Equatable {
        /// Straight lines through points.
        case line([Place], width: Double, dash: [Double] = [])
        /// The inside of a polygon.
        case area([Place])
        /// The inside of a rectangle.
        case rectangle(x: Double, y: Double, width: Double, height: Double)
        /// The inside of a circle.
        case disk(Place, radius: Double)
        /// The outline of a circle.
        case ring(Place, radius: Double, width: Double)
        /// A line of type; the place is on its baseline.
        case text(String, Place, size: Double, Anchor)
    }

    /// Which part of a line of type is at its place.
    public enum Anchor: String, Sendable {
        /// The left end.
        case start
        /// The middle.
        case middle
        /// The right end.
        case end
    }

    /// A shape with its color.
    public struct Element: Sendable, Equatable {
        /// The shape.
        public let shape: Shape
        /// The color.
        public let paint: Paint
        /// How much of the color there is, 0 to 1.
        public let opacity: Double
        /// What the shape stands for, shown where a pointer rests on it.
        public let note: String?
    }

    /// The name of the picture.
    public let title: String
    /// A sentence that says what the picture shows, for those who do not see it.
    public let summary: String
    /// The width.
    public let width: Double
    /// The height.
    public let height: Double
    /// The shapes, the lowest first.
    public private(set) var elements: [Element] = []

    /// An empty drawing.
    public init(_ title: String, summary: String, width: Double, height: Double) {
        precondition(width > 0 && height > 0, "A drawing cannot be \(width) × \(height).")
        (self.title, self.summary, self.width, self.height) = (title, summary, width, height)
    }

    /// Adds a shape on top of the others.
    public mutating func add(_ shape: Shape, _ paint: Paint, opacity: Double = 1, note: String? = nil) {
        elements.append(Element(shape: shape, paint: paint, opacity: opacity, note: note))
    }

    /// Adds a line of type, shortened with an ellipsis if it is wider than a limit.
    public mutating func add(
        _ text: String, at place: Place, size: Double = 12, _ anchor: Anchor = .start, _ paint: Paint = .secondary,
        maximumWidth: Double = .infinity
    ) {
        add(.text(text.shortened(to: maximumWidth, size: size), place, size: size, anchor), paint)
    }
}
