/// Character accuracy of decoded texts; see `Metric.characterAccuracy(_:_:)`.
public struct CharacterAccuracyMetric: MetricConfiguration {
    public static let name = "characterAccuracy"
    /// The metric has no settings.
    public init() {}

    public func metric(for context: LearningContext) throws -> Metric {
        guard let network = context.network as? any LineNetwork, let characters = context.characters else {
            throw ConfigurationError(context.file, "the metric \(Self.name) is for text recognizers")
        }
        return .characterAccuracy(network, characters)
    }
}

extension Metric {
    /// The mean over texts of 1 − edit distance / length, with best path decoding or, for autoregressive networks, greedy
    /// decoding.
    public static func characterAccuracy(_ network: any LineNetwork, _ characters: Alphabet) -> Metric {
        let transcription = transcription(of: network, characters)
        return Metric("characterAccuracy") { logits, batch in
            var metrics = TextMetrics()
            for text in transcription(logits, batch) { metrics.add(text.predicted, reference: text.expected) }
            return (metrics.characterAccuracy * Double(metrics.count), metrics.count)
        }
    }
}

/// The texts of lines and those that a recognizer decodes, with best path decoding or, for autoregressive networks, greedy
/// decoding.
func transcription(of network: any LineNetwork, _ characters: Alphabet) -> Transcription {
    let reader = LineReader(network: network, characters: characters, input: LineInput())
    return { logits, batch in
        let labels = batch.labels.scalars
        let longest = batch.labels.shape[1]
        return reader.decode(logits, widths: batch.widths).enumerated().map { n, output in
            let reference = Array(labels[n * longest..<n * longest + batch.labelLengths[n]])
            return (characters.decode(reference), output.text)
        }
    }
}
