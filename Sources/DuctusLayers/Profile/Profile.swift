/// What a computation costs: time, memory and multiply-adds of every operation, by layer, forward and backward.
///
/// ```swift
/// let profile = Profile.measuring(network) {
///     let (_, gradients) = valueAndGradient(of: network) { softmaxCrossEntropy($0(images), labels) }
///     optimizer.step(gradients)
/// }
/// print(profile)          // a table, the most expensive operations first
/// ```
/// Operations are those that have a gradient: elementwise ones, products, views, and the fused ones of layers. What they
/// are made of is not listed by itself, nor is what happens between them, such as an optimizer's step. An operation of one's
/// own (`Tensor.recorded`) has the name of its function.
public struct Profile: Sendable, Equatable {
    /// One operation.
    public struct Call: Sendable, Equatable, Encodable {
        /// The path of the layer that performed it, `features.3`; empty for the network itself, and outside of it.
        public internal(set) var path: String
        /// Its name: that of the function that a program calls, such as `convolution2D`, `+` or `reshaped`.
        public internal(set) var operation: String
        /// Its settings, such as the stride of a convolution.
        public internal(set) var attributes: [String: String]
        /// The paths of the parameters that were read for it.
        public internal(set) var parameters: [String]
        /// The shapes of its inputs.
        public internal(set) var inputs: [Shape] = []
        /// The shape of its output.
        public internal(set) var output: Shape = []
        /// Time, memory and work.
        public internal(set) var cost = Cost()
    }

    /// What operations cost.
    public struct Cost: Sendable, Equatable, Encodable {
        /// The time of the forward pass. Where an operation is not made of others, from the end of the last operation or
        /// the last call of a layer on.
        public internal(set) var forwardSeconds = 0.0
        /// The time of the backward pass; 0 if there was none.
        public internal(set) var backwardSeconds = 0.0
        /// The size of outputs, 0 for views.
        public internal(set) var forwardBytes = 0
        /// The size of the gradients with respect to inputs.
        public internal(set) var backwardBytes = 0
        /// The multiply-adds of the forward pass: those of matrix products, convolutions, recurrences and attention.
        public internal(set) var multiplyAdds = 0

        /// The time of both passes.
        public var seconds: Double { forwardSeconds + backwardSeconds }
    }

    /// All calls of an operation by a layer.
    public struct Line: Sendable, Equatable, Encodable {
        /// The path of the layer.
        public let path: String
        /// The name of the operation.
        public let operation: String
        /// The number of calls.
        public internal(set) var calls = 0
        /// The sum over the calls.
        public internal(set) var cost = Cost()
    }

    /// The time from begin to end, in which there is more than operations.
    public let seconds: Double
    /// The operations, in the order in which they ended.
    public let calls: [Call]

    /// The operations by layer and name, in the order of their first calls.
    public var lines: [Line] {
        var places: [[String]: Int] = [:]
        return calls.reduce(into: []) { lines, call in
            let place = places[[call.path, call.operation]] ?? lines.count
            if place == lines.count { lines.append(Line(path: call.path, operation: call.operation)) }
            places[[call.path, call.operation]] = place
            lines[place].calls += 1
            lines[place].cost += call.cost
        }
    }

    /// The sum over all operations.
    public var cost: Cost { calls.reduce(into: Cost()) { $0 += $1.cost } }

    /// What a layer costs, with all layers inside: `profile.cost(of: "features")`.
    public func cost(of path: String) -> Cost {
        calls.reduce(into: Cost()) { if $1.path == path || $1.path.hasPrefix("\(path).") { $0 += $1.cost } }
    }

    /// Follows the operations of a function, and of the tasks that it starts.
    ///
    /// - Parameters:
    ///   - network: the network whose layers are told apart by their paths; see ``Module/nameParameters()``. A model has named
    ///     its own already.
    ///   - body: the function. Its first call may cost more than others, since weights are packed and memory is requested.
    public static func measuring(_ network: (any Module)? = nil, _ body: () throws -> Void) rethrows -> Profile {
        network?.nameParameters()
        let observer = ProfileObserver()
        try Observation.with(observer, body)
        return observer.finish()
    }
}

extension Profile.Cost {
    static func += (sum: inout Self, more: Self) {
        sum.forwardSeconds += more.forwardSeconds
        sum.backwardSeconds += more.backwardSeconds
        sum.forwardBytes += more.forwardBytes
        sum.backwardBytes += more.backwardBytes
        sum.multiplyAdds += more.multiplyAdds
    }
}

extension Profile: Encodable {
    private enum CodingKeys: String, CodingKey { case seconds, cost, lines, calls }

    /// The whole time, the sum over all operations, the lines, and the single calls.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(seconds, forKey: .seconds)
        try container.encode(cost, forKey: .cost)
        try container.encode(lines, forKey: .lines)
        try container.encode(calls, forKey: .calls)
    }
}
