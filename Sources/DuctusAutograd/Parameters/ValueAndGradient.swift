import Synchronization

/// The value of `function` and its gradient with respect to each input.
///
/// ```swift
/// let (value, gradients) = valueAndGradient(at: [x, w]) { ($0[0].matmul($0[1])).squared().sum() }
/// ```
/// - Parameters:
///   - inputs: the arguments of `function`.
///   - random: the stream of dropout and other noise; a new one for every call by default.
///   - function: maps the inputs to a scalar. The gradient of an unused input is zero.
public func valueAndGradient<Scalar: FloatingScalar>(
    at inputs: [Tensor<Scalar>], random: RandomStream? = nil, _ function: ([Tensor<Scalar>]) throws -> Tensor<Scalar>
) rethrows -> (value: Tensor<Scalar>, gradients: [Tensor<Scalar>]) {
    let (value, pullback) = try valueAndPullback(at: inputs, random: random, function)
    precondition(value.count == 1, "A gradient needs a scalar; the result has shape \(value.shape).")
    return (value, pullback(.ones(value.shape)))
}

/// The value of `function`, of any shape, and its pullback, which maps the gradient of the value to those of the inputs:
/// the vector-Jacobian product.
///
/// ```swift
/// let (y, pullback) = valueAndPullback(at: [x, w]) { $0[0].matmul($0[1]) }
/// let gradients = pullback(dy)               // [dy wᵀ, xᵀ dy]
/// ```
/// - Returns: the value and its pullback, which can be called once: it frees what operations saved.
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

/// The value of `function` and the gradient of every trainable parameter that it reads.
///
/// Gradients are returned, not accumulated, so there is nothing to zero before the next step.
///
/// ```swift
/// let weight = Parameter([[0.5], [-1]])
/// let (loss, gradients) = valueAndGradient(of: [weight]) { x.matmul(weight.value).squared().sum() }
/// gradients[weight]                          // 2 xᵀ x w, [2, 1]
/// ```
/// - Parameters:
///   - parameters: those to differentiate with respect to; those that `function` does not read get no gradient.
///   - random: the stream of dropout and other noise; a new one for every call by default.
///   - function: computes a scalar from the values of the parameters.
public func valueAndGradient(
    of parameters: [Parameter], random: RandomStream? = nil, _ function: () throws -> Tensor<Float>
) rethrows -> (value: Tensor<Float>, gradients: Gradients) {
    let tape = Tape()
    let value = try Recording.with(tape, random, function)
    precondition(value.count == 1, "A gradient needs a scalar; the result has shape \(value.shape).")
    tape.propagate(.ones(value.shape), from: value)
    var gradients = Gradients()
    for parameter in parameters {
        if let gradient = tape.leaves[ObjectIdentifier(parameter)]?.gradient {
            gradients.append(gradient, for: parameter)
        }
    }
    return (value.detached(), gradients)
}

/// The context of a recording: its tape and its stream of random numbers.
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

    /// A new stream for one operation of the current recording that draws random numbers.
    static func nextStream() -> RandomStream? {
        noise?.stream.withLock { stream in
            let number = Int(truncatingIfNeeded: stream.next() >> 1)
            return stream.split(number)
        }
    }
}
