/// The decoding of recognizers: how a text is chosen from the output of a network.
///
/// ```swift
/// var reader = try LineReader("runs/lines-20260131-142500")
/// reader.decoding = .beam(width: 10)
/// ```
public enum Decoding: Sendable, Equatable {
    /// The most likely class of every step (``BestPathDecoder``), or greedy decoding for autoregressive networks.
    case bestPath
    /// Beam search with a beam width: ``PrefixBeamDecoder`` with the language models of the reader, or `BeamSearch` for
    /// autoregressive networks. Networks with one character per step are decoded as with `bestPath`.
    case beam(width: Int)

    /// The default beam width without a language model; larger ones hardly ever improve the result.
    public static let defaultBeamWidth = 10
    /// The default beam width with language models, which need more hypotheses to choose from.
    public static let languageBeamWidth = 64

    /// `best-path` or `beam`.
    public var name: String { self == .bestPath ? "best-path" : "beam" }

    /// The number of hypotheses of a beam search; nil for best path decoding.
    public var beamWidth: Int? { if case .beam(let width) = self { width } else { nil } }

    /// The search for autoregressive networks.
    var search: BeamSearch { BeamSearch(width: beamWidth ?? 1) }
}

extension Decoding {
    /// The weight of language models, which was chosen on lines of writers of the training data; see ``LanguagePrior``.
    public static let languageWeight = 0.6
    /// The bonus of every character, chosen likewise.
    public static let characterBonus = 1.75
    /// The smallest probability with which a class extends hypotheses in a search with a language model.
    public static let leastProbability = 1e-3
}
