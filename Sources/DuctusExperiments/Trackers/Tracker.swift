/// A program that shows runs, such as TensorBoard or MLflow. It is a component: a configuration file chooses it by name, and
/// its properties are its settings.
///
/// ```json
/// "trackers": ["tensorBoard", { "name": "mlflow", "url": "http://127.0.0.1:5000" }]
/// ```
///
/// A tracker is fed from the files of the run by a thread of its own, so that training never waits for it and loses nothing
/// if it fails: what has been sent is counted, and the rest is sent later. A tracker therefore has no state but its memory,
/// which is saved after every call that does not throw.
public protocol Tracker: Component {
    /// What distinguishes this tracker from others of its kind, such as a URL.
    var destination: String { get }

    /// Introduces a run: its configuration, data, code, and machine. Called before anything is sent, also when a program
    /// continues what another one began; then the memory is not empty.
    func begin(_ run: TrackedRun, memory: inout [String: String]) throws

    /// Sends measurements, in the order in which they were made; at most ``TrackedItem/maximumCount``. If the call throws,
    /// the same items come again, perhaps together with others.
    func send(_ items: [TrackedItem], of run: TrackedRun, memory: inout [String: String]) throws

    /// Ends a run, or says that it was interrupted. An interrupted run may begin again.
    func end(_ run: TrackedRun, isFinished: Bool, memory: inout [String: String]) throws
}

/// A measurement for a tracker.
public struct TrackedItem: Sendable {
    /// The largest number of items that are sent at once.
    public static let maximumCount = 1000

    /// The kinds of measurements.
    public enum Value: Sendable {
        /// A number, which may be infinite or not a number.
        case scalar(Double)
        /// Text in Markdown.
        case text(String)
        /// A picture as a PNG file, and its size in pixels.
        case image(png: [UInt8], width: Int, height: Int)
        /// A distribution.
        case histogram(Histogram)
    }

    /// The name, such as `training/loss`.
    public let name: String
    /// The number of training steps before the measurement.
    public let step: Int
    /// The seconds from 1970 until the measurement.
    public let time: Double
    /// The measurement.
    public let value: Value

    package init(_ name: String, step: Int, time: Double, _ value: Value) {
        (self.name, self.step, self.time, self.value) = (name, step, time, value)
    }
}

/// What a tracker is told about a run.
public struct TrackedRun: Sendable {
    /// The directory.
    public let directory: String
    /// The name of the directory.
    public let name: String
    /// The task, such as `lines`.
    public let task: String
    /// The keys of the configuration, such as `training.rate`, with their values as they stand in a file; strings without
    /// quotes.
    public let settings: [(key: String, value: String)]
    /// The same values by their kinds: numbers are `Double`, and what is neither a boolean nor a string is text.
    let values: [(key: String, value: JSONText)]
    /// Data, code, machine, and seed.
    public let provenance: Provenance
    /// The validation value that determines the best epoch.
    public let monitor: String?
    /// The end, if training is finished.
    public let outcome: Outcome?

    /// Reads the files of a run.
    package init(_ directory: String) throws {
        let run = try RunSummary(directory)
        guard let provenance = run.provenance else { throw RunError.notBegun(directory) }
        (self.directory, name, task, self.provenance, monitor) = (
            run.directory, run.name, run.task, provenance, run.monitor
        )
        values = run.configuration.leaves.filter { $0.value != .null }
        settings = values.map { ($0.key, $0.value.string ?? $0.value.text) }
        outcome = try Run.record(Run.outcomeName, "outcome", in: directory)
    }

    /// The settings that are numbers and booleans.
    public var numbers: [String: Double] {
        Dictionary(values.compactMap { key, value in value.number.map { (key, $0) } }) { first, _ in first }
    }

    /// What identifies the run everywhere: no other has been started at the same time in a directory of the same name.
    public var identity: String {
        ContentHash("\(name)\n\(provenance.created)\n\(provenance.machine)").description
    }
}
