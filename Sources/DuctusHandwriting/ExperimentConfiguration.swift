import DuctusModels

/// A training as a file describes it: data, network and hyper-parameters. What a file leaves out has its default.
public struct ExperimentConfiguration: Sendable, Codable, Equatable {
    /// Where samples come from.
    public struct Source: Sendable, Codable, Equatable {
        /// `mnist` or `emnist`; `iam` or `lines`; `iam`.
        public var kind = "iam"
        /// `$NAME` at the start stands for an environment variable.
        public var directory = "$DUCTUS_DATA/iam"
        /// The split to train on.
        public var training = "train"
        /// The split that is evaluated after every epoch; none, if empty.
        public var validation = "validation"
        /// At most so many training samples of this source; all, if 0.
        public var limit = 0
        /// Lines and pages of more data to train on: `"lines:/path"`.
        public var extra: [String] = []
    }

    /// How a network is trained.
    public struct Training: Sendable, Codable, Equatable {
        public var epochs = 10
        public var batchSize = 16
        /// `sgd`, `rmsprop`, `adam` or `adamW`.
        public var optimizer = "adamW"
        /// The largest learning rate.
        public var rate = 1e-3
        public var momentum = 0.9
        public var decay = 0.01
        /// `constant`, `cosine` or `oneCycle`.
        public var schedule = "oneCycle"
        /// The share of steps during which the rate of `oneCycle` rises.
        public var warmup = 0.2
        /// Gradients are scaled down to this global norm; never, if 0.
        public var clipNorm = 5.0
        public var augmentation = Augmentation()
        /// Stops after so many epochs without improvement; never, if 0.
        public var patience = 0
        public var seed: UInt64 = 1
    }

    public var name = "experiment"
    public var task = WeightsFile.Task.lines
    public var data = Source()
    /// What a line network can read.
    public var characters = CharacterSet.iam.characters
    public var input = LineInput()
    public var training = Training()

    public init() {}

    /// The first number that is out of its range, as a clause; `nil` if none is.
    var problem: String? {
        let (t, a) = (training, training.augmentation)
        let numbers: [(key: String, value: Double, range: ClosedRange<Double>)] = [
            ("data.limit", Double(data.limit), 0...1e9), ("training.epochs", Double(t.epochs), 1...1e6),
            ("training.batchSize", Double(t.batchSize), 1...65_536), ("training.rate", t.rate, 0...1000),
            ("training.momentum", t.momentum, 0...1), ("training.decay", t.decay, 0...1),
            ("training.warmup", t.warmup, 0...1), ("training.clipNorm", t.clipNorm, 0...1e9),
            ("training.patience", Double(t.patience), 0...1e6), ("training.augmentation.shear", a.shear, 0...10),
            ("training.augmentation.stretch", a.stretch, 0...2), ("training.augmentation.scale", a.scale, 0...2),
            ("training.augmentation.shift", a.shift, 0...1), ("training.augmentation.contrast", a.contrast, 0...1),
            ("input.height", Double(input.height), 1...512),
            ("input.maximumAspect", Double(input.maximumAspect), 1...1000),
            ("input.margin", Double(input.margin), 0...1000),
        ]
        return numbers.first { !$0.range.contains($0.value) }.map {
            "key \"\($0.key)\" is \($0.value); it must be within \($0.range.lowerBound) … \($0.range.upperBound)"
        }
    }
}

/// A configuration file, understood.
public struct ExperimentFile: Sendable {
    public let configuration: ExperimentConfiguration
    /// `{"name": "crnn", …}`
    let network: JSONText
    let path: String

    /// - Parameter changes: `training.epochs=20`, applied after the file.
    /// - Throws: `ConfigurationError` naming file and key.
    public init(contentsOf path: String, changes: [String] = []) throws {
        try self.init(try File.readBytes(path, maximumBytes: 1 << 20), path: path, changes: changes)
    }

    public init(_ bytes: [UInt8], path: String, changes: [String] = []) throws {
        var text: JSONText
        do {
            text = try JSONText(parsing: bytes)
        } catch {
            let line = bytes.prefix(error.offset).count { $0 == 0x0A } + 1
            throw ConfigurationError(path, "line \(line) is not JSON: \(error.message)")
        }
        for change in changes {
            guard let equals = change.firstIndex(of: "=") else {
                throw ConfigurationError("--set \(change)", "must be KEY=VALUE, such as training.epochs=20")
            }
            let value = String(change[change.index(after: equals)...])
            let parsed = (try? JSONText(parsing: Array(value.utf8))) ?? .string(value)
            text = text.setting(change[..<equals].split(separator: "."), to: parsed)
        }
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
