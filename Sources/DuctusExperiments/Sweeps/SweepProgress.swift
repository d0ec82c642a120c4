/// A sweep in its directory: what is done, and what is next.
public struct SweepProgress: Sendable {
    /// The sweep.
    public let sweep: Sweep
    /// The directory of the sweep.
    public let directory: String
    /// The epoch until which this program has trained a trial, or tried to.
    private var tried: [Int: Int] = [:]

    /// A trial that is to be trained until an epoch.
    package struct Task: Sendable, Equatable {
        package let trial: Sweep.Trial
        package let epochs: Int
    }

    /// Begins a sweep in a new directory, or continues the one that is there.
    ///
    /// - Parameters:
    ///   - sweep: the sweep.
    ///   - directory: its directory.
    ///   - resumes: whether a sweep that is there is continued; otherwise, it is an error.
    /// - Throws: `ConfigurationError` if there is another sweep in the directory, or one that may not be continued; an error
    ///   of a file.
    public init(_ sweep: Sweep, in directory: String, resumes: Bool) throws {
        (self.sweep, self.directory) = (sweep, directory)
        let path = "\(directory)/\(Sweep.fileName)"
        if File.exists(path) {
            guard (try? JSONText(parsing: File.readBytes(path))) == sweep.description else {
                throw ConfigurationError(
                    directory,
                    "there is a sweep with other keys, values, or another experiment here; choose another name")
            }
            guard resumes else {
                throw ConfigurationError(directory, "this sweep was begun before; continue it with --resume")
            }
        } else {
            guard File.names(in: directory).isEmpty else {
                throw ConfigurationError(directory, "the directory is not empty and has no sweep; choose another name")
            }
            try File.createDirectory(directory)
            try File.write(Array((sweep.description.text + "\n").utf8), to: path)
        }
    }

    /// The directory of a trial's run.
    package func directory(of trial: Sweep.Trial) -> String {
        let digits = "\(sweep.trials.count)".count
        let number = "\(trial.number + 1)"
        return "\(directory)/trial-" + String(repeating: "0", count: digits - number.count) + number
    }

    /// The run of a trial, which is created if necessary.
    package func run(of trial: Sweep.Trial) throws -> Run {
        let path = directory(of: trial)
        guard !File.exists("\(path)/\(Run.configurationName)") else {
            return try Run.open(path, components: sweep.experiment(of: trial).components)
        }
        return try Run.create(sweep.experiment(of: trial), at: path)
    }

    /// What a run says; nil before it is created.
    private func summary(_ trial: Sweep.Trial) throws -> RunSummary? {
        let path = directory(of: trial)
        return File.exists("\(path)/\(Run.configurationName)") ? try RunSummary(path) : nil
    }

    /// Notes that a trial was trained until an epoch, or that this failed.
    package mutating func finish(_ task: Task) {
        tried[task.trial.number] = max(task.epochs, tried[task.trial.number] ?? 0)
    }

    /// The trials that can be trained now; none when the sweep is finished.
    ///
    /// A rung begins when all trials of the one before are trained; it continues the best of them.
    package func next() throws -> [Task] {
        var first = 0
        for bracket in sweep.brackets {
            var alive = Array(sweep.trials[first..<first + bracket.trials])
            first += bracket.trials
            for (place, rung) in bracket.rungs.enumerated() {
                let summaries = try alive.map { try summary($0) }
                let tasks = try zip(alive, summaries).map { trial, run in
                    let planned = try run?.plannedEpochs ?? sweep.experiment(of: trial).training.epochs
                    return (Task(trial: trial, epochs: min(rung.epochs ?? planned, planned)), run?.history.count ?? 0)
                }
                let open = tasks.filter { $1 < $0.epochs && tried[$0.trial.number] ?? 0 < $0.epochs }.map(\.0)
                if !open.isEmpty { return open }
                let results = try zip(alive, summaries).map { trial, run in
                    try SweepResult(trial, sweep, run, directory: directory(of: trial), until: rung.epochs)
                }
                guard bracket.rungs.indices.contains(place + 1) else { break }
                let kept = results.ranked.prefix(bracket.rungs[place + 1].trials).map(\.trial.number)
                alive = alive.filter { kept.contains($0.number) }
            }
        }
        return []
    }

    /// Trains all trials in this program, one after the other. `ductus sweep` trains several at the same time.
    ///
    /// - Parameter callbacks: callbacks besides those of the experiment.
    /// - Returns: the results, the best first.
    /// - Throws: the first error of a trial.
    public mutating func train(callbacks: [Callback] = [.progress()]) throws -> [SweepResult] {
        while let task = try next().first {
            try run(of: task.trial).train(callbacks: callbacks + [.pausing(afterEpoch: task.epochs)])
            finish(task)
        }
        return try results()
    }

    /// The results of all trials, the best first.
    public func results() throws -> [SweepResult] {
        try sweep.trials.map { trial in
            try SweepResult(trial, sweep, summary(trial), directory: directory(of: trial))
        }.ranked
    }
}

/// What came out of a trial.
public struct SweepResult: Sendable {
    /// The trial.
    public let trial: Sweep.Trial
    /// The directory of its run.
    public let directory: String
    /// The number of epochs that it was trained.
    public let epochs: Int
    /// The name of the value that determines the best epoch; nil before training starts.
    public let monitor: String?
    /// That value in the best epoch; nil without one.
    public let value: Double?
    /// The best epoch.
    public let epoch: Int?
    /// The duration of all epochs.
    public let seconds: Double
    fileprivate let higherIsBetter: Bool

    fileprivate init(
        _ trial: Sweep.Trial, _ sweep: Sweep, _ run: RunSummary?, directory: String, until limit: Int? = nil
    ) throws {
        let history = run?.history.filter { $0.epoch <= limit ?? .max } ?? []
        let errors = try ["loss"] + sweep.experiment(of: trial).callbackConfigurations().flatMap(\.measures)
        let monitor = run?.monitor
        let isHigher = monitor.map { !errors.contains($0) } ?? true
        let values = history.compactMap { record -> (Int, Double)? in
            guard let monitor, let value = record.validation[monitor], value.isFinite else { return nil }
            return (record.epoch, value)
        }
        // The first of equal epochs, as checkpoints have it.
        let best = values.reduce(nil as (Int, Double)?) { best, next in
            guard let best else { return next }
            return (isHigher ? next.1 > best.1 : next.1 < best.1) ? next : best
        }
        (self.trial, self.directory, self.monitor, higherIsBetter) = (trial, directory, monitor, isHigher)
        (epochs, value, epoch) = (history.count, best?.1, best?.0)
        seconds = history.reduce(0) { $0 + $1.seconds }
    }

    /// The result as `ductus sweep --json` prints it.
    package func json(_ sweep: Sweep) -> JSONText {
        .object([
            "trial": .number("\(trial.number + 1)"), "directory": .string(directory),
            "values": .object(Dictionary(uniqueKeysWithValues: zip(sweep.keys, trial.values))),
            "epochs": .number("\(epochs)"), "monitor": monitor.map(JSONText.string) ?? .null,
            "best": value.map { .number("\($0)") } ?? .null, "epoch": epoch.map { .number("\($0)") } ?? .null,
            "seconds": .number("\(seconds)"),
        ])
    }
}

extension [SweepResult] {
    /// The results, the best first; those without a value last, and equal ones in their order.
    package var ranked: [SweepResult] {
        sorted { one, other in
            guard let first = one.value, let second = other.value, first != second else {
                return (one.value == nil ? 1 : 0, one.trial.number) < (other.value == nil ? 1 : 0, other.trial.number)
            }
            return one.higherIsBetter ? first > second : first < second
        }
    }
}

extension Callback {
    /// Ends training after an epoch; a run resumes from there.
    package static func pausing(afterEpoch epoch: Int) -> Callback {
        let decide: @Sendable (Context) throws -> Flow = { $0.state.epoch >= epoch ? .stop : .continue }
        return Callback(atStart: decide, afterEpoch: decide)
    }
}
