import DuctusCharts
import DuctusTestSupport
import Testing

@Suite struct ScaleTests {
    /// Ranges of very different sizes and places.
    private static let ranges: [(Double, Double)] = [
        (0, 1), (0, 0), (5, 5), (-3, -3), (0.31, 0.97), (-1, 1), (1e-7, 3e-7), (1e6, 1e6 + 1), (-4e9, 7e11), (0.999, 1),
        (12, 3571), (-0.02, 0.5), (1e-12, 1e12), (99.99, 100.01), (1e90, 2e90),
    ]

    @Test(arguments: ranges) func theTicksCoverTheRange(_ low: Double, _ high: Double) throws {
        let scale = Scale([low, high])
        let slack = 1e-9 * max(low.magnitude, high.magnitude)
        #expect(try #require(scale.ticks.first).value <= low + slack)
        #expect(try #require(scale.ticks.last).value >= high - slack)
        #expect(scale.range.contains(low))
        #expect(scale.range.contains(high))
        #expect(scale.ticks.count >= 2)
        #expect(scale.ticks.count <= 9, "\(scale.ticks)")
    }

    @Test(arguments: ranges) func ticksAreEvenAndTheirLabelsDiffer(_ low: Double, _ high: Double) {
        let scale = Scale([low, high])
        let values = scale.ticks.map(\.value)
        let steps = zip(values, values.dropFirst()).map { $1 - $0 }
        let slack = max(1e-6 * steps[0], 1e-9 * high.magnitude)
        for step in steps { #expect(abs(step - steps[0]) <= slack) }
        guard high.magnitude < 1e15, high - low > 1e-9 * high.magnitude || high == low else { return }
        #expect(Set(scale.ticks.map(\.label)).count == scale.ticks.count, "\(scale.ticks.map(\.label))")
    }

    @Test(arguments: [(1e-5, 1.0), (0.001, 0.0012), (3.0, 4000.0), (2.0, 2.0), (1e-12, 1e12), (0.4, 0.9)])
    func logarithmicTicksCoverTheRange(_ low: Double, _ high: Double) throws {
        let scale = Scale([low, high, -1, 0, .nan], .logarithmic)
        #expect(scale.kind == .logarithmic)
        #expect(try #require(scale.ticks.first).value <= low * 1.000001)
        #expect(try #require(scale.ticks.last).value >= high * 0.999999)
        #expect(scale.ticks.count <= 12, "\(scale.ticks)")
        #expect(scale.fraction(0) == nil)
    }

    @Test func fractionsGrowWithValuesFromZeroToOne() throws {
        for kind in [Scale.Kind.linear, .logarithmic] {
            let scale = Scale([0.01, 40], kind)
            let shares = try stride(from: 0.01, through: 40, by: 0.37).map { try #require(scale.fraction($0)) }
            #expect(shares == shares.sorted())
            #expect(try #require(shares.first) >= 0)
            #expect(try #require(shares.last) <= 1)
        }
    }

    @Test func withoutPositiveValuesAnAxisIsLinear() {
        #expect(Scale([-1, 0], .logarithmic).kind == .linear)
        #expect(Scale([Double](), .logarithmic).kind == .linear)
    }

    @Test func aFixedRangeStaysAsItIs() {
        let scale = Scale([7], within: 0...1)
        #expect(scale.range == 0...1)
        #expect(scale.ticks.map(\.label) == ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"])
        #expect(scale.fraction(7) == 1)
    }

    @Test(arguments: [
        (0.0, 2, "0.00"), (-0.001, 2, "0.00"), (-1.25, 1, "−1.3"), (12.0, 0, "12"), (0.05, 3, "0.050"),
        (Double.infinity, 2, "∞"),
    ])
    func numbersHaveFixedDecimals(_ number: Double, _ digits: Int, _ text: String) {
        #expect(number.fixed(digits) == text)
    }

    @Test(arguments: [(0.93118, "0.931"), (1234.5, "1235"), (0.00002, "0.0000200"), (3e-9, "3.00e-9"), (0.0, "0")])
    func briefNumbersHaveThreeDigits(_ number: Double, _ text: String) { #expect(number.brief == text) }

    @Test func longTextIsShortened() {
        let text = String(repeating: "training.augmentation.", count: 5)
        let short = text.shortened(to: 100, size: 12)
        #expect(short.hasSuffix("…"))
        #expect(short.typeWidth(size: 12) <= 100)
        #expect("rate".shortened(to: 100, size: 12) == "rate")
    }
}
