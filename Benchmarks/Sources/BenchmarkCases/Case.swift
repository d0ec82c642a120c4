import Ductus

/// Something to be timed.
public struct Case: Sendable {
    /// What it is called, here and on the side of the peers.
    public let name: String
    /// What it has to do at least.
    public let work: Work
    /// Makes the operands and returns what is timed.
    public let prepare: @Sendable () -> () -> Void

    /// The least work of a case, which its time is rated by.
    public struct Work: Sendable {
        /// Floating-point operations; a multiply-add is two, a backward pass twice its forward pass.
        public var flops = 0.0
        /// Bytes read and written.
        public var bytes = 0.0

        static func flops(_ count: Double) -> Work { Work(flops: count) }
        static func bytes(_ count: Double) -> Work { Work(bytes: count) }
        static func floats(_ count: Int) -> Work { Work(bytes: 4 * Double(count)) }
        static let none = Work()

        static func * (work: Work, factor: Double) -> Work {
            Work(flops: work.flops * factor, bytes: work.bytes * factor)
        }
    }

    init(_ name: String, _ work: Work = .none, _ prepare: @escaping @Sendable () -> () -> Void) {
        (self.name, self.work, self.prepare) = (name, work, prepare)
    }

    /// All cases, in the order of the tables.
    public static let all =
        matrixProducts + convolutions + groupedConvolutions + pooling + normalizations + elementwise + recurrent
        + attention + losses
        + optimizers + networks + linearAlgebra + algorithms
}

/// A forward pass and, from a random gradient of its result, the gradients of `inputs`.
func forwardAndBackward(
    _ inputs: [Tensor<Float>], _ function: @escaping ([Tensor<Float>]) -> Tensor<Float>
) -> () -> Void {
    let upstream = random(function(inputs).shape)
    return { _ = valueAndPullback(at: inputs, function).pullback(upstream) }
}

/// Numbers of mean 0 and variance `scale`².
func random(_ shape: Shape, scale: Float = 1) -> Tensor<Float> {
    var stream = RandomStream(seed: 1)
    let bound = scale * Float(3).squareRoot()
    return .uniform(shape, from: -bound, to: bound, using: &stream)
}

/// Labels in `range`.
func randomLabels(_ shape: Shape, in range: Range<Int32>) -> Tensor<Int32> {
    var stream = RandomStream(seed: 2)
    return Tensor((0..<shape.elementCount).map { _ in Int32.random(in: range, using: &stream) }, shape: shape)
}
