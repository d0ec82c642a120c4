/// A segmentation network: an encoder halves the image at every level, a decoder doubles it back, and skip connections
/// join them at every level (Ronneberger, Fischer and Brox 2015).
///
/// Channels double at every level, up to a maximum. Blocks are two 3 × 3 convolutions, each with batch normalization and
/// ReLU.
///
/// `UNet(.init(filters: 64, upsampling: .bilinear))` is that of the labs' PyTorch port, without the biases before batch
/// normalization, which have no effect.
///
/// ```swift
/// let network = UNet(.init(classes: 3, filters: 8))
/// network(Tensor.zeros([4, 256, 256, 1])).shape              // [4, 256, 256, 3]
/// ```
public struct UNet: ConfigurableNetwork {
    /// How the decoder upsamples.
    public enum Upsampling: String, Sendable, Codable, CaseIterable {
        /// With transposed convolutions, which halve the channels.
        case transposed
        /// With bilinear interpolation. The block before it halves the channels, and the lowest level has as many as the
        /// one above it.
        case bilinear
    }

    public struct Configuration: NetworkConfiguration {
        /// The number of classes.
        public var classes: Int
        /// Channels at full resolution.
        public var filters: Int
        /// The maximum channels of any level; deep levels add receptive field, which needs few channels.
        public var maximumFilters: Int
        /// The number of times that the image is halved.
        public var depth: Int
        /// How the decoder upsamples.
        public var upsampling: Upsampling
        /// Whether a last block adds the context of each pixel's whole row, as the height of the tallest letter of a line
        /// requires (strip pooling, after Hou et al. 2020).
        public var rowContext: Bool

        /// Values are checked when a network is built; ``problem`` checks them without trapping.
        public init(
            classes: Int = 3, filters: Int = 16, maximumFilters: Int = 1024, depth: Int = 4,
            upsampling: Upsampling = .transposed, rowContext: Bool = false
        ) {
            (self.classes, self.filters, self.maximumFilters) = (classes, filters, maximumFilters)
            (self.depth, self.upsampling, self.rowContext) = (depth, upsampling, rowContext)
        }

        public static func defaults(classes: Int) -> Self { Self(classes: classes) }

        public var problem: String? {
            problem("classes", classes, in: 1...256) ?? problem("filters", filters, in: 1...128)
                ?? problem("maximumFilters", maximumFilters, in: filters...8192)
                ?? problem("depth", depth, in: 1...6)
        }
    }

    /// Convolution, batch normalization and ReLU, twice.
    package struct Block: Layer {
        package let conv1: Conv2D
        package let norm1: BatchNorm
        package let conv2: Conv2D
        package let norm2: BatchNorm

        init(_ inputs: Int, _ filters: Int) {
            conv1 = Conv2D(inputs, filters, padding: .same, bias: false)
            norm1 = BatchNorm(filters, activation: .relu)
            conv2 = Conv2D(filters, filters, padding: .same, bias: false)
            norm2 = BatchNorm(filters, activation: .relu)
        }

        package func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { norm2(conv2, norm1(conv1, x)) }
    }

    /// Adds a vertical convolution of the row maxima to every pixel, then applies one more block.
    package struct RowContext: Layer {
        package let along: Conv2D
        package let block: Block

        init(_ filters: Int) {
            along = Conv2D(filters, filters, kernelSize: IntPair(5, 1), padding: .same)
            block = Block(filters, filters)
        }

        package func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
            let row = IntPair(1, x.shape[2])
            return block(x + along(maxPool2D(x, kernel: row, stride: row)))
        }
    }

    public static let name = "unet"
    public let configuration: Configuration
    /// From full resolution to the lowest.
    package let encoder: [Block]
    /// To the resolution of the encoder block of the same index.
    package let enlargements: [any Layer]
    package let decoder: [Block]
    package let rows: RowContext?
    package let head: Conv2D
    private let pool = MaxPool2D(2)

    public init(_ configuration: Configuration) {
        configuration.check()
        self.configuration = configuration
        let interpolates = configuration.upsampling == .bilinear
        let levels = 0..<configuration.depth
        let deepest = interpolates ? configuration.depth - 1 : configuration.depth
        let filters = (0...configuration.depth).map {
            min(configuration.filters << min($0, deepest), configuration.maximumFilters)
        }
        encoder = filters.indices.map { Block($0 == 0 ? 1 : filters[$0 - 1], filters[$0]) }
        enlargements = levels.map { level -> any Layer in
            if interpolates { return Upsampling2D(2, .bilinearAligned) }
            return ConvTranspose2D(filters[level + 1], filters[level])
        }
        decoder = levels.map { Block(2 * filters[$0], interpolates ? filters[max($0 - 1, 0)] : filters[$0]) }
        rows = configuration.rowContext ? RowContext(configuration.filters) : nil
        head = Conv2D(configuration.filters, configuration.classes, kernelSize: 1)
    }

    public var exampleInput: Shape { [1, 256, 256, 1] }

    /// `[batch, height, width, 1]` → logits `[batch, height, width, classes]`; height and width must be multiples of
    /// 2^depth.
    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        let unit = 1 << configuration.depth
        precondition(
            x.rank == 4 && x.shape[1].isMultiple(of: unit) && x.shape[2].isMultiple(of: unit),
            "UNet: input is \(x.shape); height and width must be multiples of \(unit).")
        var features = [encoder[0](x)]
        for block in encoder.dropFirst() { features.append(block(pool(features[features.count - 1]))) }
        var y = features.removeLast()
        for level in decoder.indices.reversed() {
            y = decoder[level](.concatenated([features.removeLast(), enlargements[level](y)], axis: -1))
        }
        return head(rows?(y) ?? y)
    }
}
