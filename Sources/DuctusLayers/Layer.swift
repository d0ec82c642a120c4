@_exported import DuctusAutograd

/// Anything that holds parameters: a layer, a network, a group of layers.
///
/// Parameters are found through stored properties, so their names are the properties' names joined with dots:
/// `features.3.weight`.
public protocol Module: Sendable {
    /// The modules and parameters inside, by name. Derived from stored properties unless a type says otherwise.
    var children: [(name: String, value: Any)] { get }
}

/// A function with parameters, from a tensor to a tensor.
public protocol Layer: Module {
    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float>
}

/// A whole architecture: the layer that a model trains.
public protocol Network: Layer {}

extension Module {
    public var children: [(name: String, value: Any)] {
        Mirror(reflecting: self).children.compactMap { child in child.label.map { ($0, child.value) } }
    }

    /// All parameters with their names, in the order of declaration.
    public var namedParameters: [(name: String, parameter: Parameter)] {
        var result: [(String, Parameter)] = []
        collect(self, "", into: &result)
        return result
    }

    /// The parameters that training changes.
    public var trainableParameters: [Parameter] { namedParameters.map(\.parameter).filter(\.isTrainable) }

    /// How many numbers training changes.
    public var parameterCount: Int { trainableParameters.reduce(0) { $0 + $1.shape.elementCount } }

    /// Tells every parameter its name, so that messages can say where in a network something is wrong.
    public func nameParameters() {
        for (name, parameter) in namedParameters { parameter.name = name }
    }
}

private func collect(_ value: Any, _ path: String, into result: inout [(String, Parameter)]) {
    func join(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
    switch value {
    case let parameter as Parameter: result.append((path, parameter))
    case let module as any Module:
        for child in module.children { collect(child.value, join(child.name), into: &result) }
    case let list as [Any]:
        for (index, element) in list.enumerated() { collect(element, join("\(index)"), into: &result) }
    default:
        let mirror = Mirror(reflecting: value)
        if mirror.displayStyle == .optional, let wrapped = mirror.children.first {
            collect(wrapped.value, path, into: &result)
        }
    }
}

/// The value of `loss` and the gradient of every trainable parameter of `module`.
///
/// ```swift
/// let (loss, gradients) = valueAndGradient(of: network) { softmaxCrossEntropy($0(images), labels) }
/// ```
public func valueAndGradient<M: Module>(
    of module: M, random: RandomStream? = nil, _ loss: (M) throws -> Tensor<Float>
) rethrows -> (value: Tensor<Float>, gradients: Gradients) {
    try valueAndGradient(of: module.trainableParameters, random: random) { try loss(module) }
}

extension Parameter {
    /// The layer this parameter belongs to, for messages: its path, or nothing if it has not been named.
    func layerPath(_ own: String) -> String {
        guard name.hasSuffix("." + own) else { return "" }
        return name.dropLast(own.count + 1) + " "
    }
}

/// Stops with the sentence that names layer, expectation and fact.
func expect(_ condition: Bool, _ layer: @autoclosure () -> String, _ problem: @autoclosure () -> String) {
    guard condition else { preconditionFailure("\(layer()): \(problem())") }
}
