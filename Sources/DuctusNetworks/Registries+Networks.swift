extension Registries {
    /// The networks that configuration and weights files can name.
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
    /// Builds the network that a file chooses. Missing properties of its configuration have their defaults.
    ///
    /// - Parameters:
    ///   - choice: the name of the network and properties of its configuration.
    ///   - classes: the number of classes, unless the file specifies it.
    ///   - file: the name of the file in error messages.
    /// - Throws: `ConfigurationError` naming the file and the key.
    package func network(_ choice: Choice, classes: Int, file: String) throws -> any ConfigurableNetwork {
        try value(named: choice.name, file: file).build(choice.settings, classes: classes, file: file)
    }

    /// The names of the networks of a type such as `(any LineNetwork).self`.
    package func names<Role>(of role: Role.Type) -> [String] {
        all.filter { type in Initialization.omitted { type.sample is Role } }.map { $0.name }
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

    /// A network of this type, to find out which protocols it conforms to.
    fileprivate static var sample: Self { Self(.defaults(classes: 3)) }
}
