import DuctusLinearAlgebra
import DuctusTestSupport
import Testing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Every operation that NumPy or SciPy also has agrees with them. `Scripts/compare-with-numpy` runs this on other
/// numbers and writes the table.
@Suite struct NumPyAgreementTests {
    /// The largest error over the cases of one operation and type.
    private struct Row {
        var cases = 0
        var worst = 0.0
        var bound = 0.0
    }

    @Test func everyOperationAgreesWithNumPy() throws {
        let cases = try NumPyCase.all(in: variable("DUCTUS_NUMPY_CASES") ?? Goldens.path("numpy_cases.npz"))
        #expect(cases.count > 1000)
        var rows: [String: Row] = [:]
        for item in cases {
            let results = try item.results()
            #expect(results.count == item.outputs.count, "\(item)")
            let worst = zip(results, item.outputs).map { $0.error(from: $1) }.max() ?? .infinity
            #expect(worst <= item.tolerance, "\(item): \(item.attributes)")
            var row = rows["`\(item.operation)` | \(item.type)"] ?? Row()
            row.cases += 1
            row.worst = max(row.worst, worst)
            row.bound = max(row.bound, item.tolerance)
            rows["`\(item.operation)` | \(item.type)"] = row
        }
        guard let path = variable("DUCTUS_NUMPY_RESULTS") else { return }
        let lines = rows.sorted { $0.key < $1.key }.map { name, row in
            "| \(name) | \(row.cases) | \(tenths(row.worst)) | \(tenths(row.bound)) |"
        }
        let agreeing = "\(cases.count) cases, \(rows.count) pairs of operation and type."
        let table = ["", agreeing, "", "| operation | type | cases | largest error | bound |", "|---|---|--:|--:|--:|"]
        try File.write(Array((table + lines).joined(separator: "\n").utf8 + [10]), to: path)
    }

    private func variable(_ name: String) -> String? { getenv(name).map { String(cString: $0) } }

    /// With one decimal, unless it is an integer.
    private func tenths(_ value: Double) -> String {
        let rounded = (value * 10).rounded() / 10
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }
}
