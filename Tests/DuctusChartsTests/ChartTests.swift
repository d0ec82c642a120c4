import DuctusCharts
import DuctusTestSupport
import Testing

@Suite struct ChartTests {
    private static let sizes: [(Double, Double)] = [(720, 360), (358, 260)]

    @Test(arguments: sizes) func allShapesLieInside(_ width: Double, _ height: Double) {
        for chart in Charts.all.map(\.chart) + Charts.empty {
            for element in chart.drawing(width: width, height: height).elements {
                for place in element.shape.corners {
                    #expect(place.x >= -0.51, "\(chart.title): \(element)")
                    #expect(place.x <= width + 0.51, "\(chart.title): \(element)")
                    #expect(place.y >= -0.51, "\(chart.title): \(element)")
                    #expect(place.y <= height + 0.51, "\(chart.title): \(element)")
                }
            }
        }
    }

    /// Points may not cover ticks or labels.
    @Test func pointsLieBetweenTheAxes() throws {
        let plot = Plot(
            Drawing("", summary: "", width: 400, height: 300), x: Scale([0, 7]), y: Scale([0.001, 30], .logarithmic),
            labels: ("x", "y"))
        var random = RandomStream(seed: 1)
        for _ in 0..<200 {
            let place = try #require(plot.place(random.uniform() * 7, 0.001 + random.uniform() * 29))
            #expect((plot.left...plot.right).contains(place.x))
            #expect((plot.top...plot.bottom).contains(place.y))
        }
        #expect(plot.place(1, -1) == nil)
        #expect(plot.place(.nan, 1) == nil)
    }

    @Test func svgIsWellFormed() throws {
        let folder = try TemporaryFolder()
        for chart in Charts.all.map(\.chart) + Charts.empty {
            for isStandalone in [true, false] {
                let text = chart.svg(isStandalone: isStandalone)
                let file = try folder.write(Array(text.utf8), to: "chart.svg")
                let svg = try XMLReader.element(contentsOf: file)
                #expect(svg.name == "svg")
                #expect(svg.attributes["role"] == "img")
                #expect(svg.child("title")?.text == chart.title)
                #expect(svg.child("desc")?.text.isEmpty == false)
                #expect((svg.child("style") != nil) == isStandalone)
                #expect(!text.contains("NaN"))
            }
        }
    }

    @Test func namesAreWrittenAsText() {
        let text = Charts.all.map { $0.chart.svg() }.joined()
        #expect(text.contains("a network with &lt;a long&gt; name &amp; no LSTM"))
        #expect(!text.contains("<a long>"))
    }

    @Test func aHistogramCountsEveryValue() {
        let values = (0..<1000).map { Double($0 * 37 % 501) / 7 }
        let chart = HistogramChart("", x: "", values + [.nan, .infinity])
        #expect(chart.counts.reduce(0, +) == values.count)
        for bin in chart.counts.indices.dropLast() {
            let (low, high) = (chart.edges[bin] - 1e-9, chart.edges[bin + 1] - 1e-9)
            let inside = values.count { (low..<high).contains($0) }
            #expect(abs(inside - chart.counts[bin]) <= 1)
        }
    }

    @Test func theCalibrationErrorIsDescribed() {
        let chart = ReliabilityChart("", [.init(count: 30, confidence: 0.2, accuracy: 0.5)], expectedError: 0.25)
        #expect(chart.drawing(width: 300, height: 300).summary == "The expected calibration error is 0.250.")
    }

    /// Contrast by WCAG 2.1: 4.5 for text, 3 for graphics.
    @Test func colorsCanBeSeen() {
        for theme in [Theme.light, .dark] {
            let paper = theme[.background].luminance
            func contrast(_ paint: Paint) -> Double {
                let other = theme[paint].luminance
                return (max(other, paper) + 0.05) / (min(other, paper) + 0.05)
            }
            for paint in [Paint.text, .secondary] { #expect(contrast(paint) >= 4.5, "\(paint)") }
            for number in 0..<Paint.seriesCount { #expect(contrast(.series(number)) >= 3, "\(number)") }
        }
    }
}

extension Drawing.Shape {
    /// Points that the shape reaches; for type, those of its baseline.
    fileprivate var corners: [Place] {
        switch self {
        case .line(let places, _, _), .area(let places): places
        case .rectangle(let x, let y, let width, let height): [[x, y], [x + width, y + height]]
        case .disk(let place, let radius), .ring(let place, let radius, _): [place - radius, place + radius]
        case .text(let text, let place, let size, let anchor):
            switch anchor {
            case .start: [place, place + [text.typeWidth(size: size), 0]]
            case .middle: [place - [text.typeWidth(size: size) / 2, 0], place + [text.typeWidth(size: size) / 2, 0]]
            case .end: [place - [text.typeWidth(size: size), 0], place]
            }
        }
    }
}

extension Image.Color {
    /// The relative luminance by WCAG 2.1, without its bend near black.
    fileprivate var luminance: Double {
        func linear(_ sample: UInt8) -> Double {
            let share = (Double(sample) / 255 + 0.055) / 1.055
            return share * share * share.squareRoot()
        }
        return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue)
    }
}
