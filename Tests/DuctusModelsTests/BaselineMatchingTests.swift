import DuctusModels
import Testing

@Suite struct BaselineMatchingTests {
    private func line(_ y: Double, from left: Double = 0, to right: Double = 400) -> LineGeometry {
        LineGeometry(baseline: [SIMD2(left, y), SIMD2(right, y)], ascent: 20, descent: 8)
    }
    private func matching(_ lines: [LineGeometry], _ reference: [LineGeometry]) -> BaselineMatching {
        var matching = BaselineMatching()
        matching.add(lines, reference: reference)
        return matching
    }

    @Test func equalLinesMatch() {
        let lines = [line(40), line(80), line(120)]
        #expect(matching(lines, lines).f1 == 1)
    }

    /// Lines 40 pixels apart have a tolerance of 10: full coverage up to 10 pixels, none from 30.
    @Test(arguments: [(10.0, 1.0), (20, 0.5), (30, 0)]) func coverageFallsWithTheDistance(shift: Double, share: Double)
    {
        let result = matching([line(40 + shift)], [line(40), line(80), line(120)].dropLast(2) + [line(0)])
        #expect(abs(result.precision - share) < 1e-9)
    }

    /// A line in two pieces is found, but one piece matches nothing.
    @Test func fragmentsCostPrecision() {
        let result = matching([line(40, to: 200), line(40, from: 200), line(80)], [line(40), line(80)])
        #expect(result.recall == 1)
        #expect(abs(result.precision - 2.0 / 3) < 1e-9)
    }

    @Test func linesThatAreMissingCostRecall() {
        let result = matching([line(40)], [line(40), line(80)])
        #expect(result.precision == 1)
        #expect(result.recall == 0.5)
        #expect(matching([], [line(40)]).recall == 0)
        #expect(matching([], [line(40)]).precision == 0)
        #expect(matching([line(40)], []).recall == 0)
        #expect(matching([], []).f1 == 1)
    }
}
