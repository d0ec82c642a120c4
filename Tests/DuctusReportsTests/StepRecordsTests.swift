import DuctusReports
import DuctusTestSupport
import Testing

@Suite struct StepRecordsTests {
    @Test func valuesAreReadByName() throws {
        let folder = try TemporaryFolder()
        #expect(try StepRecords(of: folder.path).series.isEmpty)
        let text = """
            {"step": 1, "epoch": 1, "training": {"loss": 4, "rate": 0.1}}
            {"step": 2, "epoch": 1, "training": {"loss": "inf", "rate": 0.2}}
            {"step": 2, "epoch": 1, "validation": {"loss": 7}}
            {"step": 3, "epoch": 2, "training": {"loss": 2, "rate": 0.3}}
            {"step": 3, "epoch": 2, "training": {"loss": 2.5, "rate": 0.35}}
            {"step": 4, "epoch": 2, "training": {"loss": 1, "ra
            """
        try folder.write(Array(text.utf8), to: "metrics.jsonl")
        let series = try StepRecords(of: folder.path).series
        #expect(series.keys.sorted() == ["loss", "rate"])
        #expect(series["loss"]?.map(\.x) == [1, 2, 3])
        #expect(series["loss"]?.map(\.y) == [4, .infinity, 2.5])
        #expect(series["rate"]?.map(\.y) == [0.1, 0.2, 0.35])
    }

    @Test func meansKeepTheMean() {
        let points = (0..<1000).map { (x: Double($0), y: Double($0 % 7)) }
        let means = points.means(100)
        #expect(means.count == 100)
        let (sum, all) = (means.map(\.y).reduce(0, +), points.map(\.y).reduce(0, +))
        #expect(abs(sum * 10 - all) < 1e-6)
        #expect([(x: Double, y: Double)]().means(100).isEmpty)
    }
}
