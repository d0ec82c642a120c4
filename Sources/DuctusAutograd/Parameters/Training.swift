/// The context in which layers compute as in a training step: dropout acts, and batch normalization uses the statistics of
/// the batch and updates the running ones.
///
/// Training is not the same as recording. `valueAndGradient(of:)`, which differentiates with respect to parameters, is a
/// training step; `valueAndGradient(at:)`, which differentiates with respect to inputs, leaves the context, and so the
/// network, as it is. The innermost of these, ``withTraining(random:_:)`` and ``withoutTraining(_:)`` decides.
public enum Training {
    @TaskLocal static var context: Context?
    private static let counter = Locked(0)

    /// Whether layers compute as in a training step in this task.
    public static var isActive: Bool { context != nil }

    /// A new stream for an operation of the current training step that draws random numbers; nil outside of training.
    public static func nextStream() -> RandomStream? {
        context?.noise.withLock { stream in
            let number = Int(truncatingIfNeeded: stream.next() >> 1)
            return stream.split(number)
        }
    }

    /// Whether a layer with this parameter computes as in a training step: not if the step trains other parameters only,
    /// so that frozen layers stay as they are.
    public static func isActive(for parameter: Parameter) -> Bool {
        guard let context else { return false }
        return context.parameters?.contains(ObjectIdentifier(parameter)) ?? true
    }

    /// Changes a statistic, a parameter that is not trained, at the end of the training step.
    ///
    /// - Parameters:
    ///   - statistic: the parameter.
    ///   - change: its new value, of the one so far.
    public static func update(_ statistic: Parameter, _ change: (Tensor<Float>) -> Tensor<Float>) {
        guard let context else {
            preconditionFailure("A statistic can be updated only during a training step.")
        }
        let old = context.statistics.withLock { $0[ObjectIdentifier(statistic)]?.value } ?? statistic.stored
        let new = change(old)
        context.statistics.withLock { $0[ObjectIdentifier(statistic)] = (statistic, new) }
    }

    typealias Statistics = [ObjectIdentifier: (parameter: Parameter, value: Tensor<Float>)]

    final class Context: Sendable {
        let noise: Locked<RandomStream>
        /// The parameters that are trained; nil for all.
        let parameters: Set<ObjectIdentifier>?
        let statistics = Locked<Statistics>([:])

        init(_ random: RandomStream?, _ parameters: Set<ObjectIdentifier>?) {
            // Without a stream, every step of the process has another one.
            let number =
                random == nil
                ? counter.withLock { number in
                    number += 1
                    return number
                } : 0
            noise = Locked(random ?? RandomStream(seed: 0).split(number))
            self.parameters = parameters
        }
    }

    /// The result of `body` as a training step, and the statistics that it has updated.
    package static func run<Result>(
        _ random: RandomStream?, _ parameters: Set<ObjectIdentifier>?, _ body: () throws -> Result
    ) rethrows -> (Result, [(parameter: Parameter, value: Tensor<Float>)]) {
        let context = Context(random, parameters)
        let result = try $context.withValue(context, operation: body)
        return (result, context.statistics.withLock { Array($0.values) })
    }
}

/// Calls a function in which layers compute as in a training step; see ``Training``.
///
/// ```swift
/// withTraining { _ = network(images) }      // updates the running statistics, and nothing else
/// ```
/// - Parameters:
///   - random: the stream of dropout and other noise; another one for every call by default.
///   - body: the function. Running statistics change when it has returned.
public func withTraining<Result>(random: RandomStream? = nil, _ body: () throws -> Result) rethrows -> Result {
    let (result, statistics) = try Training.run(random, nil, body)
    Parameter.assign(statistics)
    return result
}

/// Calls a function in which layers compute as at inference, even within a training step; see ``Training``.
///
/// ```swift
/// let (loss, gradients) = valueAndGradient(of: student) { student in
///     let target = withoutTraining { teacher(images) }
///     return (student(images) - target).squared().mean()
/// }
/// ```
public func withoutTraining<Result>(_ body: () throws -> Result) rethrows -> Result {
    try Training.$context.withValue(nil, operation: body)
}
