/// Reads a whole paragraph by writing it, lines and all: a residual network encodes the image, a ``TransformerDecoder``
/// writes the text, in which a new line is a character like others (Singh and Karayev 2021).
///
/// The image shrinks 32 times in both directions: a 7 × 7 convolution and a pooling, then four stages of residual
/// blocks as in ResNet-18 (He et al. 2016), all but the first of which halve it. With a smaller `columnStride` the last
/// of them keep its width, so that letters close to each other stay apart. Every place of what is left becomes a
/// step of the memory, column by column, with positions in two dimensions. The original's sizes, which need far more
/// than a CPU's patience to train, are `.init(classes: 82, filters: [64, 128, 256, 512], norm: .after, dropout: 0.4)`.
///
/// ```swift
/// let network = ParagraphTransformer(.init(classes: 81, height: 288))
/// network(Tensor.zeros([1, 288, 320, 1])).shape              // [1, 90, 256]: the memory, 9 × 10 places
/// ```
public struct ParagraphTransformer: ConfigurableNetwork, TextGenerator {
    public struct Configuration: NetworkConfiguration {
        /// Characters, the new line among them, and the blank, which is never written. Start and end of a text are two
        /// more tokens.
        public var classes: Int
        /// Height of the images.
        public var height: Int
        /// Channels of the encoder's stages.
        public var filters: [Int]
        /// Residual blocks of every stage.
        public var blocks: Int
        /// Columns of the image from one step of the memory to the next: 4, 8, 16 or 32.
        public var columnStride: Int
        /// Channels of the memory and of the decoder.
        public var width: Int
        /// Blocks of the decoder.
        public var layers: Int
        /// Heads of every attention; they share the channels.
        public var heads: Int
        /// Width of the dense layers inside the decoder's blocks.
        public var hidden: Int
        /// Where the decoder's blocks normalise: `before` or `after`.
        public var norm: NormPosition
        /// Dropout in the decoder.
        public var dropout: Double
        /// The longest text that is written.
        public var maximumLength: Int

        /// Sizes are checked when the network is built, or asked for their ``problem``.
        public init(
            classes: Int, height: Int = 576, filters: [Int] = [32, 64, 128, 256], blocks: Int = 2,
            columnStride: Int = 32, width: Int = 256, layers: Int = 4, heads: Int = 4, hidden: Int = 256,
            norm: NormPosition = .before, dropout: Double = 0.1, maximumLength: Int = 682
        ) {
            (self.classes, self.height, self.filters, self.blocks) = (classes, height, filters, blocks)
            (self.columnStride, self.width) = (columnStride, width)
            (self.layers, self.heads, self.hidden) = (layers, heads, hidden)
            (self.norm, self.dropout, self.maximumLength) = (norm, dropout, maximumLength)
        }

        public var problem: String? {
            let problems: [String?] = [
                problem("classes", classes, in: 2...65_536), problem("height", height, in: 32...8192),
                filters.count == 4 ? nil : "key \"filters\" has \(filters.count) numbers; it must have 4",
                problem("filters", filters, in: 1...4096), problem("blocks", blocks, in: 1...64),
                [4, 8, 16, 32].contains(columnStride)
                    ? nil : "key \"columnStride\" is \(columnStride); it must be 4, 8, 16 or 32",
                transformerProblem(width: width, layers: layers, heads: heads, hidden: hidden),
                width.isMultiple(of: 2) ? nil : "key \"width\" is \(width); it must be even",
                problem("maximumLength", maximumLength, in: 1...65_536), dropoutProblem(dropout),
            ]
            return problems.compactMap { $0 }.first
        }
    }

    public static let name = "paragraphTransformer"
    public let configuration: Configuration
    package let encoder: Sequential
    public let decoder: TransformerDecoder
    private let positions: SinusoidalPositions2D

    public init(_ configuration: Configuration) {
        configuration.check()
        self.configuration = configuration
        let filters = configuration.filters
        encoder = Sequential {
            Conv2D(1, filters[0], kernelSize: 7, stride: 2, padding: .same, bias: false)
            BatchNorm(filters[0], activation: .relu)
            MaxPool2D(2)
            for stage in 0..<4 {
                for block in 0..<configuration.blocks {
                    Self.block(
                        block == 0 ? filters[max(stage - 1, 0)] : filters[stage], filters[stage],
                        stride: block > 0 || stage == 0
                            ? 1 : IntPair(2, 4 << stage <= configuration.columnStride ? 2 : 1))
                }
            }
            Conv2D(filters[3], configuration.width, kernelSize: 1)
        }
        decoder = TransformerDecoder(
            tokens: configuration.classes + 2, channels: configuration.width, layers: configuration.layers,
            heads: configuration.heads, hidden: configuration.hidden, norm: configuration.norm,
            dropout: configuration.dropout)
        positions = SinusoidalPositions2D(configuration.width)
    }

    /// Two 3 × 3 convolutions with a way around them.
    private static func block(_ inputs: Int, _ filters: Int, stride: IntPair) -> Residual {
        let projection = Sequential {
            Conv2D(inputs, filters, kernelSize: 1, stride: stride, bias: false)
            BatchNorm(filters)
        }
        return Residual(projection: inputs == filters && stride == IntPair(1, 1) ? nil : projection, activation: .relu)
        {
            Conv2D(inputs, filters, stride: stride, padding: .same, bias: false)
            BatchNorm(filters, activation: .relu)
            Conv2D(filters, filters, padding: .same, bias: false)
            BatchNorm(filters)
        }
    }

    /// A paragraph ten parts wide and nine parts high.
    public var exampleInput: Shape { [1, configuration.height, configuration.height * 10 / 9, 1] }
    public var height: Int { configuration.height }
    public var minimumWidth: Int { 3 }
    public var maximumLength: Int { configuration.maximumLength }
    public func steps(width: Int) -> Int {
        Self.places(width, stride: configuration.columnStride) * Self.places(height, stride: 32)
    }

    /// What is left of an extent: half of it, rounded up, then half rounded down, then halves rounded up.
    private static func places(_ extent: Int, stride: Int) -> Int {
        let last = stride / 4
        return ((extent + 1) / 2 / 2 + last - 1) / last
    }

    /// `[batch, height, width, 1]` → memory `[batch, height / 32 · width / columnStride, channels]`
    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        precondition(
            x.rank == 4 && x.shape[1] == height,
            "ParagraphTransformer: input is \(x.shape); it must be [batch, \(height), width, 1].")
        // Columns come first, so that what is beside a narrower image comes last.
        return positions(encoder(x)).transposed(1, 2).flattened(1, 2)
    }
}

extension Tensor {
    /// Two neighbouring axes as one.
    fileprivate func flattened(_ first: Int, _ second: Int) -> Tensor {
        reshaped(to: Shape(shape[..<first] + [shape[first] * shape[second]] + shape[(second + 1)...]))
    }
}
