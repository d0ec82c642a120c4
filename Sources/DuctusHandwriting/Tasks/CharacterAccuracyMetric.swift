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
        let reader = LineReader(network: network, characters: characters, input: LineInput())
        return Metric("characterAccuracy") { logits, batch in
            var metrics = TextMetrics()
            let labels = batch.labels.scalars
            let longest = batch.labels.shape[1]
            for (n, output) in reader.decode(logits, widths: batch.widths).enumerated() {
                let reference = Array(labels[n * longest..<n * longest + batch.labelLengths[n]])
                metrics.add(output.text, reference: characters.decode(reference))
            }
            return (metrics.characterAccuracy * Double(metrics.count), metrics.count)
        }
    }
}
