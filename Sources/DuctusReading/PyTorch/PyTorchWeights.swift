/// Weights of the PyTorch port of the Full Stack Deep Learning text recognizer, with the names of its modules.
///
/// The file is a `state_dict` in safetensors format. To convert a PyTorch file in Python:
///
/// ```python
/// import torch, safetensors.torch
/// weights = torch.load("line_lstm_ctc_weights.h5", map_location="cpu")
/// safetensors.torch.save_file({name: value.contiguous() for name, value in weights.items()}, "lstm.safetensors")
/// ```
///
/// Then, here:
///
/// ```swift
/// let network = LineLSTM(.init(classes: 80))
/// let counts = try PyTorchWeights("lstm.safetensors").load(into: network)
/// print(counts.parameters, counts.redundant)     // 652880 512
/// ```
///
/// Differences between the frameworks:
///
/// | | PyTorch | Ductus |
/// |---|---|---|
/// | convolution | `[out, in, height, width]` | `[height, width, in, out]` |
/// | dense | `[out, in]` | `[in, out]` |
/// | dense after flattening | in: channel, row, column | in: row, column, channel |
/// | LSTM, gates i, f, g, o | `[4 hidden, in]`, two biases | `[in, 4 hidden]`, their sum |
/// | bias before batch normalization | separate | subtracted from the running mean |
public struct PyTorchWeights: Sendable {
    /// The numbers of values in a file.
    public struct Counts: Sendable, Equatable {
        /// Trainable values in PyTorch.
        public var parameters = 0
        /// Trainable values that are no parameters here: second biases of LSTMs, and biases before batch normalization.
        public var redundant = 0
        /// Values that are not trainable: running statistics, and batch counters, which are not used here.
        public var buffers = 0
    }

    private let archive: TensorArchive

    /// Opens a safetensors file.
    /// - Throws: `FileError` or `ArchiveError`.
    public init(_ path: String) throws { archive = try TensorArchive(contentsOf: path) }

    init(_ archive: TensorArchive) { self.archive = archive }

    /// Loads the weights into a network. The file and the network must have the same tensors.
    ///
    /// - Throws: `ArchiveError` naming file and tensor; the network is unchanged then.
    @discardableResult
    public func load(into network: any ConfigurableNetwork) throws -> Counts {
        guard let port = network as? any PyTorchConvertible else {
            throw ArchiveError(
                archive.path, "cannot be loaded: the PyTorch port has no network \(type(of: network).name).")
        }
        var conversion = PyTorchConversion(archive)
        try port.convert(with: &conversion)
        return try conversion.finish(network)
    }

    /// The names of the networks that can be converted.
    public static var networks: [String] { Registries.networks.names(of: (any PyTorchConvertible).self) }

    /// The settings of the port's network that differ from the defaults.
    static func settings(of network: String) -> [String: JSONText] {
        (Registries.networks[network] as? any PyTorchConvertible.Type)?.portSettings ?? [:]
    }
}
