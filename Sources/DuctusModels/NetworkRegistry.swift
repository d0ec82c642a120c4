/// The networks that configurations and weights files can name.
package enum NetworkRegistry {
    private static let all: [any ConfigurableNetwork.Type] = [
        MLP.self, LeNet.self, SlidingWindowCNN.self, LineCNN.self, LineLSTM.self, CRNN.self, FCN.self, UNet.self,
        Seq2Seq.self, LineTransformer.self, ParagraphTransformer.self,
    ]

    private static var names: [String] { all.map { $0.name } }

    /// The kind of network with a name, if there is one.
    package static func type(named name: String) -> (any ConfigurableNetwork.Type)? { all.first { $0.name == name } }

    /// Builds a network from its name and a JSON object with the fields of its configuration; fields that are left out
    /// have their defaults.
    ///
    /// - Throws: `ConfigurationError` naming the file and the key.
    package static func network(
        _ name: String, _ fields: JSONText, classes: Int, file: String
    ) throws -> any ConfigurableNetwork {
        switch name {
        case MLP.name: try build(MLP.self, .init(classes: classes), fields, file)
        case LeNet.name: try build(LeNet.self, .init(classes: classes), fields, file)
        case SlidingWindowCNN.name: try build(SlidingWindowCNN.self, .init(classes: classes), fields, file)
        case LineCNN.name: try build(LineCNN.self, .init(classes: classes), fields, file)
        case LineLSTM.name: try build(LineLSTM.self, .init(classes: classes), fields, file)
        case CRNN.name: try build(CRNN.self, .init(classes: classes), fields, file)
        case FCN.name: try build(FCN.self, .init(classes: classes), fields, file)
        case UNet.name: try build(UNet.self, .init(classes: classes), fields, file)
        case Seq2Seq.name: try build(Seq2Seq.self, .init(classes: classes), fields, file)
        case LineTransformer.name: try build(LineTransformer.self, .init(classes: classes), fields, file)
        case ParagraphTransformer.name: try build(ParagraphTransformer.self, .init(classes: classes), fields, file)
        default:
            throw ConfigurationError(
                file, "there is no network \"\(name)\"; choose one of \(names.joined(separator: ", "))")
        }
    }

    private static func build<N: ConfigurableNetwork>(
        _ type: N.Type, _ defaults: N.Configuration, _ fields: JSONText, _ file: String
    ) throws -> N {
        let merged = try JSONText(encoding: defaults).overlaid(with: fields, file: file)
        let configuration: N.Configuration = try merged.decoded(file: file, path: "network")
        if let problem = configuration.problem { throw ConfigurationError(file, "network \(N.name): \(problem)") }
        return N(configuration)
    }
}
