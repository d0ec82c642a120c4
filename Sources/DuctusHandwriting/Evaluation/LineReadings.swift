/// Lines that have been read, and how that compares with their references.
package struct LineReadings {
    /// A line that has been read.
    package struct Line: Sendable, Codable {
        /// Its place in the data set.
        package let index: Int
        package let text: String
        package let reference: String
        /// The confidence of the whole line, 0 to 1.
        package let confidence: Double
        package let words: [Word]
    }

    /// A word of a line.
    package struct Word: Sendable, Codable {
        package let text: String
        package let confidence: Double
    }

    /// The lines in the order of the data set.
    package let lines: [Line]
    /// Errors of all lines, by writer and page.
    package private(set) var texts = TextEvaluation()
    /// The confidences of all words.
    package private(set) var calibration = ConfidenceCalibration()

    init(lines: [Line], _ data: LineDataset) {
        self.lines = lines
        for line in lines {
            texts.add(
                line.text, reference: line.reference, writer: data.source.writer(of: line.index),
                page: data.source.page(of: line.index))
            let words = line.words.map { $0.text.normalizedScalars }
            for (word, isRight) in zip(line.words, keptElements(from: words, to: line.reference.normalizedWords)) {
                calibration.add(word.confidence, isRight: isRight)
            }
        }
    }
}
