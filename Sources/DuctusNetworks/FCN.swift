/// Finds lines: a fully convolutional network that gives every pixel logits for background, odd line or even line.
///
/// Seven residual blocks of two 7 × 7 convolutions, dilated 3, 3, 3, 3 and then 7: the receptive field of 493 pixels
/// spans the page, which telling odd lines from even ones needs.
///
/// ```swift
/// let network = FCN(.init(filters: 16, blockSize: 2))
/// network(Tensor.zeros([1, 256, 256, 1])).argmax().shape     // [1, 256, 256]
/// ```
public struct FCN: ConfigurableNetwork {
    public struct Configuration: NetworkConfiguration {
        public var classes: Int
        /// Channels of every block.
        public var filters: Int
        /// Side of the squares of pixels that the network works on: 1 is the original; 2 is four times as cheap and
        /// keeps all detail, because a square's pixels become its channels and come back at the end.
        public var blockSize: Int
        /// Of the fourteen convolutions, two a block.
        public var dilations: [Int]

        /// Sizes are checked when the network is built, or asked for their ``problem``.
        public init(
            classes: Int = 3, filters: Int = 8, blockSize: Int = 1,
            dilations: [Int] = [3, 3, 3, 3, 7, 7, 7, 7, 7, 7, 7, 7, 7, 7]
        ) {
            (self.classes, self.filters, self.blockSize, self.dilations) = (classes, filters, blockSize, dilations)
        }

        public var problem: String? {
            problem("classes", classes, in: 1...256) ?? problem("filters", filters, in: 1...512)
                ?? ([1, 2, 4, 8].contains(blockSize)
                    ? nil : "key \"blockSize\" is \(blockSize); it must be 1, 2, 4 or 8")
                ?? (dilations.count.isMultiple(of: 2) && 2...64 ~= dilations.count
                    ? nil : "key \"dilations\" has \(dilations.count) numbers; it must have two a block")
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

    /// `[batch, height, width, 1]` → logits `[batch, height, width, classes]`; both extents are multiples of the block.
    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        let block = configuration.blockSize
        return head(blocks.reduce(x.gatheringBlocks(block)) { $1($0) }).scatteringBlocks(block)
    }
}

extension Tensor where Scalar == Float {
    /// Squares of pixels become channels: `[n, h·b, w·b, c]` → `[n, h, w, b·b·c]`.
    fileprivate func gatheringBlocks(_ b: Int) -> Tensor {
        guard b > 1 else { return self }
        precondition(
            shape[1] % b == 0 && shape[2] % b == 0,
            "FCN: input is \(shape); height and width must be multiples of \(b).")
        let (n, h, w, c) = (shape[0], shape[1] / b, shape[2] / b, shape[3])
        return reshaped(to: [n, h, b, w, b, c]).permuted([0, 1, 3, 2, 4, 5]).reshaped(to: [n, h, w, b * b * c])
    }

    /// Channels become squares of pixels (sub-pixel convolution, Shi et al. 2016): `[n, h, w, b·b·c]` → `[n, h·b, w·b, c]`.
    fileprivate func scatteringBlocks(_ b: Int) -> Tensor {
        guard b > 1 else { return self }
        let (n, h, w, c) = (shape[0], shape[1], shape[2], shape[3] / (b * b))
        return reshaped(to: [n, h, w, b, b, c]).permuted([0, 1, 3, 2, 4, 5]).reshaped(to: [n, h * b, w * b, c])
    }
}
