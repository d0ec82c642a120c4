/// The description of a trained model in its weights file: the task, the network, and the recipe, which determines how
/// inputs are preprocessed and outputs interpreted.
///
/// How the model is trained, and on which data, is the configuration of an experiment.
public struct ModelConfiguration: Sendable, Equatable {
    /// The name of the task.
    public var task: String
    /// The network, with its complete configuration.
    public var network: Choice
    /// The recipe of the task by key, such as the characters and the preprocessing of a line recognizer.
    package var recipe: [String: JSONText]

    /// - Parameters:
    ///   - task: the name of the task.
    ///   - network: the network, whose configuration becomes part of the description.
    ///   - recipe: the recipe of the task by key.
    /// - Throws: `EncodingError` for a number that JSON cannot represent.
    public init(
        task: String, network: any ConfigurableNetwork, recipe: [String: any Encodable & Sendable] = [:]
    ) throws {
        for key in recipe.keys {
            precondition(
                !WeightsFile.reservedKeys.contains(key),
                "ModelConfiguration: the recipe has the key \"\(key)\", which weights files use themselves; rename it.")
        }
        let name = type(of: network).name
        self.task = task
        self.network = Choice(name, settings: try JSONText(encoding: network.configuration).object ?? [:])
        self.recipe = try recipe.mapValues { try JSONText(encoding: $0) }
    }

    package init(task: String, network: Choice, recipe: [String: JSONText]) {
        (self.task, self.network, self.recipe) = (task, network, recipe)
    }
}

extension Choice {
    /// A network with its configuration, except for the number of classes, which follows from the data.
    /// - Throws: `EncodingError` for a number that JSON cannot represent.
    public init<N: ConfigurableNetwork>(_ network: N.Type, _ configuration: N.Configuration) throws {
        var settings = try JSONText(encoding: configuration).object ?? [:]
        settings["classes"] = nil
        self.init(N.name, settings: settings)
    }
}
