import DuctusHandwriting

/// Networks with hand-made weights.
package enum TinyModels {
    /// A detector that classifies ink as a line.
    package static func detector() -> FCN {
        let network = FCN(.init(filters: 1, dilations: [1, 1]))
        for (_, parameter) in network.namedParameters { parameter.stored = .zeros(parameter.shape) }
        network.blocks[0].shortcut.weight.stored = .ones([1, 1, 1, 1])
        network.head.weight.stored = Tensor([0, 1, 0], shape: [1, 1, 1, 3])
        network.head.bias?.stored = [0.5, 0, 0]
        return network
    }

    /// A reader that recognizes every line as the first letter.
    package static func reader() -> CRNN {
        let network = CRNN(.init(classes: TinyLines.letters.count + 1, filters: [1, 1, 1, 1, 1], hidden: 1))
        network.head.bias?.stored = [0, 9, 0, 0]
        return network
    }

    package static let characters = Alphabet(TinyLines.letters)

    /// Writes a reader's weights file.
    package static func writeReader(to path: String) throws {
        let network = reader()
        try WeightsFile.write(network, of: LineReader.model(network, characters: characters), to: path)
    }

    /// Writes a detector's weights file.
    package static func writeDetector(to path: String) throws {
        let network = detector()
        try WeightsFile.write(network, of: LineDetector.model(network), to: path)
    }

    /// Writes the weights of a page reader.
    package static func write(to directory: String) throws {
        try File.createDirectory(directory)
        try writeDetector(to: "\(directory)/\(LineDetector.fileName)")
        try writeReader(to: "\(directory)/\(PageReader.readerName)")
    }
}
