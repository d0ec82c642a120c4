/// Anything that holds parameters: a layer, a network, a group of layers.
///
/// Parameters are found through stored properties, also in arrays, dictionaries, tuples, optionals, enumerations, other
/// structs and classes, and superclasses; their names are the property names joined with dots: `features.3.weight`. What a
/// closure captures is not found.
public protocol Module: Sendable {
    /// The modules and parameters inside, by name; by default all stored properties.
    var children: [(name: String, value: Any)] { get }
}

/// A function with parameters, from a tensor to a tensor.
///
/// A custom layer is a struct with parameters or layers as stored properties and that function:
///
/// ```swift
/// struct Scale: Layer {
///     let factor = Parameter(.ones([1]))
///     func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { x * factor.value }
/// }
/// ```
public protocol Layer: Module {
    /// The output for an input. An input of the wrong shape traps with a message that names the layer.
    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float>
}

/// A whole architecture, which a model trains.
public protocol Network: Layer {
    /// The output for samples that were padded on the right to a common width. A network with a large receptive field
    /// should compute for each sample what it computes for it alone; by default widths are ignored.
    ///
    /// - Parameters:
    ///   - x: `[batch, height, width, channels]`.
    ///   - widths: the width of each sample without padding.
    func callAsFunction(_ x: Tensor<Float>, widths: [Int]) -> Tensor<Float>
}

extension Network {
    public func callAsFunction(_ x: Tensor<Float>, widths: [Int]) -> Tensor<Float> { self(x) }
}

extension Module {
    /// All parameters with their names, in order of declaration. A shared parameter has the name of its first occurrence
    /// and is trained, saved and loaded once. Names are unique, since files know parameters by them.
    public var namedParameters: [(name: String, parameter: Parameter)] {
        var result: [(String, Parameter)] = []
        var known: Set<ObjectIdentifier> = []
        var paths: Set<String> = []
        for (path, parameter) in parameterPaths where known.insert(ObjectIdentifier(parameter)).inserted {
            guard paths.insert(path).inserted else {
                preconditionFailure(
                    "\(type(of: self)): two parameters are at the path \"\(path)\"; paths must be unique.")
            }
            result.append((path, parameter))
        }
        return result
    }

    /// All paths of all parameters, in order of declaration: a shared parameter has several.
    package var parameterPaths: [(path: String, parameter: Parameter)] {
        var result: [(String, Parameter)] = []
        walk { path, part in
            if let parameter = part as? Parameter { result.append((path, parameter)) }
        }
        return result
    }

    /// The trainable parameters, in the order of ``namedParameters``.
    public var trainableParameters: [Parameter] { namedParameters.map(\.parameter).filter(\.isTrainable) }

    /// The number of trainable scalars.
    public var parameterCount: Int { trainableParameters.reduce(0) { $0 + $1.shape.elementCount } }

    /// Tells every parameter and layer its path in this network, so that messages can state it.
    public func nameParameters() {
        for (name, parameter) in namedParameters { parameter.name = name }
        for (path, place) in places { place.path = path }
    }

    /// The paths of the layers; a shared layer has that of its first occurrence.
    var places: [(path: String, place: Place)] {
        var result: [(String, Place)] = []
        var known: Set<ObjectIdentifier> = []
        walk { path, part in
            if let place = (part as? any Placed)?.place, known.insert(ObjectIdentifier(place)).inserted {
                result.append((path, place))
            }
        }
        return result
    }

    /// The parameters that `isIncluded` accepts, by path: `valueAndGradient(of: network.parameters { path, _ in … })` trains
    /// only these.
    public func parameters(where isIncluded: (_ path: String, Parameter) -> Bool) -> [Parameter] {
        namedParameters.filter { isIncluded($0.name, $0.parameter) }.map(\.parameter)
    }

    /// This network with the current values of its parameters, which predicts while the network is trained further.
    public func snapshot() -> Snapshot<Self> { Snapshot(of: self, namedParameters.map(\.parameter)) }

    /// Gives the parameters the values of those of another module with the same names and shapes, such as a network of the
    /// same type: this makes it a copy.
    ///
    /// ```swift
    /// let teacher = LeNet(.init(classes: 10))
    /// teacher.copyParameters(from: student)
    /// ```
    public func copyParameters(from other: some Module) {
        let (own, theirs) = (namedParameters, other.namedParameters)
        precondition(
            own.map(\.name) == theirs.map(\.name) && zip(own, theirs).allSatisfy { $0.1.shape == $1.1.shape },
            "copyParameters: \(type(of: other)) has other parameters than \(type(of: self)): "
                + "\(theirs.map(\.name).joined(separator: ", ")) instead of "
                + "\(own.map(\.name).joined(separator: ", ")), or of other shapes.")
        let values = Parameter.values(of: theirs.map(\.parameter))
        Parameter.assign(zip(own, values).map { (parameter: $0.parameter, value: $1) })
    }
}

/// The value of `loss` and the gradient of every trainable parameter of `module`: a training step, see `Training`.
///
/// The parameters are searched for in every call, which takes some microseconds for each. A loop that minds finds them once,
/// `let parameters = network.trainableParameters`, and asks for their gradients, `valueAndGradient(of: parameters) { … }`.
///
/// ```swift
/// let (loss, gradients) = valueAndGradient(of: network) { softmaxCrossEntropy($0(images), labels) }
/// ```
public func valueAndGradient<M: Module>(
    of module: M, random: RandomStream? = nil, _ loss: (M) throws -> Tensor<Float>
) rethrows -> (value: Tensor<Float>, gradients: Gradients) {
    try valueAndGradient(of: module.trainableParameters, random: random) { try loss(module) }
}
