import DuctusModels

/// One training from a configuration file to weights: builds data, network and model, trains, keeps everything in a
/// run's directory.
///
/// The directory holds `configuration.json`, `last.safetensors` (to resume), `best.safetensors` (to use) and
/// `history.json`.
///
/// ```swift
/// let file = try ExperimentFile(contentsOf: "lines.json", changes: ["training.epochs=2"])
/// let history = try Experiment(file, directory: "runs/lines").run()
/// let reader = try LineReader("runs/lines")
/// ```
public struct Experiment: Sendable {
    /// What is trained, and how.
    public let file: ExperimentFile
    /// Where the run is kept.
    public let directory: String

    /// Nothing is written before it runs.
    public init(_ file: ExperimentFile, directory: String) { (self.file, self.directory) = (file, directory) }

    /// Opens the run in a directory, to resume it.
    public init(resuming directory: String) throws {
        self.init(try ExperimentFile(contentsOf: "\(directory)/configuration.json"), directory: directory)
    }

    /// Trains from the beginning, or from where the run stands.
    /// - Returns: one record an epoch.
    /// - Throws: `ConfigurationError`, `DatasetError`, `TrainingError` or a file's error, each with a sentence.
    @discardableResult
    public func run(resuming: Bool = false, callbacks: [Callback] = [.progress()]) throws -> [EpochRecord] {
        try File.createDirectory(directory)
        // A run that was interrupted before its first checkpoint starts anew.
        let resuming = resuming && File.exists("\(directory)/\(Checkpoint.lastName)")
        if !resuming { try File.write(Array(file.text.utf8), to: "\(directory)/configuration.json") }
        switch file.configuration.task {
        case .characters: return try trainCharacters(resuming, callbacks)
        case .lines: return try trainLines(resuming, callbacks)
        case .detection: return try trainDetection(resuming, callbacks)
        }
    }

    private var configuration: ExperimentConfiguration { file.configuration }
    private var training: ExperimentConfiguration.Training { file.configuration.training }

    private func trainCharacters(_ resuming: Bool, _ callbacks: [Callback]) throws -> [EpochRecord] {
        let source = configuration.data
        let data = try CharacterDataset(
            kind: source.kind, directory: path(source.directory), split: source.training,
            isBalanced: source.isBalanced, seed: training.seed)
        let validation =
            try source.validation.isEmpty
            ? nil
            : CharacterDataset(kind: source.kind, directory: path(source.directory), split: source.validation)
        let names = data.images.classNames.joined()
        let characters = try CharacterSet(validating: names, blank: data.images.classNames.count)
        let network = try build(classes: data.images.classNames.count)
        guard let pixels = (network as? any CharacterNetwork)?.pixels else {
            throw ConfigurationError(file.path, "the network \(name) names no characters; choose mlp or lenet")
        }
        guard pixels == CharacterImages.side * CharacterImages.side else {
            throw ConfigurationError(file.path, "the network takes images of \(pixels) pixels, not of 28 × 28")
        }
        return try train(
            network, loss: .softmaxCrossEntropy, metric: .accuracy, characters: characters,
            data.sampled(limit, seed: training.seed).cached(), validation?.cached(), resuming, callbacks)
    }

    private func trainLines(_ resuming: Bool, _ callbacks: [Callback]) throws -> [EpochRecord] {
        let source = configuration.data
        let characters: CharacterSet
        do {
            characters = try CharacterSet(validating: configuration.characters, blank: 0)
        } catch {
            throw ConfigurationError(file.path, "key \"characters\": \(error.description.dropLast())")
        }
        var synthesis = source.synthesis
        synthesis.text = try textPath(synthesis.text)
        func lines(_ kind: String, _ directory: String, _ split: String, _ limit: Int = .max) throws -> ExampleCache {
            let data = try LineDataset(
                kind: kind, directory: path(directory), split: split, characters: characters,
                input: configuration.input, synthesis: synthesis, followsOutlines: source.followsOutlines)
            if data.missingImages > 0 {
                report("\(data.missingImages) lines of split \(split) have no image and are left out.")
            }
            return try data.sampled(limit, seed: training.seed).cached()
        }
        var data = try lines(source.kind, source.directory, source.training, limit)
        for extra in source.extra {
            let parts = extra.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw ConfigurationError(file.path, "key \"data.extra\" holds \"\(extra)\"; write KIND:DIRECTORY")
            }
            data = data.joined(with: try lines(parts[0], parts[1], source.training))
        }
        let validation =
            try source.validation.isEmpty
            ? nil : lines(source.kind, source.directory, source.validation)
        guard let network = try build(classes: characters.count) as? any ConfigurableNetwork & LineNetwork else {
            throw ConfigurationError(
                file.path, "the network \(name) reads no lines; choose crnn, lstm_ctc, seq2seq or lineTransformer")
        }
        guard network.height == configuration.input.height else {
            throw ConfigurationError(file.path, "key \"input.height\" must be \(network.height) for \(name)")
        }
        let loss: Loss
        if let generator = network as? any TextGenerator {
            loss = .teacherForcing(generator, smoothing: training.smoothing)
        } else {
            loss = .lines(network, blank: characters.blank)
            reportUnreadable(data, network)
        }
        return try train(
            network, loss: loss, metric: .characterAccuracy(network, characters), characters: characters, data,
            validation, resuming, callbacks, minimumWidth: network.minimumWidth)
    }

    /// Names the lines that are too short for their text: no path through their columns spells it, so CTC learns
    /// nothing from them, and a network with a step for every character only their beginning.
    private func reportUnreadable(_ data: ExampleCache, _ network: any LineNetwork) {
        let names = zip(data.examples, data.names).compactMap { example, name in
            let labels = example.labels.scalars
            let joinsRepetitions = network.alignment == .ctc
            let repeats = joinsRepetitions ? zip(labels, labels.dropFirst()).count { $0 == $1 } : 0
            let width = max(example.input.shape[1], network.minimumWidth)
            return network.steps(width: width) < labels.count + repeats ? name : nil
        }
        guard !names.isEmpty else { return }
        report(
            "\(names.count) lines have fewer columns than their text needs and cannot be learnt: "
                + names.prefix(5).joined(separator: ", ") + (names.count > 5 ? ", …" : "."))
    }

    private func trainDetection(_ resuming: Bool, _ callbacks: [Callback]) throws -> [EpochRecord] {
        let source = configuration.data
        let data = try DetectionDataset(kind: source.kind, directory: path(source.directory), split: source.training)
        let validation =
            try source.validation.isEmpty
            ? nil
            : DetectionDataset(kind: source.kind, directory: path(source.directory), split: source.validation)
        let network = try build(classes: 3)
        guard network is any PixelNetwork else {
            throw ConfigurationError(file.path, "the network \(name) finds no lines; choose fcn or unet")
        }
        return try train(
            network, loss: .softmaxCrossEntropy, metric: .accuracy, characters: nil,
            VariedPages(data, views: source.views, seed: training.seed).sampled(limit, seed: training.seed).cached(),
            validation?.cached(), resuming, callbacks)
    }

    private var name: String { file.network.object?["name"]?.string ?? "" }

    private func build(classes: Int) throws -> any ConfigurableNetwork {
        var fields = file.network.object ?? [:]
        fields["name"] = nil
        return try Initialization.seeded(training.seed) {
            try NetworkRegistry.network(name, .object(fields), classes: classes, file: file.path)
        }
    }

    /// How many training samples of the main source are used.
    private var limit: Int { configuration.data.limit > 0 ? configuration.data.limit : .max }

    private func train<N: ConfigurableNetwork>(
        _ network: N, loss: Loss, metric: Metric, characters: CharacterSet?, _ data: ExampleCache,
        _ validation: ExampleCache?, _ resuming: Bool, _ callbacks: [Callback], minimumWidth: Int = 1
    ) throws -> [EpochRecord] {
        var model = Model(network, loss: loss, metrics: [metric], optimizer: try optimizer())
        var state = TrainingState()
        if !training.startsFrom.isEmpty, !resuming { try startFrom(path(training.startsFrom), network) }
        if resuming {
            let checkpoint = try Checkpoint(contentsOf: "\(directory)/\(Checkpoint.lastName)")
            try model.restore(checkpoint)
            state = checkpoint.state
        }
        let notes = try WeightsFile.metadata(
            task: configuration.task, network: network, characters: characters, input: configuration.input)
        var all = callbacks
        all.append(
            .checkpoints(in: directory, metadata: notes, monitor: metric.name, higherIsBetter: true))
        if training.patience > 0 {
            all.append(.earlyStopping(patience: training.patience, monitor: metric.name, higherIsBetter: true))
        }
        let augmentation = training.augmentation == Augmentation() ? nil : training.augmentation
        let history = try model.fit(
            BatchLoader(
                data, batchSize: training.batchSize, shuffles: true, seed: training.seed, augmentation: augmentation,
                minimumWidth: minimumWidth),
            epochs: training.epochs,
            validating: validation.map {
                BatchLoader($0, batchSize: training.batchSize, shuffles: false, minimumWidth: minimumWidth)
            },
            callbacks: all, from: state, seed: training.seed)
        try File.write(Array((JSONText(encoding: history).text + "\n").utf8), to: "\(directory)/history.json")
        return history
    }

    /// Gives a new network what fits of another's weights.
    private func startFrom(_ path: String, _ network: any ConfigurableNetwork) throws {
        let path = File.isDirectory(path) ? "\(path)/\(Checkpoint.bestName)" : path
        let count = network.namedParameters.count
        let taken = network.loadMatching(from: try TensorArchive(contentsOf: path)).count
        guard taken > 0 else {
            throw ConfigurationError(
                file.path, "key \"training.startsFrom\": no parameter of \(path) fits any of the network \(name)")
        }
        report("\(taken) of the network's \(count) parameters begin with those of \(path).")
    }

    private func optimizer() throws -> Optimizer {
        let t = training
        let rule: Optimizer.Rule =
            switch t.optimizer {
            case "sgd": .sgd(momentum: t.momentum, decay: 0)
            case "rmsprop": .rmsprop()
            case "adam": .adam()
            case "adamW": .adam(decay: t.decay)
            default:
                throw ConfigurationError(
                    file.path, "key \"training.optimizer\" is \"\(t.optimizer)\"; choose sgd, rmsprop, adam or adamW")
            }
        let schedule: Schedule =
            switch t.schedule {
            case "constant": .constant
            case "cosine": .cosine
            case "oneCycle": .oneCycle(warmup: t.warmup)
            default:
                throw ConfigurationError(
                    file.path, "key \"training.schedule\" is \"\(t.schedule)\"; choose constant, cosine or oneCycle")
            }
        return Optimizer(rule, rate: t.rate, schedule: schedule, clipNorm: t.clipNorm > 0 ? t.clipNorm : nil)
    }

    /// What `data.synthesis.text` names, with its leading environment variable replaced.
    private func textPath(_ text: String) throws -> String {
        let prefix = text.hasPrefix("iam:") ? "iam:" : ""
        return prefix + (try path(String(text.dropFirst(prefix.count))))
    }

    /// A directory, its leading environment variable replaced.
    private func path(_ directory: String) throws -> String {
        guard directory.hasPrefix("$") else { return directory }
        let name = directory.dropFirst().prefix { $0 != "/" }
        guard let value = File.environment(String(name)), !value.isEmpty else {
            throw ConfigurationError(
                file.path, "the data are in \(directory), but the environment variable \(name) is not set")
        }
        return value + directory.dropFirst(name.count + 1)
    }
}
