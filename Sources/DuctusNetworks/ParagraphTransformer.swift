/// A paragraph recognizer without line segmentation: a residual network encodes the image, a ``TransformerDecoder``
/// generates the text, with line breaks as characters (Singh and Karayev 2021).
///
/// A 7 × 7 convolution, max pooling and four stages of residual blocks as in ResNet-18 (He et al. 2016) downsample the image
/// 32 times. With a smaller `columnStride` the last stages keep the width, which separates narrow letters. Every position of
/// the result becomes a step of the memory, column by column, with a two-dimensional positional encoding. The original's
/// sizes, too large to train on a CPU, are `.init(classes: 82, filters: [64, 128, 256, 512], norm: .after, dropout: 0.4)`.
///
/// ```swift
/// let network = ParagraphTransformer(.init(classes: 81, height: 288))
/// network(Tensor.zeros([1, 288, 320, 1])).shape              // [1, 90, 256]: the memory, 9 × 10 positions
/// ```
public struct ParagraphTransformer: ConfigurableNetwork, TextGenerator {
    public struct Configuration: NetworkConfiguration {
        /// The number of characters, including the line break, plus the blank, which is never generated. The start and end
        /// tokens are not counted.
        public var classes: Int
        /// The height of the images.
        public var height: Int
        /// Output channels of the encoder's stages.
        public var filters: [Int]
        /// Residual blocks per stage.
        public var blocks: Int
        /// The horizontal stride of the encoder: 4, 8, 16 or 32.
        public var columnStride: Int
        /// Channels of memory and decoder, an even number.
        public var width: Int
        /// The number of decoder blocks.
        public var layers: Int
        /// Attention heads, which must divide `width`.
        public var heads: Int
        /// Hidden features of the feed-forward networks.
        public var hidden: Int
        /// The position of layer normalization in the decoder blocks.
        public var norm: NormPosition
        /// The dropout rate of the decoder.
        public var dropout: Double
        /// The maximum length of a generated text.
        public var maximumLength: Int

        /// Values are checked when a network is built; ``problem`` checks them without trapping.
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

        public static func defaults(classes: Int) -> Self { Self(classes: classes) }

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

    /// A residual block of two 3 × 3 convolutions.
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

    /// A paragraph with an aspect ratio of 10 : 9.
    public var exampleInput: Shape { [1, configuration.height, configuration.height * 10 / 9, 1] }
    public var height: Int { configuration.height }
    public var minimumWidth: Int { 3 }
    public var maximumLength: Int { configuration.maximumLength }
    public func steps(width: Int) -> Int {
        Self.positions(width, stride: configuration.columnStride) * Self.positions(height, stride: 32)
    }

    /// The size after the encoder: the convolutions round up, the pooling rounds down.
    private static func positions(_ size: Int, stride: Int) -> Int {
        let last = stride / 4
        return ((size + 1) / 2 / 2 + last - 1) / last
    }

    /// `[batch, height, width, 1]` → memory `[batch, height / 32 · width / columnStride, channels]`
    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        precondition(
            x.rank == 4 && x.shape[1] == height,
            "ParagraphTransformer: input is \(x.shape); it must be [batch, \(height), width, 1].")
        // Column by column, so that horizontal padding comes last.
        return positions(encoder(x)).transposed(1, 2).flattened(1, 2)
    }
}

extension Tensor {
    /// Merges two adjacent axes.
    fileprivate func flattened(_ first: Int, _ second: Int) -> Tensor {
        reshaped(to: Shape(shape[..<first] + [shape[first] * shape[second]] + shape[(second + 1)...]))
    }
}
