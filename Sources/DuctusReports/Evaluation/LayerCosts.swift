import DuctusHandwriting

/// What the layers of a network cost: parameters and multiply-adds, which are exact, time and memory, which are measured.
struct LayerCosts: Sendable {
    /// A layer with all layers inside.
    struct Part: Sendable {
        let name: String
        var parameters = 0
        var multiplyAdds = 0
        var seconds = (forward: 0.0, backward: 0.0)
        /// The size of outputs and of gradients with respect to inputs.
        var bytes = 0
    }

    /// The outermost layers in the order of the network; of many, the most expensive ones, and the rest.
    let parts: [Part]
    /// What was measured, in a sentence.
    let note: String

    /// Measures the best weights of a run; nil before the end of the first epoch, or for a network that is not registered here.
    ///
    /// - Parameter hasData: whether a training step is measured on the first samples of the run. Without data, it is the
    ///   inference of one typical input.
    /// - Throws: an error of a file or of the data.
    init?(of run: RunSummary, hasData: Bool) throws {
        let path = "\(run.directory)/\(WeightsFile.bestName)"
        guard File.exists(path), Registries.networks[run.network] != nil else { return nil }
        let file = try WeightsFile(path)
        let profile: Profile
        let what: String
        if hasData {
            let experiment = try Experiment(contentsOf: "\(run.directory)/configuration.json")
            profile = try experiment.profile().training
            what = "a training step of \(experiment.training.batchSize) samples at most, forward and backward"
        } else {
            profile = file.profile()
            what = "the inference of one typical input"
        }
        parts = Self.parts(file.network.summary(), profile)
        let threads = Threads.count == 1 ? "one thread" : "\(Threads.count) threads"
        note =
            "Time and memory are those of \(what), measured on \(threads) when this page was written: "
            + "\((1000 * profile.seconds).fixed(1)) ms in total. Multiply-adds are those of one typical input."
    }

    private static func parts(_ summary: Summary, _ profile: Profile) -> [Part] {
        var parts: [Part] = []
        func add(_ path: String, _ change: (inout Part) -> Void) {
            let name = name(of: path)
            let place = parts.firstIndex { $0.name == name } ?? parts.count
            if place == parts.count { parts.append(Part(name: name)) }
            change(&parts[place])
        }
        for line in summary.lines where line.parameters + line.fixedParameters + line.multiplyAdds > 0 {
            add(line.path) { $0.add(parameters: line.parameters + line.fixedParameters, line.multiplyAdds) }
        }
        for line in profile.lines { add(line.path) { $0.add(line.cost) } }
        guard parts.count > 16 else { return parts }
        let (size, time) = parts.reduce((1, 1e-9)) { ($0.0 + $1.parameters, $0.1 + $1.totalSeconds) }
        func weight(_ part: Part) -> Double { Double(part.parameters) / Double(size) + part.totalSeconds / time }
        let rest = parts.sorted { weight($0) > weight($1) }.dropFirst(15)
        let names = Set(rest.map(\.name))
        return parts.filter { !names.contains($0.name) } + [
            rest.reduce(into: Part(name: "\(rest.count) more")) { $0.add($1) }
        ]
    }

    /// The outermost layer of a path. Numbered layers of a list stand for themselves.
    private static func name(of path: String) -> String {
        let steps = path.split(separator: ".")
        let depth = steps.count > 1 && Int(steps[1]) != nil ? 2 : 1
        return steps.isEmpty ? "outside of layers" : steps.prefix(depth).joined(separator: ".")
    }
}

extension LayerCosts.Part {
    var totalSeconds: Double { seconds.forward + seconds.backward }

    fileprivate mutating func add(parameters: Int, _ multiplyAdds: Int) {
        self.parameters += parameters
        self.multiplyAdds += multiplyAdds
    }

    fileprivate mutating func add(_ cost: Profile.Cost) {
        seconds.forward += cost.forwardSeconds
        seconds.backward += cost.backwardSeconds
        bytes += cost.forwardBytes + cost.backwardBytes
    }

    fileprivate mutating func add(_ other: Self) {
        add(parameters: other.parameters, other.multiplyAdds)
        seconds.forward += other.seconds.forward
        seconds.backward += other.seconds.backward
        bytes += other.bytes
    }
}
