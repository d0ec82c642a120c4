import DuctusHandwriting
import DuctusTestSupport
import Testing

@Suite struct BestPathDecoderTests {
    let decoder = BestPathDecoder(classes: 3, blank: 0)

    /// Logits whose softmax puts `probability` on `label` and the rest evenly on the other two classes.
    private func frame(_ label: Int, _ probability: Double) -> [Float] {
        (0..<3).map { Float(logarithm($0 == label ? probability : (1 - probability) / 2)) }
    }

    @Test func repetitionsAreMergedAndBlanksRemoved() {
        let path = [0, 1, 1, 0, 1, 2, 2, 2, 0]
        let reading = decoder.decode(path.flatMap { frame($0, 0.9) })
        #expect(reading.labels == [1, 1, 2])
        #expect(reading.characters.map(\.frames) == [1..<3, 4..<5, 5..<8])
    }

    @Test func repetitionsAreNotMergedWithOneCharacterPerFrame() {
        let path = [1, 1, 2, 2, 2, 0, 0]
        let reading = BestPathDecoder(classes: 3, blank: 0, mergesRepetitions: false)
            .decode(path.flatMap { frame($0, 0.9) })
        #expect(reading.labels == [1, 1, 2, 2, 2])
        #expect(reading.characters.map(\.frames) == (0..<5).map { $0..<$0 + 1 })
    }

    @Test func confidenceIsTheGeometricMeanOfTheBestOfEachRun() {
        let logits = frame(1, 0.5) + frame(1, 0.9) + frame(0, 0.6) + frame(2, 0.4)
        let reading = decoder.decode(logits)
        #expect(abs(reading.characters[0].probability - 0.9) < 1e-6)
        #expect(abs(reading.characters[1].probability - 0.4) < 1e-6)
        #expect(abs(reading.confidence - 0.6) < 1e-6)
    }

    @Test func theConfidenceOfAnEmptyTextIsThatOfItsLeastLikelyBlank() {
        #expect(abs(decoder.decode(frame(0, 0.99) + frame(0, 0.7)).confidence - 0.7) < 1e-6)
        #expect(decoder.decode([]).confidence == 1)
        #expect(decoder.decode([]).labels.isEmpty)
    }

    @Test func theBlankMayBeAnyClass() {
        let reading = BestPathDecoder(classes: 3, blank: 2).decode([0, 0, 9, 9, 0, 0, 0, 0, 9, 0, 9, 0])
        #expect(reading.labels == [0, 1])
    }

    @Test func addingAConstantToAFrameChangesNothing() {
        let logits = frame(1, 0.8) + frame(0, 0.8) + frame(2, 0.5)
        let shifted = decoder.decode(logits.map { $0 + 64 })
        #expect(shifted.labels == decoder.decode(logits).labels)
        #expect(abs(shifted.confidence - decoder.decode(logits).confidence) < 1e-4)
    }

    @Test(
        arguments: [
            [-3e38, 3e38, -3e38], [-.infinity, .infinity, 0], [.nan, 1, .nan], [.infinity, .infinity, .infinity],
            [-.infinity, -.infinity, -.infinity], [.nan, .nan, .nan],
        ] as [[Float]])
    func extremeScoresGiveAConfidenceFromZeroToOne(logits: [Float]) {
        let reading = decoder.decode(logits + logits)
        #expect((0...1).contains(reading.confidence))
        #expect(reading.characters.allSatisfy { (0...1).contains($0.probability) })
    }

    @Test func scoresWithoutAnyEvidenceAreBlankWithoutConfidence() {
        let reading = decoder.decode([.nan, .nan, .nan])
        #expect(reading.labels.isEmpty)
        #expect(reading.confidence == 0)
    }
}

/// The natural logarithm as the series 2 artanh((x − 1) / (x + 1)), so that the test needs no C library.
private func logarithm(_ x: Double) -> Double {
    let ratio = (x - 1) / (x + 1)
    var (sum, power) = (0.0, ratio)
    for exponent in stride(from: 1.0, through: 199, by: 2) {
        sum += power / exponent
        power *= ratio * ratio
    }
    return 2 * sum
}
