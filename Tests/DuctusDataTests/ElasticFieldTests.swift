import DuctusData
import DuctusTestSupport
import Testing

@Suite struct ElasticFieldTests {
    private func field(
        _ height: Int, _ width: Int, amplitude: Double = 3, smoothness: Double = 4, seed: UInt64 = 1
    ) -> ElasticField {
        var random = RandomStream(seed: seed)
        return ElasticField(height: height, width: width, amplitude: amplitude, smoothness: smoothness, using: &random)
    }

    /// Displacements of all pixels of some fields, along both axes.
    private func displacements(amplitude: Double, smoothness: Double) -> [Double] {
        (0..<8 as Range<UInt64>).flatMap { seed in
            let field = field(60, 80, amplitude: amplitude, smoothness: smoothness, seed: seed)
            return (0..<60).flatMap { y in
                (0..<80).flatMap { x in
                    let move = field.displacement(x: Double(x), y: Double(y))
                    return [move.x, move.y]
                }
            }
        }
    }

    @Test(arguments: [(3.0, 1.0), (3, 2.5), (0.5, 4), (10, 7)])
    func fieldsAreBoundedAndAroundZero(amplitude: Double, smoothness: Double) {
        let moves = displacements(amplitude: amplitude, smoothness: smoothness)
        let mean = moves.reduce(0, +) / Double(moves.count)
        let deviation = (moves.reduce(0) { $0 + $1 * $1 } / Double(moves.count)).squareRoot()
        #expect(moves.allSatisfy { abs($0) <= amplitude * 1.000_001 })
        #expect(abs(mean) < 0.08 * amplitude, "\(mean)")
        #expect(abs(deviation / amplitude - 0.28) < 0.05, "\(deviation)")
    }

    /// Its slope is bounded by that of a B-spline, whose derivative's values add up to at most 2 between knots.
    @Test(arguments: [0.4, 1, 4, 15, 100]) func fieldsAreSmooth(smoothness: Double) {
        let field = field(40, 40, amplitude: 3, smoothness: smoothness)
        let slope = 2 * 3 / (smoothness * 3.0.squareRoot())
        for step in 0..<3_000 {
            let (x, y) = (Double(step % 60) * 0.65, Double(step / 60) * 0.78)
            let (a, b) = (field.displacement(x: x, y: y), field.displacement(x: x + 0.01, y: y + 0.01))
            #expect(abs(a.x - b.x) < 2 * slope * 0.01 + 1e-5)
            #expect(abs(a.y - b.y) < 2 * slope * 0.01 + 1e-5)
        }
    }

    /// A field that is far smoother than the image is large moves the image as a whole.
    @Test func aVerySmoothFieldIsAShift() {
        let field = field(20, 20, amplitude: 5, smoothness: 1e6)
        let first = field.displacement(x: 0, y: 0)
        let last = field.displacement(x: 19, y: 19)
        #expect(first.x != 0)
        #expect(abs(first.x - last.x) < 1e-3)
        #expect(abs(first.y - last.y) < 1e-3)
    }

    @Test func pointsOutsideMoveLikeTheEdge() {
        let field = field(10, 30)
        #expect(field.displacement(x: -7, y: 4) == field.displacement(x: 0, y: 4))
        #expect(field.displacement(x: 99, y: 1e9) == field.displacement(x: 29, y: 9))
    }

    @Test func fieldsFollowFromTheSeed() {
        let places = [(3.5, 2.0), (0, 0), (29, 9)]
        func moves(_ seed: UInt64) -> [Double] {
            places.flatMap { place in
                let move = field(10, 30, seed: seed).displacement(x: place.0, y: place.1)
                return [move.x, move.y]
            }
        }
        #expect(moves(1) == moves(1))
        #expect(moves(1) != moves(2))
        #expect(Set(moves(1)).count == 6, "The axes and places are independent.")
        #expect(field(1, 1).displacement(x: 0, y: 0) == field(1, 1).displacement(x: 5, y: 5))
    }

    @Test func emptyExtentsAndZeroSmoothnessTrap() async {
        await #expect(processExitsWith: .failure) {
            var random = RandomStream(seed: 1)
            _ = ElasticField(height: 3, width: 3, amplitude: 1, smoothness: 0, using: &random)
        }
        await #expect(processExitsWith: .failure) {
            var random = RandomStream(seed: 1)
            _ = ElasticField(height: 0, width: 3, amplitude: 1, smoothness: 1, using: &random)
        }
    }
}
