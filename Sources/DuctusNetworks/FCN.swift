/// A line detector: a fully convolutional network that classifies every pixel as background, odd line or even line.
///
/// Seven residual blocks of two 7 × 7 convolutions with dilations 3, 3, 3, 3 and then 7: the receptive field of 493 pixels
/// spans the page, as telling odd lines from even ones requires.
///
/// ```swift
/// let network = FCN(.init(filters: 16, blockSize: 2))
/// network(Tensor.zeros([1, 256, 256, 1])).argmax().shape     // [1, 256, 256]
/// ```
public struct FCN: ConfigurableNetwork {
    public struct Configuration: NetworkConfiguration {
        /// The number of classes.
        public var classes: Int
        /// Output channels of every block.
        public var filters: Int
        /// The side of the blocks of pixels that become channels (space to depth) and are restored at the end: 1 is the
        /// original; 2 takes a quarter of the work and keeps all detail.
        public var blockSize: Int
        /// The dilations of the convolutions, two per block.
        public var dilations: [Int]

        /// Values are checked when a network is built; ``problem`` checks them without trapping.
        public init(
            classes: Int = 3, filters: Int = 8, blockSize: Int = 1,
            dilations: [Int] = [3, 3, 3, 3, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7]
        ) {
            (self.classes, self.filters, self.blockSize, self.dilations) = (classes, filters, blockSize, dilations)
        }

        public static func defaults(classes: Int) -> Self { Self(classes: classes) }

        public var problem: String? {
            problem("classes", classes, in: 1...256) ?? problem("filters", filters, in: 1...512)
                ?? ([1, 2, 4, 8].contains(blockSize)
                    ? nil : "key \"blockSize\" is \(blockSize); it must be 1, 2, 4 or 8")
                ?? (dilations.count.isMultiple(of: 2) && 2...64 ~= dilations.count
                    ? nil : "key \"dilations\" has \(dilations.count) numbers; it must have two per block")
                ?? problem("dilations", dilations, in: 1...64)
        }
    }

    /// `relu(conv(relu(conv(x))) + shortcut(x))`
    package struct Block: Layer {
        package let conv1: Conv2D
        package let conv2: Conv2D
        package let shortcut: Conv2D

        init(_ inputs: Int, _ filters: Int, dilations first: Int, _ second: Int) {
            conv1 = Conv2D(
                inputs, filters, kernelSize: 7, padding: .same, dilation: IntPair(first, first), activation: .relu)
            conv2 = Conv2D(filters, filters, kernelSize: 7, padding: .same, dilation: IntPair(second, second))
            shortcut = Conv2D(inputs, filters, kernelSize: 1)
        }

        package func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { (conv2(conv1(x)) + shortcut(x)).relu() }
    }

    public static let name = "fcn"
    public let configuration: Configuration
    package let blocks: [Block]
    package let head: Conv2D

    public init(_ configuration: Configuration) {
        configuration.check()
        self.configuration = configuration
        let dilations = configuration.dilations
        let area = configuration.blockSize * configuration.blockSize
        blocks = (0..<dilations.count / 2).map {
            Block(
                $0 == 0 ? area : configuration.filters, configuration.filters, dilations: dilations[2 * $0],
                dilations[2 * $0 + 1])
        }
        head = Conv2D(configuration.filters, area * configuration.classes, kernelSize: 1)
    }

    public var exampleInput: Shape { [1, 256, 256, 1] }

    /// `[batch, height, width, 1]` → logits `[batch, height, width, classes]`; height and width must be
    /// multiples of the block size.
    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        let block = configuration.blockSize
        return head(blocks.reduce(x.spaceToDepth(block)) { $1($0) }).depthToSpace(block)
    }
}

extension Tensor where Scalar == Float {
    /// Blocks of pixels become channels: `[n, h·b, w·b, c]` → `[n, h, w, b·b·c]`.
    fileprivate func spaceToDepth(_ b: Int) -> Tensor {
        guard b > 1 else { return self }
        precondition(
            shape[1] % b == 0 && shape[2] % b == 0,
            "FCN: input is \(shape); height and width must be multiples of \(b).")
        let (n, h, w, c) = (shape[0], shape[1] / b, shape[2] / b, shape[3])
        return reshaped(to: [n, h, b, w, b, c]).permuted([0, 1, 3, 2, 4, 5]).reshaped(to: [n, h, w, b * b * c])
    }

    /// Channels become blocks of pixels (sub-pixel convolution, Shi et al. 2016): `[n, h, w, b·b·c]` → `[n, h·b, w·b, c]`.
    fileprivate func depthToSpace(_ b: Int) -> Tensor {
        guard b > 1 else { return self }
        let (n, h, w, c) = (shape[0], shape[1], shape[2], shape[3] / (b * b))
        return reshaped(to: [n, h, w, b, b, c]).permuted([0, 1, 3, 2, 4, 5]).reshaped(to: [n, h * b, w * b, c])
    }
}
