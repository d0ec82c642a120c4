import DuctusModels

/// What the port calls the layers of each network. Numbers are places in a `Sequential`, where activations, poolings
/// and dropouts count too.
extension PyTorchConversion {
    mutating func convert(_ network: MLP) throws {
        for (index, layer) in (network.hidden + [network.head]).enumerated() {
            try dense(layer, "layers.\(3 * index)")
        }
    }

    mutating func convert(_ network: LeNet) throws {
        let channels = network.configuration.filters[1]
        let area = network.dense1.weight.shape[0] / channels
        let side = Int(Double(area).squareRoot().rounded())
        try convolution(network.conv1, "conv_layer.0")
        try convolution(network.conv2, "conv_layer.2")
        try dense(network.dense1, "mlp_layer.0", image: [channels, side, side])
        try dense(network.dense2, "mlp_layer.3")
    }

    mutating func convert(_ network: LineCNN) throws {
        try convolution(network.features.conv1, "l1.0")
        try convolution(network.features.conv2, "l1.2")
        try convolution(network.features.dense, "l2.0")
        try convolution(network.head.conv, "l3.0", asImage: true)
    }

    mutating func convert(_ network: LineLSTM) throws {
        try convolution(network.features.conv1, "conv1.0")
        try convolution(network.features.conv2, "conv1.2")
        try dense(network.features.dense, "conv2.0")
        try lstm(network.recurrent, "lstm")
        try dense(network.head, "linear")
    }

    mutating func convert(_ network: CRNN) throws {
        for (layer, number) in zip(network.convolutions, [0, 3, 6, 9, 11]) { try convolution(layer, "cnn.\(number)") }
        if let layer = network.normalizations[2] { try normalization(layer, "cnn.8") }
        for (number, layer) in network.recurrent.enumerated() { try lstm(layer, "rnn.rnn", layer: number) }
        try dense(network.head, "rnn.embedding")
    }

    mutating func convert(_ network: FCN) throws {
        for (index, block) in network.blocks.enumerated() {
            try convolution(block.conv1, "layers.\(index).x0.0")
            try convolution(block.conv2, "layers.\(index).x1")
            try convolution(block.shortcut, "layers.\(index).y")
        }
        try convolution(network.head, "layers.\(network.blocks.count)")
    }

    mutating func convert(_ network: UNet) throws {
        for (level, block) in network.encoder.enumerated() {
            try convert(block, (level == 0 ? "inc" : "down\(level).maxpool_conv.1") + ".double_conv")
        }
        for (step, block) in network.decoder.reversed().enumerated() {
            try convert(block, "up\(step + 1).conv.double_conv")
        }
        try convolution(network.head, "outc.conv")
    }

    private mutating func convert(_ block: UNet.Block, _ name: String) throws {
        try convolution(block.conv1, "\(name).0")
        try normalization(block.norm1, "\(name).1", preceding: "\(name).0")
        try convolution(block.conv2, "\(name).3")
        try normalization(block.norm2, "\(name).4", preceding: "\(name).3")
    }
}
