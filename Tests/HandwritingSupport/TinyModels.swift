import DuctusHandwriting

/// Networks whose weights are set by hand, in the files that readers take.
package enum TinyModels {
    /// A detector that calls ink a line and paper background.
    package static func detector() -> FCN {
        let network = FCN(.init(filters: 1, dilations: [1, 1]))
        for (_, parameter) in network.namedParameters { parameter.stored = .zeros(parameter.shape) }
        network.blocks[0].shortcut.weight.stored = .ones([1, 1, 1, 1])
        network.head.weight.stored = Tensor([0, 1, 0], shape: [1, 1, 1, 3])
        network.head.bias?.stored = [0.5, 0, 0]
        return network
    }

    /// A reader that reads every line as the first letter.
    package static func reader() -> CRNN {
        let network = CRNN(.init(classes: TinyLines.letters.count + 1, filters: [1, 1, 1, 1, 1], hidden: 1))
        network.head.bias?.stored = [0, 9, 0, 0]
        return network
    }

    package static let characters = Alphabet(TinyLines.letters)

    /// Writes both networks of a page reader.
    package static func write(to directory: String) throws {
        try File.createDirectory(directory)
        try WeightsFile.write(detector(), for: .detection, to: "\(directory)/\(PageReader.detectorName)")
        try WeightsFile.write(
            reader(), for: .lines, characters: characters, to: "\(directory)/\(PageReader.readerName)")
    }
}
