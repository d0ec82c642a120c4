import DuctusModels

/// A training as a file describes it: data, network and hyper-parameters. What a file leaves out has its default.
///
/// ```json
/// {
///     "name": "lines-crnn",
///     "task": "lines",
///     "data": { "kind": "iam", "directory": "$DUCTUS_DATA/iam" },
///     "network": { "name": "crnn", "recurrentLayers": 2 },
///     "training": { "epochs": 15, "rate": 2e-3, "augmentation": { "shear": 0.3 } }
/// }
/// ```
///
/// `network` holds the name of a `ConfigurableNetwork` and properties of its configuration.
public struct ExperimentConfiguration: Sendable, Codable, Equatable {
    /// Where samples come from.
    public struct Source: Sendable, Codable, Equatable {
        /// Of characters `mnist` or `emnist`; of lines `iam`, `lines`, `emnist-lines`, `alto` or `page`; of pages to
        /// detect lines on `iam`, `alto` or `page`.
        public var kind = "iam"
        /// `$NAME` at the start stands for an environment variable.
        public var directory = "$DUCTUS_DATA/iam"
        /// The split to train on.
        public var training = "train"
        /// The split that is evaluated after every epoch; none, if empty.
        public var validation = "validation"
        /// At most so many training samples of this source, drawn at random; all, if 0.
        public var limit = 0
        /// Whether classes of characters that are larger than the mean are cut to it for training.
        public var isBalanced = false
        /// Whether lines of `alto` and `page` are cut along their outlines rather than as boxes.
        public var followsOutlines = false
        /// How `emnist-lines` are made.
        public var synthesis = LineSynthesis()
        /// Lines and pages of more data to train on: `"lines:/path"`.
        public var extra: [String] = []
    }

    /// How a network is trained.
    public struct Training: Sendable, Codable, Equatable {
        /// How often all samples are seen; less often if `patience` ends first.
        public var epochs = 10
        /// Samples of a step.
        public var batchSize = 16
        /// `sgd`, `rmsprop`, `adam` or `adamW`.
        public var optimizer = "adamW"
        /// The largest learning rate.
        public var rate = 1e-3
        /// Of `sgd`; the others have their own.
        public var momentum = 0.9
        /// The weight decay of `adamW`; the others have none.
        public var decay = 0.01
        /// `constant`, `cosine` or `oneCycle`.
        public var schedule = "oneCycle"
        /// The share of steps during which the rate of `oneCycle` rises.
        public var warmup = 0.2
        /// Gradients are scaled down to this global norm; never, if 0.
        public var clipNorm = 5.0
        /// The share of a character's probability that a network which writes is to spread over all of them.
        public var smoothing = 0.0
        /// Distortions of training samples; none, unless given.
        public var augmentation = Augmentation()
        /// Stops after so many epochs without improvement; never, if 0.
        public var patience = 0
        /// What first weights, order, augmentation and dropout follow from.
        public var seed: UInt64 = 1
    }

    /// What the directories of its runs begin with.
    public var name = "experiment"
    /// What the network is for.
    public var task = WeightsFile.Task.lines
    /// Where samples come from.
    public var data = Source()
    /// What a line network can read.
    public var characters = CharacterSet.iam.characters
    /// How images of lines become a line network's input.
    public var input = LineInput()
    /// How the network is trained.
    public var training = Training()

    /// The defaults.
    public init() {}

    /// The first number that is out of its range, as a clause; `nil` if none is.
    var problem: String? {
        let (t, a, s) = (training, training.augmentation, data.synthesis)
        let numbers: [(key: String, value: Double, range: ClosedRange<Double>)] = [
            ("data.limit", Double(data.limit), 0...1e9), ("data.synthesis.count", Double(s.count), 1...1e9),
            ("data.synthesis.testCount", Double(s.testCount), 1...1e9),
            ("data.synthesis.maximumLength", Double(s.maximumLength), 1...1e4),
            ("data.synthesis.maximumOverlap", s.maximumOverlap, 0...0.95),
            ("data.synthesis.minimumOverlap", s.minimumOverlap, 0...max(0, s.maximumOverlap)),
            ("training.epochs", Double(t.epochs), 1...1e6),
            ("training.batchSize", Double(t.batchSize), 1...65_536), ("training.rate", t.rate, 0...1000),
            ("training.momentum", t.momentum, 0...1), ("training.decay", t.decay, 0...1),
            ("training.warmup", t.warmup, 0...1), ("training.clipNorm", t.clipNorm, 0...1e9),
            ("training.smoothing", t.smoothing, 0...1),
            ("training.patience", Double(t.patience), 0...1e6), ("training.augmentation.shear", a.shear, 0...10),
            ("training.augmentation.stretch", a.stretch, 0...2), ("training.augmentation.scale", a.scale, 0...2),
            ("training.augmentation.shift", a.shift, 0...1), ("training.augmentation.contrast", a.contrast, 0...1),
            ("training.augmentation.rotation", a.rotation, 0...180),
            ("training.augmentation.elasticity", a.elasticity, 0...1),
            ("training.augmentation.smoothness", a.smoothness, 0.01...10),
            ("training.augmentation.strokes", a.strokes, 0...1), ("training.augmentation.blur", a.blur, 0...20),
            ("training.augmentation.brightness", a.brightness, 0...1), ("training.augmentation.noise", a.noise, 0...1),
            ("input.height", Double(input.height), 1...512),
            ("input.maximumAspect", Double(input.maximumAspect), 1...1000),
            ("input.minimumAspect", Double(input.minimumAspect), 0...1000),
            ("input.margin", Double(input.margin), 0...1000),
        ]
        return numbers.first { !$0.range.contains($0.value) }.map {
            "key \"\($0.key)\" is \($0.value); it must be within \($0.range.lowerBound) … \($0.range.upperBound)"
        }
    }
}

extension JSONText {
    /// With other values, such as `training.epochs=20`. What is no JSON is a string.
    func applying(_ changes: [String]) throws -> JSONText {
        try changes.reduce(self) { text, change in
            guard let equals = change.firstIndex(of: "=") else {
                throw ConfigurationError("--set \(change)", "must be KEY=VALUE, such as training.epochs=20")
            }
            let value = String(change[change.index(after: equals)...])
            let parsed = (try? JSONText(parsing: Array(value.utf8))) ?? .string(value)
            return text.setting(change[..<equals].split(separator: "."), to: parsed)
        }
    }
}

/// A configuration file, understood.
public struct ExperimentFile: Sendable {
    /// What the file and the changes say, defaults filled in; the network is apart, as its keys are its own.
    public let configuration: ExperimentConfiguration
    /// `{"name": "crnn", …}`
    let network: JSONText
    let path: String

    /// Reads a file and changes values in it: `training.epochs=20`.
    ///
    /// - Throws: `ConfigurationError` naming file and key.
    public init(contentsOf path: String, changes: [String] = []) throws {
        try self.init(try File.readBytes(path, maximumBytes: 1 << 20), path: path, changes: changes)
    }

    package init(_ bytes: [UInt8], path: String, changes: [String] = []) throws {
        var text: JSONText
        do {
            text = try JSONText(parsing: bytes)
        } catch {
            let line = bytes.prefix(error.offset).count { $0 == 0x0A } + 1
            throw ConfigurationError(path, "line \(line) is not JSON: \(error.message)")
        }
        text = try text.applying(changes)
        var defaults = try JSONText(encoding: ExperimentConfiguration())
        defaults = defaults.setting(["network"], to: .object(["name": .string("")]))
        let merged = try defaults.overlaid(with: text, file: path, open: ["network"])
        guard let members = merged.object, let network = members["network"],
            network.object?["name"]?.string?.isEmpty == false
        else {
            throw ConfigurationError(path, "key \"network\" must be an object with a \"name\"")
        }
        self.network = network
        self.path = path
        configuration = try merged.decoded(file: path)
        if let problem = configuration.problem { throw ConfigurationError(path, problem) }
    }

    /// The whole configuration, defaults filled in, as JSON.
    public var text: String {
        get throws { try JSONText(encoding: configuration).setting(["network"], to: network).text + "\n" }
    }
}
