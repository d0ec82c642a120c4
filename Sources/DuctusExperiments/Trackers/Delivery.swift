/// How much of the record of a run a tracker has. A run keeps the deliveries to all of its trackers in `trackers.json`.
struct Delivery: Codable, Sendable, Equatable {
    /// The number of lines of each file that have been sent.
    var lines: [String: Int] = [:]
    /// Whether the end of the run has been sent.
    var hasEnded = false
    /// What the tracker remembers.
    var memory: [String: String] = [:]

    /// The deliveries of a run by tracker.
    static func all(in directory: String) throws -> [String: Delivery] {
        try Run.record(Run.trackersName, "list of trackers", in: directory) ?? [:]
    }
}

extension Tracker {
    /// The key of the deliveries to this tracker, and its name in messages.
    var key: String { destination.isEmpty ? Self.name : "\(Self.name) (\(destination))" }
}

/// The deliveries of a run, which are saved whenever one changes. Trackers change theirs at the same time.
final class DeliveryStore: Sendable {
    private let path: String
    private let deliveries: Locked<[String: Delivery]>

    init(_ directory: String) throws {
        path = "\(directory)/\(Run.trackersName)"
        deliveries = Locked(try Delivery.all(in: directory))
    }

    subscript(key: String) -> Delivery { deliveries.withLock { $0[key] ?? Delivery() } }

    func save(_ delivery: Delivery, for key: String) throws {
        try deliveries.withLock { deliveries in
            guard deliveries.updateValue(delivery, forKey: key) != delivery else { return }
            try File.write(Array((JSONText(encoding: deliveries).text + "\n").utf8), to: path)
        }
    }
}
