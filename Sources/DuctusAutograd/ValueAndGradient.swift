import Synchronization

/// The value of `function` and its gradient with respect to each input.
///
/// ```swift
/// let (value, gradients) = valueAndGradient(at: [x, w]) { ($0[0].matmul($0[1])).squared().sum() }
/// ```
/// - Parameters:
///   - inputs: what `function` is called with.
///   - random: what dropout and other noise draw from; another stream every time, unless given.
///   - function: from the inputs to a scalar; an input that does not reach it has a gradient of zeros.
public func valueAndGradient<Scalar: FloatingScalar>(
    at inputs: [Tensor<Scalar>], random: RandomStream? = nil, _ function: ([Tensor<Scalar>]) throws -> Tensor<Scalar>
) rethrows -> (value: Tensor<Scalar>, gradients: [Tensor<Scalar>]) {
    let (value, pullback) = try valueAndPullback(at: inputs, random: random, function)
    precondition(value.count == 1, "Gradients start from a scalar; the result has shape \(value.shape).")
    return (value, pullback(.ones(value.shape)))
}

/// The value of `function`, of any shape, and the map from the gradient of that value to those of the inputs: the
/// vector-Jacobian product.
///
/// ```swift
/// let (y, pullback) = valueAndPullback(at: [x, w]) { $0[0].matmul($0[1]) }
/// let gradients = pullback(dy)               // [dy wᵀ, xᵀ dy]
/// ```
/// - Returns: the value and its pullback, which can be called once: what the operations saved goes as it is used.
public func valueAndPullback<Scalar: FloatingScalar>(
    at inputs: [Tensor<Scalar>], random: RandomStream? = nil, _ function: ([Tensor<Scalar>]) throws -> Tensor<Scalar>
) rethrows -> (value: Tensor<Scalar>, pullback: (Tensor<Scalar>) -> [Tensor<Scalar>]) {
    let tape = Tape()
    let watched = inputs.map(tape.watch)
    let value = try Recording.with(tape, random) { try function(watched) }
    return (
        value.detached(),
        { gradient in
            tape.propagate(gradient, from: value)
            return zip(watched, inputs).map { $0.node?.gradient ?? .zeros($1.shape) }
        }
    )
}

/// The value of `function` and the gradient of every trainable parameter that it read.
///
/// Gradients are returned, not stored: nothing has to be cleared before the next step.
///
/// ```swift
/// let weight = Parameter([[0.5], [-1]])
/// let (loss, gradients) = valueAndGradient(of: [weight]) { x.matmul(weight.value).squared().sum() }
/// gradients[weight]                          // 2 xᵀ x w, [2, 1]
/// ```
/// - Parameters:
///   - parameters: whose gradients are wanted; those that `function` does not read have none.
///   - random: what dropout and other noise draw from; another stream every time, unless given.
///   - function: from the values of parameters to a scalar.
public func valueAndGradient(
    of parameters: [Parameter], random: RandomStream? = nil, _ function: () throws -> Tensor<Float>
) rethrows -> (value: Tensor<Float>, gradients: Gradients) {
    let tape = Tape()
    let value = try Recording.with(tape, random, function)
    precondition(value.count == 1, "Gradients start from a scalar; the result has shape \(value.shape).")
    tape.propagate(.ones(value.shape), from: value)
    var gradients = Gradients()
    for parameter in parameters {
        if let gradient = tape.leaves[ObjectIdentifier(parameter)]?.gradient {
            gradients.append(gradient, for: parameter)
        }
    }
    return (value.detached(), gradients)
}

/// What surrounds a recording: its tape, and the stream that noise draws from.
package enum Recording {
    private static let counter = Mutex(0)
    @TaskLocal private static var noise: Noise?

    private final class Noise: Sendable {
        let stream: Mutex<RandomStream>
        init(_ stream: RandomStream) { self.stream = Mutex(stream) }
    }

    static func with<Result>(_ tape: Tape, _ random: RandomStream?, _ body: () throws -> Result) rethrows -> Result {
        let stream =
            random
            ?? RandomStream(seed: 0).split(
                counter.withLock {
                    $0 += 1
                    return $0
                })
        return try Tape.$current.withValue(tape) { try $noise.withValue(Noise(stream), operation: body) }
    }

    /// A fresh stream for one use of noise in the current recording.
    static func nextStream() -> RandomStream? {
        noise?.stream.withLock { stream in
            let number = Int(truncatingIfNeeded: stream.next() >> 1)
            return stream.split(number)
        }
    }
}
