/// Converts the tensors of a PyTorch `state_dict` to the layout of the layers here, layer by layer.
struct PyTorchConversion {
    private let archive: TensorArchive
    private var assignments: [(parameter: Parameter, value: Tensor<Float>)] = []
    private var used: Set<String> = []
    private var counts = PyTorchWeights.Counts()

    init(_ archive: TensorArchive) { self.archive = archive }

    /// A convolution. With `asImage`, a convolution over a sequence whose features are the rows of an image in PyTorch.
    mutating func convolution(_ layer: Conv2D, _ name: String, asImage: Bool = false) throws {
        let (height, width, inputs, outputs) = layer.weight.extents
        let shape: Shape = asImage ? [outputs, 1, width, inputs] : [outputs, inputs, height, width]
        let weight = try parameter(name + ".weight", shape)
        set(layer.weight, weight.permuted([2, 3, 1, 0]))
        try bias(layer.bias, name)
    }

    /// A dense layer on a flattened image that is a convolution here.
    mutating func dense(_ layer: Conv2D, _ name: String) throws {
        let (height, width, inputs, outputs) = layer.weight.extents
        try dense(layer.weight, layer.bias, name, image: [inputs, height, width], outputs: outputs)
    }

    /// A dense layer; `image` is the shape of its input before flattening, `[channels, height, width]`.
    mutating func dense(_ layer: Dense, _ name: String, image: Shape? = nil) throws {
        let image = image ?? [layer.weight.shape[0], 1, 1]
        try dense(layer.weight, layer.bias, name, image: image, outputs: layer.weight.shape[1])
    }

    private mutating func dense(
        _ weight: Parameter, _ bias: Parameter?, _ name: String, image: Shape, outputs: Int
    ) throws {
        let value = try parameter(name + ".weight", [outputs, image.elementCount])
        set(weight, value.reshaped(to: Shape([outputs] + image)).permuted([2, 3, 1, 0]))
        try self.bias(bias, name)
    }

    private mutating func bias(_ bias: Parameter?, _ name: String) throws {
        if let bias { set(bias, try parameter(name + ".bias", bias.shape)) }
    }

    /// Batch normalization; the bias of the convolution `preceding` it becomes part of the running mean.
    mutating func normalization(_ layer: BatchNorm, _ name: String, preceding: String? = nil) throws {
        let shape = layer.scale.shape
        set(layer.scale, try parameter(name + ".weight", shape))
        set(layer.shift, try parameter(name + ".bias", shape))
        var mean = try buffer(name + ".running_mean", shape)
        if let preceding {
            mean = mean - (try parameter(preceding + ".bias", shape))
            counts.redundant += shape.elementCount
        }
        set(layer.runningMean, mean)
        set(layer.runningVariance, try buffer(name + ".running_var", shape))
        let counter = name + ".num_batches_tracked"
        if archive.shape(of: counter) != nil, used.insert(counter).inserted { counts.buffers += 1 }
    }

    /// A layer of an LSTM, unidirectional or bidirectional.
    mutating func lstm(_ layer: LSTM, _ name: String, layer number: Int = 0) throws {
        try direction(layer.forward, name, "_l\(number)")
        if let backward = layer.backward { try direction(backward, name, "_l\(number)_reverse") }
    }

    private mutating func direction(_ direction: LSTM.Direction, _ name: String, _ suffix: String) throws {
        let (gates, inputs) = (direction.bias.shape[0], direction.inputWeight.shape[0])
        let hidden = direction.recurrentWeight.shape[0]
        set(direction.inputWeight, try parameter("\(name).weight_ih\(suffix)", [gates, inputs]).transposed())
        set(direction.recurrentWeight, try parameter("\(name).weight_hh\(suffix)", [gates, hidden]).transposed())
        let biases = try ["ih", "hh"].map { try parameter("\(name).bias_\($0)\(suffix)", [gates]) }
        set(direction.bias, biases[0] + biases[1])
        counts.redundant += gates
    }

    /// Loads the converted tensors into the network, if nothing is missing or left over.
    func finish(_ network: any ConfigurableNetwork) throws -> PyTorchWeights.Counts {
        let name = type(of: network).name
        let unknown = archive.names.filter { !used.contains($0) }
        if let first = unknown.first {
            let others = unknown.count > 1 ? " and \(unknown.count - 1) more" : ""
            throw ArchiveError(
                archive.path, "contains \(JSONText.quoted(first))\(others), which the network \(name) does not have.")
        }
        let given = Set(assignments.map { ObjectIdentifier($0.parameter) })
        if let missing = network.namedParameters.first(where: { !given.contains(ObjectIdentifier($0.parameter)) }) {
            throw ArchiveError(
                archive.path,
                "has no tensor for \(missing.name) of the network \(name); the PyTorch port has no such layer.")
        }
        for (parameter, value) in assignments { parameter.stored = value.reshaped(to: parameter.shape) }
        return counts
    }

    private mutating func set(_ parameter: Parameter, _ value: Tensor<Float>) {
        assignments.append((parameter, value))
    }

    private mutating func parameter(_ name: String, _ shape: Shape) throws -> Tensor<Float> {
        counts.parameters += shape.elementCount
        return try tensor(name, shape)
    }

    private mutating func buffer(_ name: String, _ shape: Shape) throws -> Tensor<Float> {
        counts.buffers += shape.elementCount
        return try tensor(name, shape)
    }

    private mutating func tensor(_ name: String, _ shape: Shape) throws -> Tensor<Float> {
        let tensor = try archive.tensor(name, as: Float.self)
        guard tensor.shape == shape else {
            throw ArchiveError(
                archive.path, "tensor \(JSONText.quoted(name)) has shape \(tensor.shape); the network needs \(shape).")
        }
        used.insert(name)
        return tensor
    }
}

extension Parameter {
    /// The extents of a convolution kernel, `[height, width, in, out]`.
    fileprivate var extents: (Int, Int, Int, Int) { (shape[0], shape[1], shape[2], shape[3]) }
}
