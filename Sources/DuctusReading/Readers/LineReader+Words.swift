extension LineReader {
    /// A word of a line, with its position on the image of the line.
    public struct Word: Sendable, Equatable {
        /// The text.
        public let text: String
        /// The probability that all characters of the word are right, 0 to 1.
        public let confidence: Double
        /// The left and right ends as fractions of the width of the image, 0 to 1. Where words meet, the end lies in the
        /// middle between the last character and the space, as the network saw them.
        public let span: ClosedRange<Double>

        /// A word with a confidence and a position.
        public init(text: String, confidence: Double, span: ClosedRange<Double>) {
            (self.text, self.confidence, self.span) = (text, confidence, span)
        }

        /// The box of the word on the page, as high as that of its line, whose image is the whole of `line`.
        public func box(in line: Box) -> Box {
            let start = line.x + Int((span.lowerBound * Double(line.width)).rounded(.down))
            let end = line.x + Int((span.upperBound * Double(line.width)).rounded(.up))
            return Box(x: start, y: line.y, width: min(end, line.maxX) - start, height: line.height)
        }
    }

    /// Where the steps of the network lie on the image of a line.
    struct StepGeometry {
        /// The columns of a step, and the column at which the first step begins, relative to the image.
        let stride: Double
        let start: Double
        /// The columns of the image.
        let width: Double

        /// Steps are evenly spaced, with as much before the first as behind the last.
        init(_ network: any LineNetwork, input: LineInput, columns: Int, imageColumns: Int?) {
            let steps = network.steps(width: columns)
            let wider = network.steps(width: columns + 1024)
            stride = 1024 / Double(max(wider - steps, 1))
            start = (Double(columns) - stride * Double(steps)) / 2 - Double(input.margin)
            width = Double(max(imageColumns ?? columns - 2 * input.margin, 1))
        }

        /// The position of a boundary between steps as a fraction of the width of the image.
        func fraction(_ step: Double) -> Double { min(max((start + stride * step) / width, 0), 1) }
    }

    /// The words of decoded characters, which are separated by spaces.
    ///
    /// - Parameter readings: the most likely texts with a language model, best first; none without one.
    func words(
        _ decoded: [DecodedCharacter], _ geometry: StepGeometry, among readings: [PrefixBeamDecoder.Reading] = []
    ) -> [Word] {
        let space = (try? characters.encode(" ", sample: ""))?.first
        let ends = zip(decoded, decoded.dropFirst()).map {
            Double($0.frames.upperBound + $1.frames.lowerBound) / 2
        }
        let words = decoded.indices.split { decoded[$0].label == space }
        let margins = WordConfidence.margins(
            readings.map { reading in
                (reading.labels.split { $0 == space }.map { Array($0) }, reading.score)
            })
        let confidence = readings.isEmpty ? WordConfidence.plain : .withLanguage
        return words.enumerated().map { place, indices in
            let (first, last) = (indices[indices.startIndex], indices[indices.endIndex - 1])
            let (left, right) = (decoded[first].frames, decoded[last].frames)
            // At the ends of the line, a character is as wide to one side as to the other.
            let firstEnd = first < ends.count ? ends[first] : Double(left.upperBound)
            let lastStart = last > 0 ? ends[last - 1] : Double(right.lowerBound)
            let start = first > 0 ? ends[first - 1] : Double(left.lowerBound + left.upperBound) - firstEnd
            let end = last < ends.count ? ends[last] : Double(right.lowerBound + right.upperBound) - lastStart
            let (low, high) = (geometry.fraction(start), geometry.fraction(end))
            return Word(
                text: characters.decode(decoded[first...last].map(\.label)),
                confidence: confidence(decoded[first...last], margin: readings.isEmpty ? 0 : margins[place]),
                span: low...max(low, high))
        }
    }
}
