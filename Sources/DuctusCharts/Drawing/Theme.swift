/// The part that a color plays in a chart. In SVG it is a CSS variable, such as `--chart-text` or `--chart-series-1`, with the
/// color of ``Theme/light`` where the page does not set it.
public enum Paint: Hashable, Sendable {
    /// The paper.
    case background
    /// Titles and values.
    case text
    /// Labels and ticks.
    case secondary
    /// Lines behind the data.
    case grid
    /// The line that values start from.
    case axis
    /// The color of a series, from 0; after the last color comes the first again.
    case series(Int)

    /// The number of colors of series.
    public static let seriesCount = 6

    /// The name of the CSS variable.
    public var variable: String {
        switch self {
        case .background: "--chart-background"
        case .text: "--chart-text"
        case .secondary: "--chart-secondary"
        case .grid: "--chart-grid"
        case .axis: "--chart-axis"
        case .series(let number): "--chart-series-\(number % Self.seriesCount + 1)"
        }
    }

    /// All of them.
    public static let all: [Paint] =
        [.background, .text, .secondary, .grid, .axis] + (0..<seriesCount).map { .series($0) }
}

/// The colors of charts. Those of series can be told apart with any kind of color vision; they are after M. Okabe and K. Ito,
/// *Color Universal Design*, 2008, darker on white and lighter on black where the originals have too little contrast.
public struct Theme: Sendable {
    private let colors: [Paint: UInt32]

    /// Dark on white.
    public static let light = Theme(
        background: 0xFFFFFF, text: 0x1B1F24, secondary: 0x57606A, grid: 0xE4E7EB, axis: 0x8C959F,
        series: [0x0072B2, 0xD55E00, 0x008566, 0xB0568F, 0x9A6B00, 0x3D8FC4])
    /// Light on almost black.
    public static let dark = Theme(
        background: 0x15181C, text: 0xE8ECF0, secondary: 0x9DA7B1, grid: 0x2A3037, axis: 0x6B7580,
        series: [0x5AB0EC, 0xF58B4C, 0x2CC096, 0xE29CC6, 0xE9B54A, 0xA5D8F7])

    private init(
        background: UInt32, text: UInt32, secondary: UInt32, grid: UInt32, axis: UInt32, series: [UInt32]
    ) {
        var colors: [Paint: UInt32] = [
            .background: background, .text: text, .secondary: secondary, .grid: grid, .axis: axis,
        ]
        for (number, color) in series.enumerated() { colors[.series(number)] = color }
        self.colors = colors
    }

    private func number(_ paint: Paint) -> UInt32 {
        if case .series(let number) = paint { return colors[.series(number % Paint.seriesCount)] ?? 0 }
        return colors[paint] ?? 0
    }

    /// The color of a part.
    public subscript(paint: Paint) -> Image.Color {
        let number = number(paint)
        return Image.Color(
            red: UInt8(number >> 16 & 255), green: UInt8(number >> 8 & 255), blue: UInt8(number & 255))
    }

    /// A color as CSS has it: `#0072b2`.
    public func css(_ paint: Paint) -> String {
        let digits = String(number(paint), radix: 16)
        return "#" + String(repeating: "0", count: 6 - digits.count) + digits
    }

    /// The declarations of all CSS variables.
    public var css: String { Paint.all.map { "\($0.variable): \(css($0));" }.joined(separator: " ") }
}
