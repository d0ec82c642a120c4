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
        /// detect lines on, and of paragraphs, `iam`, `alto` or `page`.
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
        /// How often a page to detect lines on is seen in an epoch, every time placed anew (`VariedPages`).
        public var views = 1
        /// How `emnist-lines` are made.
        public var synthesis = LineSynthesis()
        /// How paragraphs are made up besides those of the pages, or in their place.
        public var paragraphs = ParagraphSynthesis()
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
        /// What tells the best epoch and ends the training early: `loss`, `accuracy` for characters and detection,
        /// `characterAccuracy` for lines and paragraphs, `pageCER` or `pageWER`; the accuracy, if empty.
        public var monitor = ""
        /// A weights file, or a run's directory, whose parameters the network begins with where they fit
        /// (`Module.loadMatching`): those of an easier task, or of a network with the same first layers. `$NAME` at the
        /// start stands for an environment variable. None, if empty.
        public var startsFrom = ""
        /// Whether and how whole pages are read during the training.
        public var pages = PageEvaluation()
        /// What first weights, order, augmentation and dropout follow from.
        public var seed: UInt64 = 1
    }

    /// Whole pages that are read during a training, with the network that is trained and, for the other half of the way
    /// from image to text, another one. See `Callback.evaluatingPages(_:with:every:limit:)`.
    public struct PageEvaluation: Sendable, Codable, Equatable {
        /// After how many epochs pages are read; never, if 0.
        public var every = 0
        /// The first so many pages of the split; all, if 0.
        public var limit = 0
        /// `iam`, `alto` or `page`; that of the samples, if empty.
        public var kind = ""
        /// Where the pages are; where the samples are, if empty.
        public var directory = ""
        /// The split to read; the one that is evaluated after every epoch, if empty.
        public var split = ""
        /// The other half, the detector of a line reader in training or the reader of a detector: a weights file, a
        /// run, or a directory with both. What comes with Ductus, if empty.
        public var model = ""
    }

    /// What the directories of its runs begin with.
    public var name = "experiment"
    /// What the network is for.
    public var task = WeightsFile.Task.lines
    /// Where samples come from.
    public var data = Source()
    /// What a network for lines or paragraphs can read; newlines need not be named.
    public var characters = CharacterSet.iam.characters
    /// How images of lines become a line network's input.
    public var input = LineInput()
    /// How pages become a detector's input.
    public var detection = DetectionInput()
    /// How images of paragraphs become a network's input.
    public var paragraph = ParagraphInput()
    /// How the network is trained.
    public var training = Training()

    /// The defaults.
    public init() {}

    /// The first number that is out of its range, as a clause; `nil` if none is.
    var problem: String? {
        let (t, a, s, p) = (training, training.augmentation, data.synthesis, data.paragraphs)
        let numbers: [(key: String, value: Double, range: ClosedRange<Double>)] = [
            ("data.limit", Double(data.limit), 0...1e9), ("data.views", Double(data.views), 1...100),
            ("data.synthesis.count", Double(s.count), 1...1e9),
            ("data.synthesis.testCount", Double(s.testCount), 1...1e9),
            ("data.synthesis.maximumLength", Double(s.maximumLength), 1...1e4),
            ("data.synthesis.maximumOverlap", s.maximumOverlap, 0...0.95),
            ("data.synthesis.minimumOverlap", s.minimumOverlap, 0...max(0, s.maximumOverlap)),
            ("data.paragraphs.count", Double(p.count), 0...1e9),
            ("data.paragraphs.validationCount", Double(p.validationCount), 0...1e9),
            ("data.paragraphs.maximumLines", Double(p.maximumLines), 1...1000),
            ("data.paragraphs.minimumLines", Double(p.minimumLines), 1...Double(max(p.maximumLines, 1))),
            ("data.paragraphs.maximumLength", Double(p.maximumLength), 1...65_536),
            ("training.epochs", Double(t.epochs), 1...1e6),
            ("training.batchSize", Double(t.batchSize), 1...65_536), ("training.rate", t.rate, 0...1000),
            ("training.momentum", t.momentum, 0...1), ("training.decay", t.decay, 0...1),
            ("training.warmup", t.warmup, 0...1), ("training.clipNorm", t.clipNorm, 0...1e9),
            ("training.smoothing", t.smoothing, 0...1),
            ("training.patience", Double(t.patience), 0...1e6), ("training.augmentation.shear", a.shear, 0...10),
            ("training.augmentation.stretch", a.stretch, 0...2), ("training.augmentation.scale", a.scale, 0...2),
            ("training.augmentation.shift", a.shift, 0...1), ("training.augmentation.contrast", a.contrast, 0...1),
            ("training.pages.every", Double(t.pages.every), 0...1e6),
            ("training.pages.limit", Double(t.pages.limit), 0...1e9),
            ("paragraph.height", Double(paragraph.height), 1...8192),
            ("paragraph.width", Double(paragraph.width), 1...8192), ("paragraph.scale", paragraph.scale, 0.01...8),
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

    /// A configuration that a program makes, as a file would say it. How many classes the network has follows from the
    /// characters or the data, whatever `sizes` say.
    ///
    /// ```swift
    /// var configuration = ExperimentConfiguration()
    /// configuration.training.augmentation = Augmentation(shear: 0.3)
    /// let file = try ExperimentFile(configuration, network: CRNN.self, .init(classes: 80, hidden: 96))
    /// try Experiment(file, directory: "runs/slanted").run()
    /// ```
    /// - Throws: `ConfigurationError` naming the key that is out of its range.
    public init<N: ConfigurableNetwork>(
        _ configuration: ExperimentConfiguration, network: N.Type, _ sizes: N.Configuration
    ) throws {
        let path = "The configuration \(configuration.name)"
        if let problem = configuration.problem ?? sizes.problem { throw ConfigurationError(path, problem) }
        var members = try JSONText(encoding: sizes).object ?? [:]
        (members["name"], members["classes"]) = (.string(N.name), nil)
        (self.configuration, self.network, self.path) = (configuration, .object(members), path)
    }

    /// The whole configuration, defaults filled in, as JSON.
    public var text: String {
        get throws { try JSONText(encoding: configuration).setting(["network"], to: network).text + "\n" }
    }
}
