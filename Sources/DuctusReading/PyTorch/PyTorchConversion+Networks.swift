/// A network that exists in the PyTorch port.
protocol PyTorchConvertible: ConfigurableNetwork {
    /// Settings of the port's network that differ from the defaults.
    static var portSettings: [String: JSONText] { get }

    /// Converts the tensors of the port's network by the names of its layers. Numbers are indices in a `Sequential`, which
    /// includes activations, pooling, and dropout.
    func convert(with conversion: inout PyTorchConversion) throws
}

extension PyTorchConvertible {
    static var portSettings: [String: JSONText] { [:] }
}

extension MLP: PyTorchConvertible {
    func convert(with conversion: inout PyTorchConversion) throws {
        for (index, layer) in (hidden + [head]).enumerated() {
            try conversion.dense(layer, "layers.\(3 * index)")
        }
    }
}

extension LeNet: PyTorchConvertible {
    func convert(with conversion: inout PyTorchConversion) throws {
        let channels = configuration.filters[1]
        let area = dense1.weight.shape[0] / channels
        let side = Int(Double(area).squareRoot().rounded())
        try conversion.convolution(conv1, "conv_layer.0")
        try conversion.convolution(conv2, "conv_layer.2")
        try conversion.dense(dense1, "mlp_layer.0", image: [channels, side, side])
        try conversion.dense(dense2, "mlp_layer.3")
    }
}

extension LineCNN: PyTorchConvertible {
    func convert(with conversion: inout PyTorchConversion) throws {
        try conversion.convolution(features.conv1, "l1.0")
        try conversion.convolution(features.conv2, "l1.2")
        try conversion.convolution(features.dense, "l2.0")
        try conversion.convolution(head.conv, "l3.0", asImage: true)
    }
}

extension LineLSTM: PyTorchConvertible {
    func convert(with conversion: inout PyTorchConversion) throws {
        try conversion.convolution(features.conv1, "conv1.0")
        try conversion.convolution(features.conv2, "conv1.2")
        try conversion.dense(features.dense, "conv2.0")
        try conversion.lstm(recurrent, "lstm")
        try conversion.dense(head, "linear")
    }
}

extension CRNN: PyTorchConvertible {
    func convert(with conversion: inout PyTorchConversion) throws {
        for (layer, number) in zip(convolutions, [0, 3, 6, 9, 11]) {
            try conversion.convolution(layer, "cnn.\(number)")
        }
        if let layer = normalizations[2] { try conversion.normalization(layer, "cnn.8") }
        for (number, layer) in recurrent.enumerated() { try conversion.lstm(layer, "rnn.rnn", layer: number) }
        try conversion.dense(head, "rnn.embedding")
    }
}

extension FCN: PyTorchConvertible {
    func convert(with conversion: inout PyTorchConversion) throws {
        for (index, block) in blocks.enumerated() {
            try conversion.convolution(block.conv1, "layers.\(index).x0.0")
            try conversion.convolution(block.conv2, "layers.\(index).x1")
            try conversion.convolution(block.shortcut, "layers.\(index).y")
        }
        try conversion.convolution(head, "layers.\(blocks.count)")
    }
}

extension UNet: PyTorchConvertible {
    static var portSettings: [String: JSONText] { ["filters": .number("64"), "upsampling": .string("bilinear")] }

    func convert(with conversion: inout PyTorchConversion) throws {
        for (level, block) in encoder.enumerated() {
            try conversion.convert(block, (level == 0 ? "inc" : "down\(level).maxpool_conv.1") + ".double_conv")
        }
        for (step, block) in decoder.reversed().enumerated() {
            try conversion.convert(block, "up\(step + 1).conv.double_conv")
        }
        try conversion.convolution(head, "outc.conv")
    }
}

extension PyTorchConversion {
    fileprivate mutating func convert(_ block: UNet.Block, _ name: String) throws {
        try convolution(block.conv1, "\(name).0")
        try normalization(block.norm1, "\(name).1", preceding: "\(name).0")
        try convolution(block.conv2, "\(name).3")
        try normalization(block.norm2, "\(name).4", preceding: "\(name).3")
    }
}
