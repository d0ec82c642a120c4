import Ductus

/// A chart of curves, each with a color and a name.
///
/// ```swift
/// var chart = LineChart("character accuracy", x: "epoch", range: 0...1)
/// chart.add("plain", [0.2, 0.5, 0.6])
/// try chart.image().writePNG(to: "curves.png")
/// ```
public struct LineChart {
    /// The colors of the curves, in order.
    public static let colors: [Image.Color] = [
        .blue, .red, .green, Image.Color(red: 148, green: 103, blue: 189), Image.Color(red: 255, green: 127, blue: 14),
    ]

    private let title: String
    private let x: String
    private let range: ClosedRange<Double>?
    private var curves: [(name: String, points: [(x: Double, y: Double)])] = []

    /// An empty chart. `range` is the range of the values; by default, that of the curves.
    public init(_ title: String, x: String, range: ClosedRange<Double>? = nil) {
        (self.title, self.x, self.range) = (title, x, range)
    }

    /// Adds a curve through values at 1, 2, …; values that are not finite are skipped.
    public mutating func add(_ name: String, _ values: [Double]) {
        add(name, values.enumerated().map { (Double($0.offset + 1), $0.element) })
    }

    /// Adds a curve through points.
    public mutating func add(_ name: String, _ points: [(x: Double, y: Double)]) {
        curves.append((name, points.filter { $0.x.isFinite && $0.y.isFinite }))
    }

    /// The chart with axes, ticks, and a legend.
    public func image(width: Int = 640, height: Int = 360) -> Image {
        var image = Image(width: width, height: height, channels: 3, filledWith: 255)
        let points = curves.flatMap(\.points)
        let horizontal = Axis(points.map(\.x), range: nil, start: 56, end: width - 16)
        let vertical = Axis(points.map(\.y), range: range, start: height - 32, end: 24)
        image.draw(title, x: 8, y: 8)
        image.draw(x, x: width - 16 - Image.textWidth(x), y: height - 10)
        for tick in vertical.ticks {
            let y = vertical.place(tick.value)
            image.fill(x: 56, y: y, width: width - 72, height: 1, color: .gray)
            image.draw(tick.text, x: 50 - Image.textWidth(tick.text), y: y - Image.textHeight / 2)
        }
        for tick in horizontal.ticks {
            let x = horizontal.place(tick.value)
            image.fill(x: x, y: height - 32, width: 1, height: 4, color: .black)
            image.draw(tick.text, x: x - Image.textWidth(tick.text) / 2, y: height - 24)
        }
        image.fill(x: 56, y: height - 32, width: width - 72, height: 1, color: .black)
        for (number, curve) in curves.enumerated() {
            let color = Self.colors[number % Self.colors.count]
            let places = curve.points.map { (x: horizontal.place($0.x), y: vertical.place($0.y)) }
            for (a, b) in zip(places, places.dropFirst()) { image.drawLine(from: a, to: b, color: color) }
            for place in places where places.count <= 40 {
                image.fill(x: place.x - 2, y: place.y - 2, width: 5, height: 5, color: color)
            }
        }
        // The legend is above the chart, right-aligned, so that it hides no curve.
        var right = width - 16
        for (number, curve) in curves.enumerated().reversed() {
            right -= Image.textWidth(curve.name)
            image.draw(curve.name, x: right, y: 8)
            image.fill(x: right - 18, y: 10, width: 14, height: 3, color: Self.colors[number % Self.colors.count])
            right -= 32
        }
        return image
    }
}

/// An axis of a chart.
private struct Axis {
    let ticks: [(value: Double, text: String)]
    private let range: ClosedRange<Double>
    private let (start, end): (Int, Int)

    /// Ticks at multiples of 1, 2, or 5 times a power of ten.
    init(_ values: [Double], range: ClosedRange<Double>?, start: Int, end: Int) {
        let (least, most) = (range?.lowerBound ?? values.min() ?? 0, range?.upperBound ?? values.max() ?? 1)
        let span = max(most - least, 1e-9)
        var (unit, digits) = (1.0, 0)
        while unit > span { (unit, digits) = (unit / 10, digits + 1) }
        while unit * 10 <= span { (unit, digits) = (unit * 10, digits - 1) }
        // The span is one to ten units.
        let share = span / unit
        let step = share <= 1.6 ? unit / 5 : share <= 4 ? unit / 2 : share <= 8 ? unit : unit * 2
        if step < unit { digits += 1 }
        let first = (least / step - 1e-6).rounded(.up)
        ticks = stride(from: first, through: most / step + 1e-6, by: 1).map {
            ($0 * step, Self.text($0 * step, digits: digits))
        }
        self.range = least...least + span
        (self.start, self.end) = (start, end)
    }

    func place(_ value: Double) -> Int {
        let share = (min(max(value, range.lowerBound), range.upperBound) - range.lowerBound)
        return start + Int((share / (range.upperBound - range.lowerBound) * Double(end - start)).rounded())
    }

    private static func text(_ value: Double, digits: Int) -> String {
        guard digits > 0 else { return "\(Int(value.rounded()))" }
        let power = (0..<digits).reduce(1) { power, _ in power * 10 }
        let scaled = Int((value.magnitude * Double(power)).rounded())
        let fraction = String(scaled % power)
        let zeros = String(repeating: "0", count: digits - fraction.count)
        return (value < 0 && scaled > 0 ? "-" : "") + "\(scaled / power).\(zeros)\(fraction)"
    }
}

extension Image {
    /// Draws a straight line, two pixels wide.
    public mutating func drawLine(from a: (x: Int, y: Int), to b: (x: Int, y: Int), color: Color) {
        let steps = max(abs(b.x - a.x), abs(b.y - a.y), 1)
        for step in 0...steps {
            let share = Double(step) / Double(steps)
            let x = Double(a.x) + share * Double(b.x - a.x)
            let y = Double(a.y) + share * Double(b.y - a.y)
            fill(x: Int(x.rounded()), y: Int(y.rounded()), width: 2, height: 2, color: color)
        }
    }
}
