/// A line of `predictions.jsonl`: what the network makes of some validation samples after an epoch.
package struct PredictionsLine: Codable, Sendable {
    package struct Sample: Codable, Sendable, Equatable {
        package let name: String
        package let expected: String
        package let predicted: String
    }

    /// The number of the epoch, from 1.
    package let epoch: Int
    /// The number of its last step.
    package let step: Int
    /// The seconds from 1970 until the end of the epoch.
    package let time: Double
    /// The samples in the order of the picture, from top to bottom.
    package let samples: [Sample]
}

/// Texts for the outputs of a network: what was expected of every sample of a batch, and what was predicted.
public typealias Transcription =
    @Sendable (_ output: Tensor<Float>, _ batch: Batch) -> [(
        expected: String, predicted: String
    )]

/// The validation samples that a run shows predictions of: the first of the validation data.
struct ShownSamples: Sendable {
    static let count = 8
    static let pictureName = "samples.png"
    let batch: Batch
    let transcription: Transcription

    /// The samples of a plan; nil without validation data, or if outputs are not texts.
    init?(_ plan: TrainingPlan) throws {
        guard let transcription = plan.transcription, let validation = plan.validation, validation.count > 0 else {
            return nil
        }
        // Single samples have the names and pictures of the data set, without those that are distorted or joined.
        batch = try validation.load(Array(0..<min(Self.count, validation.count)), epoch: 0)
        self.transcription = transcription
    }

    /// The inputs one below the other, dark on light; nil if they are no images.
    var picture: Image? {
        guard batch.input.rank == 4 else { return nil }
        let (height, width, channels) = (batch.input.shape[1], batch.input.shape[2], batch.input.shape[3])
        let (values, gap) = (batch.input.scalars, 4)
        var image = Image(width: width, height: (height + gap) * batch.names.count - gap, filledWith: 255)
        for sample in batch.names.indices {
            for y in 0..<height {
                for x in 0..<min(width, batch.widths[sample]) {
                    // The larger of 0 and NaN in this order is 0.
                    let ink = values[((sample * height + y) * width + x) * channels]
                    image[x, sample * (height + gap) + y] = UInt8((255 * (1 - min(max(0, ink), 1))).rounded())
                }
            }
        }
        return image
    }

    func predictions(of network: any Network) -> [PredictionsLine.Sample] {
        zip(batch.names, transcription(network(batch.input, widths: batch.widths), batch)).map {
            PredictionsLine.Sample(name: $0, expected: $1.expected, predicted: $1.predicted)
        }
    }
}

extension Callback {
    /// Appends the predictions of some samples to a file after every epoch, and draws the samples once.
    static func predictions(
        of samples: ShownSamples, to file: RecordFile<PredictionsLine>, in directory: String
    ) -> Callback {
        Callback(
            atStart: { context in
                try file.open { $0.epoch <= context.state.epoch }
                let path = "\(directory)/\(ShownSamples.pictureName)"
                if !File.exists(path), let picture = samples.picture {
                    try File.write(picture.pngData(), to: path)
                }
                return .continue
            },
            afterEpoch: { context in
                let predictions = context.averaged { samples.predictions(of: context.network) }
                try file.append(
                    PredictionsLine(
                        epoch: context.state.epoch, step: context.optimizer.steps, time: MetricsLine.now,
                        samples: predictions))
                return .continue
            })
    }
}
