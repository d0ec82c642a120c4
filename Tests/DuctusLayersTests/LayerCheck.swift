import DuctusLayers
import DuctusTestSupport
import Testing

/// Checks the requirements of every layer: shapes, names, saving, gradients, training, and inference without side effects.
///
/// - Parameters:
///   - input: the shape of the input; its elements are distinct numbers away from zero.
///   - output: the expected shape of the output.
///   - parameters: the expected names of the parameters, in order.
///   - make: builds the layer.
func checkLayer(
    input: Shape, output: Shape, parameters: [String], _ make: () -> any Layer,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    func check(_ condition: Bool, _ problem: @autoclosure () -> String) {
        let problem = condition ? "" : problem()
        #expect(condition, "\(problem)", sourceLocation: sourceLocation)
    }
    let layer = Initialization.seeded(1, make)
    let x = Tensor<Float>.distinct(input) * (20 / Float(input.elementCount))

    // The output, and that inference neither records nor changes anything.
    let before = layer.namedParameters.map(\.parameter.stored)
    let y = layer(x)
    check(y.shape == output, "the output has shape \(y.shape)")
    check(!y.isRecorded, "inference records")
    check(layer(x) == y, "inference is not repeatable")
    check(zip(layer.namedParameters, before).allSatisfy { $0.parameter.stored == $1 }, "inference changes parameters")

    // Names.
    let names = layer.namedParameters.map(\.name)
    check(names == parameters, "the parameters are \(names)")
    layer.nameParameters()
    check(layer.namedParameters.allSatisfy { $0.parameter.name == $0.name }, "parameters do not have their names")

    // Saving and loading preserves the layer to the last bit.
    for (_, parameter) in layer.namedParameters where !parameter.isTrainable {
        parameter.stored = parameter.stored + 0.25
    }
    var archive = TensorArchive()
    layer.save(to: &archive, prefix: "model.")
    check(archive.names == names.map { "model." + $0 }.sorted(), "the archive holds \(archive.names)")
    let other = Initialization.seeded(2, make)
    try other.load(from: TensorArchive(archive.encoded(), path: "memory"), prefix: "model.")
    check(other(x) == layer(x), "the loaded layer differs")

    // Every trainable parameter has a correct gradient.
    let gradients = valueAndGradient(of: layer.trainableParameters, random: RandomStream(seed: 3)) {
        let result = layer(x)
        return (result * Tensor<Float>.sample(result.shape)).sum()
    }.gradients
    for (name, parameter) in layer.namedParameters {
        let gradient = gradients[parameter]
        check((gradient != nil) == parameter.isTrainable, "\(name) has \(gradient == nil ? "no" : "a") gradient")
        guard let gradient else { continue }
        check(gradient.shape == parameter.shape, "the gradient of \(name) has shape \(gradient.shape)")
        check(gradient.sumOfSquares > 0, "the gradient of \(name) is zero")
    }
    let byInput = DirectionalDerivative(at: x) { layer($0) }
    check(byInput.agrees(), "input: \(byInput)")
    check(byInput.norm > 0, "the gradient of the input is zero")
    guard !layer.trainableParameters.isEmpty else { return }
    let byParameters = DirectionalDerivative(of: layer.trainableParameters) { layer(x) }
    check(byParameters.agrees(), "parameters: \(byParameters)")
    let losses = descend(layer, x)
    check(
        losses[losses.count - 1] < 0.97 * losses[0],
        "training changes the loss from \(losses[0]) to \(losses[losses.count - 1])")
}

/// The losses of some steps of plain gradient descent toward random targets.
private func descend(_ layer: any Layer, _ x: Tensor<Float>) -> [Float] {
    let target = Tensor<Float>.sample(layer(x).shape, seed: 8)
    return (0..<60).map { _ in
        let (loss, gradients) = valueAndGradient(of: layer.trainableParameters, random: RandomStream(seed: 4)) {
            (layer(x) - target).squared().mean()
        }
        for parameter in layer.trainableParameters {
            if let gradient = gradients[parameter] { parameter.stored = parameter.stored - gradient * 0.1 }
        }
        return loss.item()
    }
}
