/// The layers of a network in the order of their calls, with output shapes, parameters and multiply-adds.
///
/// ```swift
/// print(Sequential { Conv2D(1, 32); BatchNorm(32); MaxPool2D(2) }.summary(input: [1, 28, 28, 1]))
/// // Sequential, input [1, 28, 28, 1]
/// // ────────────────────────────────────────────────────────────────────────────────
/// //    layer                 output           parameters  not trained  multiply-adds
/// // ────────────────────────────────────────────────────────────────────────────────
/// // 0  Conv2D 1 → 32, 3 × 3  [1, 26, 26, 32]         320                     194,688
/// // 1  BatchNorm 32          [1, 26, 26, 32]          64           64
/// // 2  MaxPool2D 2 × 2       [1, 13, 13, 32]
/// // ────────────────────────────────────────────────────────────────────────────────
/// //    total                 [1, 13, 13, 32]         384           64        194,688
/// // 1.8 KiB of parameters
/// ```
public struct Summary: Sendable, Equatable {
    /// One layer. Calls with the same output shape share a line.
    public struct Line: Sendable, Equatable {
        /// The path of the layer: `features.3`. Empty for the network itself.
        public let path: String
        /// The description of the layer, or the name of its type.
        public let layer: String
        /// The output shape; `nil` for a custom layer that another custom layer calls, and for a layer that is not called.
        public internal(set) var output: Shape?
        /// Trainable scalars. Those of inner layers have their own lines; a shared parameter counts at its first occurrence.
        public internal(set) var parameters = 0
        /// Scalars that are saved but not trained: running statistics.
        public internal(set) var fixedParameters = 0
        /// Multiply-adds of all calls: those of matrix products, convolutions, recurrences and attention. Sums,
        /// activations and normalizations are not counted.
        public internal(set) var multiplyAdds = 0
        /// The number of calls.
        public internal(set) var calls = 0
    }

    /// The description of the network, or the name of its type.
    public let network: String
    /// The shape of the input, if there is a single one.
    public let input: Shape?
    /// The shape of the output.
    public let output: Shape
    /// The layers, in the order of their calls.
    public let lines: [Line]

    /// All trainable scalars.
    public var parameters: Int { lines.reduce(0) { $0 + $1.parameters } }
    /// All scalars that are saved but not trained.
    public var fixedParameters: Int { lines.reduce(0) { $0 + $1.fixedParameters } }
    /// All multiply-adds of one forward pass.
    public var multiplyAdds: Int { lines.reduce(0) { $0 + $1.multiplyAdds } }
}

extension Layer {
    /// Runs this layer once on zeros and summarizes it. Custom layers are listed too.
    public func summary(input: Shape) -> Summary { summary(of: { $0(.zeros(input)) }, input: input) }
}

extension Module {
    /// Summarizes `pass`, a forward pass of a module that is not a `Layer`, such as one with several inputs:
    ///
    /// ```swift
    /// translator.summary { $0(words, attendingTo: memory) }
    /// ```
    public func summary(of pass: (Self) -> Tensor<Float>) -> Summary { summary(of: pass, input: nil) }

    fileprivate func summary(of pass: (Self) -> Tensor<Float>, input: Shape?) -> Summary {
        let observer = SummaryObserver(self)
        let output = Observation.with(observer) { observer.listing(self, at: "") { pass(self) } }
        return Summary(
            network: name(of: self), input: input, output: output.shape, lines: observer.finish(with: namedParameters))
    }
}

/// The name of a module in messages and summaries: its description, or the name of its type.
func name(of module: any Module) -> String {
    (module as? any CustomStringConvertible)?.description ?? "\(type(of: module))"
}
