/// Two convolutions with batch normalization, whose output is added to the block's input (He et al. 2016). A pointwise
/// convolution brings an input of another number of channels to that of the output.
///
/// ```swift
/// ResidualBlock(32, 64)(Tensor.zeros([8, 16, 225, 32])).shape   // [8, 16, 225, 64]
/// ```
package struct ResidualBlock: Layer {
    package let conv1: Conv2D
    package let norm1: BatchNorm
    package let conv2: Conv2D
    package let norm2: BatchNorm
    package let projection: Conv2D?
    package let projectionNorm: BatchNorm?

    /// `inputs` input channels, `outputs` output channels.
    package init(_ inputs: Int, _ outputs: Int) {
        conv1 = Conv2D(inputs, outputs, padding: .same, bias: false)
        norm1 = BatchNorm(outputs, activation: .relu)
        conv2 = Conv2D(outputs, outputs, padding: .same, bias: false)
        norm2 = BatchNorm(outputs)
        let projects = inputs != outputs
        projection = projects ? Conv2D(inputs, outputs, kernelSize: 1, bias: false) : nil
        projectionNorm = projects ? BatchNorm(outputs) : nil
    }

    package func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { self(x, widths: nil) }

    /// The output for images that were padded with zeros on the right, padded with zeros itself.
    ///
    /// - Parameters:
    ///   - x: `[batch, height, width, in]`.
    ///   - widths: the width of each sample without padding; that of the batch for all if `nil`.
    package func callAsFunction(_ x: Tensor<Float>, widths: [Int]?) -> Tensor<Float> {
        let y = norm2(conv2, norm1(conv1, x, widths: widths), widths: widths)
        guard let projection, let projectionNorm else { return y.adding(x, activation: .relu) }
        return y.adding(projectionNorm(projection, x, widths: widths), activation: .relu)
    }
}
