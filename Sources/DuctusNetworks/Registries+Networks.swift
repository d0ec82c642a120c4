extension Registries {
    /// The networks that configurations and weights files can name.
    ///
    /// ```swift
    /// Registries.networks.register(MyNetwork.self)
    /// ```
    public static let networks = Registry<any ConfigurableNetwork.Type>(
        "network",
        [
            MLP.self, LeNet.self, SlidingWindowCNN.self, LineCNN.self, LineLSTM.self, CRNN.self, FCN.self, UNet.self,
            ResidualCRNN.self, Seq2Seq.self, LineTransformer.self, ParagraphTransformer.self,
        ]
    ) { $0.name }
}

extension Registry where Value == any ConfigurableNetwork.Type {
    /// Builds the network that a file chooses; settings that are left out have their defaults.
    ///
    /// - Parameters:
    ///   - choice: the network's name and properties of its configuration.
    ///   - classes: how many classes it has, unless the settings say so.
    ///   - file: what errors call the file.
    /// - Throws: `ConfigurationError` naming the file and the key.
    package func network(_ choice: Choice, classes: Int, file: String) throws -> any ConfigurableNetwork {
        try value(named: choice.name, file: file).build(choice.settings, classes: classes, file: file)
    }

    /// The names of the networks that have a role, such as `(any LineNetwork).self`.
    package func names<Role>(of role: Role.Type) -> [String] {
        all.filter { type in Initialization.omitted { type.smallest is Role } }.map { $0.name }
    }
}

extension ConfigurableNetwork {
    fileprivate static func build(_ settings: [String: JSONText], classes: Int, file: String) throws -> Self {
        let configuration: Configuration = try JSONText.overlay(
            Configuration.defaults(classes: classes), with: .object(settings), file: file, key: "network"
        ).decoded(file: file, key: "network")
        if let problem = configuration.problem { throw ConfigurationError(file, "network \(name): \(problem)") }
        return Self(configuration)
    }

    /// Some network of this type, to ask it what it can do.
    fileprivate static var smallest: Self { Self(.defaults(classes: 3)) }
}
