/// Writes an event file into the directory of the run: `tensorboard --logdir runs` shows curves, predictions, weights, and,
/// in the table of hyperparameters, all runs beside each other.
public struct TensorBoard: Tracker {
    public static let name = "tensorBoard"

    /// There are no settings.
    public init() {}

    public var destination: String { "" }

    public func begin(_ run: TrackedRun, memory: inout [String: String]) throws {
        guard memory["file"] == nil else { return }
        let time = run.startTime
        memory["file"] = "\(Run.eventsPrefix)\(Int(time)).ductus"
        memory["bytes"] = "0"
        let texts = [("configuration", run.settings), ("provenance", run.origin)].map { name, rows in
            EventFile.summary(name, time: time) { $0.setText(Self.table(rows)) }
        }
        let records = [EventFile.version(time: time)] + run.hyperparameterRecords + texts
        try append(Array(records.joined()), to: run, &memory)
    }

    public func send(_ items: [TrackedItem], of run: TrackedRun, memory: inout [String: String]) throws {
        try append(items.flatMap(\.record), to: run, &memory)
    }

    public func end(_ run: TrackedRun, isFinished: Bool, memory: inout [String: String]) throws {
        // A run that is resumed ends once more; only its real end is for the table.
        guard isFinished else { return }
        try append(run.endRecord, to: run, &memory)
    }

    /// Appends to the file what comes after the bytes that are remembered. A program that was killed may have written more.
    private func append(_ bytes: [UInt8], to run: TrackedRun, _ memory: inout [String: String]) throws {
        guard let name = memory["file"], let length = memory["bytes"].flatMap({ Int($0) }) else { return }
        try File.append(bytes, to: "\(run.directory)/\(name)", at: length)
        memory["bytes"] = "\(length + bytes.count)"
    }

    private static func table(_ rows: [(key: String, value: String)]) -> String {
        let lines = rows.map { "| \($0.key) | \($0.value.replacing("|", with: "\\|")) |" }
        return (["| key | value |", "|---|---|"] + lines).joined(separator: "\n")
    }
}
