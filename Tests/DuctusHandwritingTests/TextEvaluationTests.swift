import DuctusHandwriting
import DuctusHandwritingTestSupport
import DuctusTestSupport
import Testing

@Suite struct TextEvaluationTests {
    private func evaluation(_ samples: [(text: String, writer: String?, page: String?)]) -> TextEvaluation {
        var texts = TextEvaluation()
        for (text, writer, page) in samples { texts.add(text, reference: "abcd", writer: writer, page: page) }
        return texts
    }

    @Test func writersHaveTheirOwnRates() throws {
        let texts = evaluation([("abcd", "1", "p"), ("abxx", "2", "p"), ("xbcd", "1", "q")])
        let writers = try #require(texts.writers)
        #expect(writers.keys.sorted() == ["1", "2"])
        #expect(writers["1"]?.samples == 2)
        #expect(writers["1"]?.cer == 0.125)
        #expect(writers["1"]?.wer == 0.5)
        #expect(writers["2"]?.cer == 0.5)
        #expect(texts.all.cer == 0.25)
        #expect(evaluation([("abcd", "1", nil), ("abcd", nil, nil)]).writers == nil)
    }

    /// Lines of a writer are not independent of each other; single lines are better than nothing.
    @Test func theCoarsestUnitIsResampled() {
        #expect(evaluation([("", "1", "p"), ("", "2", "q")]).interval?.resampled == "writers")
        #expect(evaluation([("", "1", "p"), ("", "1", "q")]).interval?.resampled == "pages")
        #expect(evaluation([("", nil, "p"), ("", nil, "q")]).interval?.resampled == "pages")
        #expect(evaluation([("", "1", "p"), ("", "1", "p")]).interval?.resampled == "texts")
        #expect(evaluation([("", "1", "p")]).interval == nil)
        #expect(evaluation([]).interval == nil)
    }

    @Test func equalWritersLeaveNoDoubt() {
        let interval = evaluation([("abcx", "1", nil), ("xbcd", "2", nil), ("abxd", "3", nil)]).interval
        #expect(interval?.low == 0.25)
        #expect(interval?.high == 0.25)
    }

    /// Of n independent characters, each wrong with probability p, the rate has the standard deviation √(p (1 − p) / n).
    @Test func theIntervalIsThatOfTheNormalDistribution() throws {
        let texts = (0..<400).map {
            (text: $0.isMultiple(of: 4) ? "xxxx" : "abcd", writer: "\($0)", page: String?.none)
        }
        let interval = try #require(evaluation(texts).interval)
        let deviation = (0.25 * 0.75 / 400).squareRoot()
        #expect(abs(interval.low - (0.25 - 1.96 * deviation)) < 0.2 * deviation)
        #expect(abs(interval.high - (0.25 + 1.96 * deviation)) < 0.2 * deviation)
    }

    @Test func theSameTextsGiveTheSameInterval() {
        let texts = (0..<30).map { (text: String("abcd".prefix($0 % 5)), writer: "\($0 % 7)", page: String?.none) }
        let expected = evaluation(texts).interval
        #expect(evaluation(texts).interval == expected)
        let alone = onThreads(1) { evaluation(texts).interval }
        #expect(alone == expected)
    }

    /// A resample of two groups has the rate of one, of the other, or of both.
    @Test func groupsAreDrawnWhole() {
        let rates = TextEvaluation.resampledCER(of: [(0, 10), (5, 30)], count: 200)
        #expect(Set(rates) == [0, 5.0 / 40, 5.0 / 30])
        #expect(rates == rates.sorted())
    }
}
