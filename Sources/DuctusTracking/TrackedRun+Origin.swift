import Foundation

extension TrackedRun {
    /// The seconds from 1970 until training started.
    var startTime: Double { Self.seconds(provenance.created) ?? 0 }

    /// The seconds from 1970 until training finished; until now, if it has not.
    var endTime: Double { outcome.flatMap { Self.seconds($0.finished) } ?? Date.now.timeIntervalSince1970 }

    private static func seconds(_ text: String) -> Double? {
        (try? Date(text, strategy: .iso8601))?.timeIntervalSince1970
    }

    /// Code, machine, and seed, as texts.
    var origin: [(key: String, value: String)] {
        (provenance.codeVersions + provenance.dataSetVersions).map {
            (key: $0.key, value: $0.value.string ?? $0.value.text)
        }
            + [(key: "seed", value: "\(provenance.seed)")]
    }
}
