/// Sends what a run has recorded, and a tracker does not have yet.
///
/// Not Sendable: it is used by one thread at a time.
final class TrackerFeed {
    private let tracker: any Tracker
    private let directory: String
    private let store: DeliveryStore
    private var delivery: Delivery
    private var run: TrackedRun?
    /// How far each file has been read: the number of lines, and of bytes.
    private var positions: [String: (lines: Int, bytes: Int)] = [:]
    /// Items that are to be sent, and the number of lines of a file after which they are.
    private var pending: [TrackedItem] = []

    init(_ tracker: any Tracker, _ directory: String, _ store: DeliveryStore) {
        (self.tracker, self.directory, self.store, delivery) = (tracker, directory, store, store[tracker.key])
    }

    /// Whether the tracker has everything of a finished run.
    var isComplete: Bool { delivery.hasEnded }

    /// Sends all lines that are complete now.
    /// - Throws: errors of the tracker and of files. What was sent before counts.
    func send(until isStopped: () -> Bool = { false }) throws {
        if run == nil {
            let run = try TrackedRun(directory)
            try tracker.begin(run, memory: &delivery.memory)
            try save()
            self.run = run
        }
        try send(MetricsLine.self, from: Run.metricsName, isStopped) { line in
            let values = (line.training ?? line.validation ?? [:]).sorted { $0.key < $1.key }
            let prefix = line.training == nil ? "validation" : "training"
            return values.map {
                TrackedItem("\(prefix)/\($0)", step: line.step, time: line.time, .scalar($1.number))
            }
        }
        try send(PredictionsLine.self, from: Run.predictionsName, isStopped) { line in
            let text = TrackedItem("predictions", step: line.step, time: line.time, .text(line.table))
            return (line.epoch == 1 ? picture(line) : []) + [text]
        }
        try send(HistogramsLine.self, from: Run.histogramsName, isStopped) { line in
            line.weights.sorted { $0.key < $1.key }.map {
                TrackedItem("weights/\($0)", step: line.step, time: line.time, .histogram($1))
            }
        }
    }

    /// Sends the end of a run, all of whose lines have been sent.
    func end() throws {
        guard !delivery.hasEnded else { return }
        let run = try TrackedRun(directory)
        try tracker.end(run, isFinished: run.outcome != nil, memory: &delivery.memory)
        delivery.hasEnded = run.outcome != nil
        try save()
    }

    private func save() throws { try store.save(delivery, for: tracker.key) }

    private func send<Line: Codable & Sendable>(
        _ type: Line.Type, from name: String, _ isStopped: () -> Bool, _ items: (Line) -> [TrackedItem]
    ) throws {
        guard let run else { return }
        var position = positions[name] ?? (0, 0)
        let (lines, end) = try RecordFile<Line>.lines(of: "\(directory)/\(name)", from: position.bytes)
        // A run that was resumed has repeated lines that have been sent.
        var next = min(max((delivery.lines[name] ?? 0) - position.lines, 0), lines.count)
        while next < lines.count, !isStopped() {
            var batch = items(lines[next])
            next += 1
            while next < lines.count {
                let more = items(lines[next])
                guard batch.count + more.count <= TrackedItem.maximumCount else { break }
                batch += more
                next += 1
            }
            for start in stride(from: 0, to: batch.count, by: TrackedItem.maximumCount) {
                let part = Array(batch[start..<min(start + TrackedItem.maximumCount, batch.count)])
                try tracker.send(part, of: run, memory: &delivery.memory)
            }
            delivery.lines[name] = position.lines + next
            try save()
        }
        guard next == lines.count else { return }
        position = (position.lines + lines.count, end)
        positions[name] = position
    }

    /// The picture of the samples, which is the same after all epochs.
    private func picture(_ line: PredictionsLine) -> [TrackedItem] {
        let path = "\(directory)/\(ShownSamples.pictureName)"
        guard let png = try? File.readBytes(path), let image = try? Image(contentsOf: path) else { return [] }
        let value = TrackedItem.Value.image(png: png, width: image.width, height: image.height)
        return [TrackedItem("samples", step: line.step, time: line.time, value)]
    }
}

extension PredictionsLine {
    /// The predictions as a table in Markdown.
    fileprivate var table: String {
        func cell(_ text: String) -> String {
            text.replacing("\\", with: "\\\\").replacing("|", with: "\\|").replacing("\n", with: " ")
        }
        let rows = samples.map { "| \(cell($0.name)) | \(cell($0.expected)) | \(cell($0.predicted)) |" }
        return (["| sample | expected | predicted |", "|---|---|---|"] + rows).joined(separator: "\n")
    }
}
