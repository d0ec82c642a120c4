/// The value of `function` and its gradient with respect to each input.
///
/// ```swift
/// let (value, gradients) = valueAndGradient(at: [x, w]) { ($0[0].matmul($0[1])).squared().sum() }
/// let (_, saliency) = valueAndGradient(at: [image]) { network($0[0])[0, 7] }
/// ```
///
/// Parameters count as constants, and networks stay as they are; see ``Training``.
///
/// - Parameters:
///   - inputs: the arguments of `function`.
///   - function: maps the inputs to a scalar. The gradient of an unused input is zero.
public func valueAndGradient<Scalar: FloatingScalar>(
    at inputs: [Tensor<Scalar>], _ function: ([Tensor<Scalar>]) throws -> Tensor<Scalar>
) rethrows -> (value: Tensor<Scalar>, gradients: [Tensor<Scalar>]) {
    let (value, pullback) = try valueAndPullback(at: inputs, function)
    checkScalar(value)
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
    at inputs: [Tensor<Scalar>], _ function: ([Tensor<Scalar>]) throws -> Tensor<Scalar>
) rethrows -> (value: Tensor<Scalar>, pullback: (Tensor<Scalar>) -> [Tensor<Scalar>]) {
    let tape = Tape()
    let watched = inputs.map(tape.watch)
    let value = try Tape.$current.withValue(tape) { try function(watched) }
    return (
        value.detached(from: tape),
        { gradient in
            tape.propagate(gradient, from: value)
            return zip(watched, inputs).map { tape.gradient(of: $0) ?? .zeros($1.shape) }
        }
    )
}

/// The value of `function` and the gradient of every trainable parameter that it reads: a training step, see ``Training``.
///
/// Gradients are returned, not accumulated, so there is nothing to zero before the next step.
///
/// ```swift
/// let weight = Parameter([[0.5], [-1]])
/// let (loss, gradients) = valueAndGradient(of: [weight]) { x.matmul(weight.value).squared().sum() }
/// gradients[weight]                          // 2 xᵀ x w, [2, 1]
/// ```
/// - Parameters:
///   - parameters: those to differentiate with respect to; all others count as constants, and layers whose parameters are
///     not among them compute as at inference. Those that `function` does not read get no gradient.
///   - random: the stream of dropout and other noise; another one for every call by default.
///   - function: computes a scalar from the values of the parameters.
public func valueAndGradient(
    of parameters: [Parameter], random: RandomStream? = nil, _ function: () throws -> Tensor<Float>
) rethrows -> (value: Tensor<Float>, gradients: Gradients) {
    let step = try trainingStep(of: parameters, random: random, function)
    Parameter.assign(step.statistics)
    return (step.value, step.gradients)
}

/// ``valueAndGradient(of:random:_:)``, but statistics are returned rather than updated.
///
/// - Parameter whenFinal: gets every parameter with its gradient, if there is one, as soon as that does not change any more:
///   while the backward pass goes on, the parameters of the last layers first.
package func trainingStep(
    of parameters: [Parameter], random: RandomStream? = nil, _ function: () throws -> Tensor<Float>,
    whenFinal: ((Parameter, Tensor<Float>?) -> Void)? = nil
) rethrows -> (
    value: Tensor<Float>, gradients: Gradients, statistics: [(parameter: Parameter, value: Tensor<Float>)]
) {
    let identities = Set(parameters.map(ObjectIdentifier.init))
    let tape = Tape(parameters: identities)
    let (value, statistics) = try Training.run(random, identities) {
        try Tape.$current.withValue(tape, operation: function)
    }
    checkScalar(value)
    var tell: ((ObjectIdentifier) -> Void)?
    if let whenFinal {
        let known = Dictionary(parameters.map { (ObjectIdentifier($0), $0) }, uniquingKeysWith: { first, _ in first })
        tell = { identity in
            if let parameter = known[identity] { whenFinal(parameter, tape.gradient(of: identity)) }
        }
    }
    tape.propagate(.ones(value.shape), from: value, whenFinal: tell)
    var gradients = Gradients()
    for parameter in parameters {
        if let gradient = tape.gradient(of: ObjectIdentifier(parameter)) {
            gradients.append(gradient, for: parameter)
        }
    }
    return (value.detached(from: tape), gradients, statistics)
}

private func checkScalar<Scalar: FloatingScalar>(_ value: Tensor<Scalar>) {
    precondition(value.count == 1, "A gradient needs a scalar; the result has shape \(value.shape).")
}
