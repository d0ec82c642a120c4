/// The weights of one direction of a recurrent layer, and the arithmetic of its gates.
package protocol RecurrentWeights<Scalar>: Sendable {
    associatedtype Scalar: FloatingScalar

    /// The name of the operation in messages.
    static var name: String { get }
    /// The number of gates, side by side.
    static var gates: Int { get }

    /// Input weights `[in, gates · hidden]`, recurrent weights `[hidden, gates · hidden]`, bias `[gates · hidden]`, and
    /// biases of the memory, each `[hidden]`.
    var parameters: [Tensor<Scalar>] { get }
    init(parameters: [Tensor<Scalar>])

    /// The recurrent weights, or their transpose, in panels.
    func recurrentPanels(transposed: Bool) -> Tensor<Scalar>

    /// Adds the recurrent part to the pre-activations of one step, turns them into gates, and computes memory and state.
    func run(_ step: RecurrentStep<Scalar>, _ panels: UnsafePointer<Scalar>)

    /// Turns gates and memory of one step into their gradients.
    /// - Parameters:
    ///   - step: the step.
    ///   - upstream: the gradient of its output, laid out like the states.
    ///   - carried: the gradients of state and memory from the next step, `[2, count, hidden]`; replaced by those for
    ///     the previous one.
    ///   - panels: the transposed recurrent weights.
    func runGradient(
        _ step: RecurrentStep<Scalar>, _ upstream: UnsafePointer<Scalar>, _ carried: UnsafeMutablePointer<Scalar>,
        _ panels: UnsafePointer<Scalar>)

    /// The gradient of the recurrent weights.
    /// - Parameters:
    ///   - states: the states that steps read, `[hidden, steps]`.
    ///   - gates: the gradients of the gates in those steps, `[steps, gates · hidden]`.
    ///   - memory: the gradients of the memory, `[steps, hidden]`.
    static func recurrentGradient(
        _ states: Tensor<Scalar>, gates: Tensor<Scalar>, memory: Tensor<Scalar>
    ) -> Tensor<Scalar>
}

extension RecurrentWeights {
    package func recurrentPanels(transposed: Bool) -> Tensor<Scalar> {
        parameters[1].packedPanels(transposed: transposed)
    }

    package static func recurrentGradient(
        _ states: Tensor<Scalar>, gates: Tensor<Scalar>, memory: Tensor<Scalar>
    ) -> Tensor<Scalar> { states.matmul(gates) }

    /// Traps unless the shapes match each other and that of the input.
    func check(_ x: Shape, hidden: Int) {
        let (inputs, width) = (x.last ?? 0, Self.gates * hidden)
        let memoryBiases = [Shape](repeating: [hidden], count: parameters.count - 3)
        let expected: [Shape] = [[inputs, width], [hidden, width], [width]] + memoryBiases
        func list(_ shapes: [Shape]) -> String { shapes.map(\.description).joined(separator: ", ") }
        let shapes = parameters.map(\.shape)
        precondition(
            x.rank == 3 && shapes == expected,
            "\(Self.name): input is \(x), weights are \(list(shapes)); they must be [batch, time, in] and "
                + "\(list(expected)).")
    }
}

/// One step of some sequences of a batch: pointers to its elements and to those of the previous step.
package struct RecurrentStep<Scalar: FloatingScalar> {
    /// The number of sequences.
    let count: Int
    let hidden: Int
    /// Elements between the states of consecutive sequences.
    let stride: Int
    /// `[count, gates · hidden]`
    let gates: UnsafeMutablePointer<Scalar>
    /// `[count, hidden]`
    let memory: UnsafeMutablePointer<Scalar>, state: UnsafeMutablePointer<Scalar>
    /// Those of the previous step; `nil` at the first step.
    let previousMemory: UnsafeMutablePointer<Scalar>?, previousState: UnsafeMutablePointer<Scalar>?
}

/// The packed weights of one direction.
package struct PackedRecurrentWeights<Scalar: FloatingScalar>: Sendable {
    let input: PackedWeights<Scalar>
    let recurrent: PackedWeights<Scalar>

    package init(input: PackedWeights<Scalar> = PackedWeights(), recurrent: PackedWeights<Scalar> = PackedWeights()) {
        (self.input, self.recurrent) = (input, recurrent)
    }
}
