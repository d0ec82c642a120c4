import DuctusHandwriting
import DuctusTestSupport
import Testing

/// Whether the weights that come with Ductus are as good as the documentation says. The thresholds leave room for the small
/// samples, which take seconds; a change of weights, preprocessing, or decoding that costs accuracy does not pass.
@Suite struct PretrainedEvaluationTests {
    private static let weights = Goldens.path("../../Sources/DuctusReading/Weights")

    @Test func theSamplePageIsRead() throws {
        let reader = try PageReader(directory: Self.weights)
        let folder = Goldens.path("../../Examples/SamplePage")
        let page = reader.read(try Image(contentsOf: "\(folder)/sample.png"))
        let text = String(decoding: try File.readBytes("\(folder)/sample.txt"), as: UTF8.self)
            .split(separator: "\n").map { String($0) }
        #expect(page.lines.count == text.count)
        let errors = editDistance(
            from: Array(text.joined(separator: "\n").unicodeScalars),
            to: Array(page.lines.map(\.text).joined(separator: "\n").unicodeScalars))
        #expect(errors <= 3, "\(page.lines.map(\.text))")
    }

    @Test(.enabled(if: sharedData != nil, "DUCTUS_DATA is not set"))
    func digitsAreClassified() throws {
        let digits = try CharacterDataset(kind: "mnist", directory: #require(sharedData) + "/mnist", split: "test")
        let predictor = try CharacterPredictor("\(Self.weights)/characters.safetensors")
        let result = try Evaluation.characters(predictor, on: digits, limit: 2000)
        #expect(result.accuracy > 0.985)
        #expect(result.top5 > 0.999)
    }

    @Test(.enabled(if: sharedData != nil, "DUCTUS_DATA is not set"))
    func linesAreRead() throws {
        let lines = try LineDataset(kind: "iam", directory: #require(sharedData) + "/iam", split: "validation")
        let reader = try PageReader(directory: Self.weights).reader
        let result = try Evaluation.lines(reader, on: lines, limit: 40)
        #expect(result.cer < 0.1)
        #expect(result.characterAccuracy > 0.88)
    }

    @Test(.enabled(if: sharedData != nil, "DUCTUS_DATA is not set"))
    func linesAreDetected() throws {
        let pages = try DetectionDataset(kind: "iam", directory: #require(sharedData) + "/iam", split: "validation")
        let reader = try PageReader(directory: Self.weights)
        let result = try Evaluation.pages(reader, on: pages, limit: 3)
        #expect(result.cer < 0.15)
    }
}
