

/// How readers choose among the texts that a network's output may stand for.
///
/// ```swift
/// var reader = try LineReader("runs/lines-20260131-142500")
/// reader.decoding = .beam(width: 10)
/// ```
public enum Decoding: Sendable, Equatable {
    /// The likeliest class of every step, as ``BestPathDecoder`` does; the likeliest token after every other, where a
    /// network writes.
    case bestPath
    /// The likeliest text, as far as so many beginnings lead to it: ``PrefixBeamDecoder``, or `BeamSearch` where a
    /// network writes. Networks with a step for every character have nothing to search; they are read as by `bestPath`.
    case beam(width: Int)

    /// A width that is hardly ever improved on.
    public static let defaultBeamWidth = 10

    /// `best-path` or `beam`.
    public var name: String { self == .bestPath ? "best-path" : "beam" }

    /// How many beginnings go on; nil along the best path.
    public var beamWidth: Int? { if case .beam(let width) = self { width } else { nil } }

    /// What finds the texts of networks that write.
    var search: BeamSearch { BeamSearch(width: beamWidth ?? 1) }
}
