/// Weights that PyTorch trained, for the same networks here: those of the Full Stack Deep Learning text recognizer's
/// PyTorch port, under the names of its modules.
///
/// The file is a `state_dict` in safetensors format. In Python, where a file of PyTorch is at hand:
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
/// What differs between the frameworks:
///
/// | | PyTorch | Ductus |
/// |---|---|---|
/// | convolution | `[out, in, height, width]` | `[height, width, in, out]` |
/// | dense | `[out, in]` | `[in, out]` |
/// | dense after a flattened image | in: channel, row, column | in: row, column, channel |
/// | LSTM, gates i, f, g, o | `[4 hidden, in]`, two biases | `[in, 4 hidden]`, their sum |
/// | bias before a batch normalisation | kept | taken off the running mean |
public struct PyTorchWeights: Sendable {
    /// What a file held.
    public struct Counts: Sendable, Equatable {
        /// Numbers that PyTorch trains.
        public var parameters = 0
        /// Those of them that are no parameters here: second biases of LSTMs, biases before normalisations.
        public var redundant = 0
        /// Numbers that are kept but not trained: running statistics, and counters of batches, which are not used here.
        public var buffers = 0
    }

    private let archive: TensorArchive

    /// Opens a safetensors file.
    /// - Throws: `FileError` or `ArchiveError`.
    public init(_ path: String) throws { archive = try TensorArchive(contentsOf: path) }

    init(_ archive: TensorArchive) { self.archive = archive }

    /// Gives a network the weights. Every tensor of the file must be one of the network's, in its size.
    ///
    /// - Throws: `ArchiveError` naming file and tensor; the network is unchanged then.
    @discardableResult
    public func load(into network: any ConfigurableNetwork) throws -> Counts {
        guard let port = network as? any PyTorchConvertible else {
            throw ArchiveError(archive.path, "cannot hold a network \(type(of: network).name) of PyTorch.")
        }
        var conversion = PyTorchConversion(archive)
        try port.take(from: &conversion)
        return try conversion.finish(network)
    }

    /// The names of the networks that can be converted.
    public static var networks: [String] { Registries.networks.names(of: (any PyTorchConvertible).self) }

    /// What the port's network has other than the network of that name here.
    static func settings(of network: String) -> [String: JSONText] {
        (Registries.networks[network] as? any PyTorchConvertible.Type)?.portSettings ?? [:]
    }
}
