/// The samples of a split with what examining their pictures gave.
struct ExaminedSplit: Sendable {
    /// A sample whose picture was read.
    struct Picture: Sendable {
        /// What the picture looks like; nil for characters, of which many look alike.
        let look: PictureHash?
        /// The hash of the picture itself.
        let content: ContentHash
        /// The number of steps that the network has for the line, and that its text needs; nil without a network.
        let steps: (available: Int, needed: Int)?
    }

    let samples: [DataSamples.Sample]
    let isTraining: Bool
    /// What was found of every picture, or why it could not be read.
    let pictures: [Result<Picture, any Error>]

    init(
        _ samples: [DataSamples.Sample], isTraining: Bool, alphabet: Alphabet?, network: (any LineNetwork)?,
        input: LineInput?
    ) {
        (self.samples, self.isTraining) = (samples, isTraining)
        pictures = parallelMap(samples.count) { index in
            Result { try Self.picture(samples[index], alphabet, network, input) }
        }
    }

    private static func picture(
        _ sample: DataSamples.Sample, _ alphabet: Alphabet?, _ network: (any LineNetwork)?, _ input: LineInput?
    ) throws -> Picture {
        let image = try sample.image()
        guard !image.isEmpty else { throw DatasetError.malformed(file: sample.name, reason: "the picture is empty") }
        let isCharacter = image.width == CharacterImages.side && image.height == CharacterImages.side
        var steps: (available: Int, needed: Int)?
        if let alphabet, let network, let input, let labels = try? alphabet.encode(sample.text, sample: sample.name) {
            let width = max(input.tensor(image).shape[1], network.minimumWidth)
            steps = (network.steps(width: width), needed(labels, network))
            if let generator = network as? any TextGenerator { steps = (generator.maximumLength, labels.count) }
        }
        return Picture(
            look: isCharacter ? nil : PictureHash(image), content: ContentHash(image.grayscale().pixels), steps: steps)
    }

    /// CTC needs a step per character, and one for the blank between two that are the same.
    private static func needed(_ labels: [Int32], _ network: any LineNetwork) -> Int {
        labels.count + (network.alignment == .ctc ? zip(labels, labels.dropFirst()).count { $0 == $1 } : 0)
    }
}
