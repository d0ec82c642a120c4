import DuctusTensors
import DuctusTestSupport
import Testing

/// All kinds of indices in any order against NumPy, for reading and assigning.
@Suite struct IndexingGoldenTests {
    @Test(arguments: try Goldens.cases("indexing"))
    func readingAndAssigningMatchNumPy(golden: GoldenCase) throws {
        let index = try #require(golden.attributes["index"]?.array).map { try selection($0, golden) }
        let values: Tensor<Float> = try golden.tensor("values")
        let (taken, assigned) = try (
            golden.tensor("taken") as Tensor<Float>, golden.tensor("assigned") as Tensor<Float>
        )
        for layout in layouts(of: try golden.tensor("source")) {
            let before = layout.scalars
            #expect(layout.selecting(index) == taken)
            var written = layout
            written.assign(values.strided, at: index)
            #expect(written == assigned)
            #expect(layout.scalars == before)
        }
        // The only user of its storage may write in place.
        var alone: Tensor<Float> = try golden.tensor("source").dense()
        alone.assign(values, at: index)
        #expect(alone == assigned)
    }

    /// The same elements: dense, transposed in memory, reversed in memory, and as part of a larger tensor.
    private func layouts(of x: Tensor<Float>) -> [Tensor<Float>] {
        let larger = x.padded(x.shape.map { _ in (1, 2) }, mode: .constant(-7))
        let inside = zip(larger.shape, x.shape).map { AxisSelection.range(from: 1, to: 1 + $1) }
        return [x, x.strided, x.flipped().dense().flipped(), larger.selecting(inside)]
    }

    private func selection(_ term: JSONText, _ golden: GoldenCase) throws -> AxisSelection {
        if case .number(let text) = term { return .position(try #require(Int(text))) }
        if term.string == "..." { return .ellipsis }
        if term.string == "new" { return .newAxis }
        let term = try #require(term.object)
        func number(_ key: String) -> Int? {
            if case .number(let text) = term[key] { Int(text) } else { nil }
        }
        if let name = term["positions"]?.string { return .positions(try golden.tensor(name, as: Int32.self)) }
        if let name = term["mask"]?.string { return .mask(try golden.tensor(name, as: Bool.self)) }
        if let step = number("by") { return .strided(from: number("from"), to: number("to"), by: step) }
        return .range(from: number("from"), to: number("to"))
    }
}
