/// What a network is made of and what it costs: its layers in the order of their calls, the shapes that they make,
/// their parameters and their multiplications.
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
    /// One layer. Calls that make the same shape share a line; a call that makes another has its own.
    public struct Line: Sendable, Equatable {
        /// Where the layer is: `features.3`. Empty for the network itself.
        public let path: String
        /// What it is: its description, or the name of its type.
        public let layer: String
        /// What it made; `nil` for a layer of your own that another layer of your own calls, or that nobody called.
        public internal(set) var output: Shape?
        /// Numbers that training changes. Those of the layers inside have lines of their own; a parameter that is in
        /// several places counts at the first.
        public internal(set) var parameters = 0
        /// Numbers that are kept with the weights but not trained: running statistics.
        public internal(set) var fixedParameters = 0
        /// Multiplications, each with its addition, of all calls: those of products, convolutions, recurrences and
        /// attention. Sums, activations and normalisations are not counted.
        public internal(set) var multiplyAdds = 0
        /// How often the layer was called.
        public internal(set) var calls = 0
    }

    /// The type of the network, or its description.
    public let network: String
    /// The shape of the input, where there is one.
    public let input: Shape?
    /// The shape of the output.
    public let output: Shape
    /// The layers, in the order of their calls.
    public let lines: [Line]

    /// All parameters that training changes.
    public var parameters: Int { lines.reduce(0) { $0 + $1.parameters } }
    /// All numbers kept with the weights but not trained.
    public var fixedParameters: Int { lines.reduce(0) { $0 + $1.fixedParameters } }
    /// All multiplications of one run, each with its addition.
    public var multiplyAdds: Int { lines.reduce(0) { $0 + $1.multiplyAdds } }
}

extension Layer {
    /// Runs this layer once on zeros and tells what it is made of. Layers of your own appear without being told to.
    public func summary(input: Shape) -> Summary { summary(of: { $0(.zeros(input)) }, input: input) }
}

extension Module {
    /// Tells what takes part in `pass`, one run of a module that is no `Layer`, of several inputs for example:
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

/// What messages and summaries call a module: its description, or the name of its type.
func name(of module: any Module) -> String {
    (module as? any CustomStringConvertible)?.description ?? "\(type(of: module))"
}
