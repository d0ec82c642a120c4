import DuctusData
import Testing

/// Features with a mean of 0 and a deviation of 1, as regression has them.
private struct Standardized: Dataset {
    var values: [Float] = [-3.5, 0, 2.25]
    let count = 1
    let expectation = Expectation(shape: [3])
    func name(of index: Int) -> String { "row \(index)" }
    func raw(_ index: Int) -> [Float] { values }
    func transform(_ raw: [Float], name: String) -> Example { Example(input: Tensor(raw), targets: Tensor([1])) }
}

@Suite struct ExpectationTests {
    @Test func anyFiniteNumberIsExpectedUnlessThereIsARange() throws {
        #expect(try Standardized().cached().examples[0].input == [-3.5, 0, 2.25])
    }

    @Test(arguments: [Float.nan, .infinity]) func otherNumbersAreNamed(stray: Float) throws {
        let error = #expect(throws: ExpectationError.self) { try Standardized(values: [0, stray, 0]).cached() }
        #expect(error?.sample == "row 0")
        #expect(error?.problem == "has the value \(stray), which is not finite")
    }
}
