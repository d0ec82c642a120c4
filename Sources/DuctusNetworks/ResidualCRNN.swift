/// A line recognizer for high accuracy: residual blocks of convolutions turn the image into a sequence of columns,
/// bidirectional LSTMs process it, and a dense layer computes the CTC logits of every column (after Puigcerver 2017 and
/// Retsinas et al. 2022).
///
/// ```
/// [batch, 64, width, 1]       a convolution of 5 × 5 and stride 2, then one residual block
/// [batch, 32, width/2, 32]    maxima of 2 × 2 pixels, then two residual blocks
/// [batch, 16, width/4, 64]    maxima of 2 × 1 pixels, then two residual blocks
/// [batch, 8, width/4, 128]    maxima of the columns
/// [batch, width/4, 128]       two bidirectional LSTMs of 192 features a direction, then a dense layer
/// [batch, width/4, classes]
/// ```
///
/// In training, a second head, a convolution of three steps, guesses the text from the columns alone: the CTC
/// shortcut of Retsinas et al., by which convolutions learn faster. Its logits follow those of the first along the batch
/// axis, `[2 batch, width/4, classes]`, where `Loss.ctc` expects them. Inference has no need of it.
///
/// ```swift
/// let network = ResidualCRNN(.init(classes: Alphabet.iam.count))
/// network(Tensor.zeros([16, 64, 900, 1])).shape              // [16, 225, 80]
/// let loss = Loss.ctc(blank: Alphabet.iam.blank, steps: network.steps)
/// ```
public struct ResidualCRNN: ConfigurableNetwork {
    public static let name = "residualCRNN"
    /// The width of the narrowest image with a step.
    public static let minimumWidth = 3

    public let configuration: Configuration
    package let stem: Conv2D
    package let stemNorm: BatchNorm
    package let stages: [[ResidualBlock]]
    package let recurrent: [LSTM]
    package let head: Dense
    package let shortcut: Conv2D?
    private let channelDropout: Dropout
    private let dropout: Dropout
    private let headDropout: Dropout

    public init(_ configuration: Configuration) {
        configuration.check()
        self.configuration = configuration
        let (filters, hidden) = (configuration.filters, configuration.hidden)
        let features = filters[filters.count - 1]
        stem = Conv2D(1, filters[0], kernelSize: 5, stride: 2, padding: .zeros(2), bias: false)
        stemNorm = BatchNorm(filters[0], activation: .relu)
        stages = filters.indices.map { stage in
            (0..<configuration.blocks[stage]).map { block in
                ResidualBlock(filters[block == 0 ? max(stage - 1, 0) : stage], filters[stage])
            }
        }
        recurrent = (0..<configuration.recurrentLayers).map {
            LSTM($0 == 0 ? features : 2 * hidden, hidden, bidirectional: true)
        }
        head = Dense(recurrent.isEmpty ? features : 2 * hidden, configuration.classes)
        shortcut =
            configuration.shortcut
            ? Conv2D(
                features, configuration.classes, kernelSize: IntPair(1, 3), padding: .zeros(vertical: 0, horizontal: 1))
            : nil
        channelDropout = Dropout(configuration.channelDropout, sharing: [1])
        dropout = Dropout(configuration.dropout)
        headDropout = Dropout(configuration.headDropout)
    }

    /// The number of steps for an image of the given width.
    public static func steps(width: Int) -> Int { (width + 1) / 4 }

    /// A line of about sixty characters.
    public var exampleInput: Shape { [1, configuration.height, 900, 1] }

    /// `[batch, height, width, 1]` → logits `[batch, (width + 1) / 4, classes]`
    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { logits(x, widths: nil) }

    /// The output for a line depends neither on its padding nor, but for the statistics of the batch, on other lines.
    public func callAsFunction(_ x: Tensor<Float>, widths: [Int]) -> Tensor<Float> { logits(x, widths: widths) }

    private func logits(_ x: Tensor<Float>, widths: [Int]?) -> Tensor<Float> {
        precondition(
            x.rank == 4 && x.shape[1] == configuration.height && x.shape[2] >= Self.minimumWidth && x.shape[3] == 1,
            "ResidualCRNN: input is \(x.shape); it must be [batch, \(configuration.height), width, 1], at least "
                + "\(Self.minimumWidth) columns wide.")
        let ends = widths?.map { min(max($0, Self.minimumWidth), x.shape[2]) }
        let steps = ends?.map(Self.steps) ?? Array(repeating: Self.steps(width: x.shape[2]), count: x.shape[0])
        let columns = columns(ends.map { x.cleared(from: $0) } ?? x, steps: steps)
        var y = spanMask(columns, share: configuration.maskedShare, spans: configuration.maskedSpans, lengths: steps)
        y = channelDropout(y)
        for layer in recurrent { y = layer(dropout(y), lengths: steps) }
        let logits = head(headDropout(y))
        guard Training.isActive, let shortcut else { return logits }
        let second = shortcut(headDropout(columns.expandingShape(at: 1))).squeezingShape(at: 1)
        return .concatenated([logits, second], axis: 0)
    }

    /// The features of every column, `[batch, steps, features]`. What lies behind the steps of a line is zero in all
    /// layers, as the padding of convolutions is where a line is alone.
    private func columns(_ x: Tensor<Float>, steps: [Int]) -> Tensor<Float> {
        let halves = steps.map { 2 * $0 }
        var y = stemNorm(stem, x, widths: halves)
        for (stage, blocks) in stages.enumerated() {
            if stage > 0 { y = maxPool2D(y, kernel: IntPair(2, stage == 1 ? 2 : 1)) }
            for block in blocks { y = block(y, widths: stage == 0 ? halves : steps) }
        }
        return maxPool2D(y, kernel: IntPair(y.shape[1], 1)).squeezingShape(at: 1)
    }
}

extension ResidualCRNN: LineNetwork {
    public var height: Int { configuration.height }
    public var minimumWidth: Int { Self.minimumWidth }
    public var separatesLines: Bool { true }
    public func steps(width: Int) -> Int { Self.steps(width: width) }
}
