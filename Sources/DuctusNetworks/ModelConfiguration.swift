/// What a model keeps for life: what it is for, its network, and how the real world becomes the network's input and its
/// output the real world again. It travels with the weights.
///
/// The file of an experiment says more: which data the model learns from, and how it is trained.
public struct ModelConfiguration: Sendable, Equatable {
    /// What the model is for: the name of a task.
    public var task: String
    /// The network with all of its settings.
    public var network: Choice
    /// What the task itself needs, by key, such as the characters and the input recipe of a line recognizer.
    package var recipe: [String: JSONText]

    /// - Parameters:
    ///   - task: what the model is for.
    ///   - network: the network, whose configuration is taken.
    ///   - recipe: what the task needs beside the network, by key.
    /// - Throws: `EncodingError` for a value that JSON cannot hold.
    public init(
        task: String, network: any ConfigurableNetwork, recipe: [String: any Encodable & Sendable] = [:]
    ) throws {
        let name = type(of: network).name
        self.task = task
        self.network = Choice(name, settings: try JSONText(encoding: network.configuration).object ?? [:])
        self.recipe = try recipe.mapValues { try JSONText(encoding: $0) }
    }

    package init(task: String, network: Choice, recipe: [String: JSONText]) {
        (self.task, self.network, self.recipe) = (task, network, recipe)
    }
}
