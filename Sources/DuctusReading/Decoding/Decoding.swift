/// The decoding of recognizers: how a text is chosen from the output of a network.
///
/// ```swift
/// var reader = try LineReader("runs/lines-20260131-142500")
/// reader.decoding = .beam(width: 10)
/// ```
public enum Decoding: Sendable, Equatable {
    /// The most likely class of every step (``BestPathDecoder``), or greedy decoding for autoregressive networks.
    case bestPath
    /// Beam search with a beam width: ``PrefixBeamDecoder``, or `BeamSearch` for autoregressive networks. Networks with one
    /// character per step are decoded as with `bestPath`.
    case beam(width: Int)

    /// The default beam width; larger ones hardly ever improve the result.
    public static let defaultBeamWidth = 10

    /// `best-path` or `beam`.
    public var name: String { self == .bestPath ? "best-path" : "beam" }

    /// The number of hypotheses of a beam search; nil for best path decoding.
    public var beamWidth: Int? { if case .beam(let width) = self { width } else { nil } }

    /// The search for autoregressive networks.
    var search: BeamSearch { BeamSearch(width: beamWidth ?? 1) }
}
