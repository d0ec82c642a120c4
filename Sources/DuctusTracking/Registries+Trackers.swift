extension Registries {
    /// The trackers that configuration files can choose.
    public static let trackers = Registry<any Component.Type>("tracker", [TensorBoard.self, MLflow.self]) { $0.name }
}

extension Run {
    /// Sends what trackers do not have yet of a run; see `Run.synchronize(_:with:among:)`.
    @discardableResult
    public static func synchronize(_ directory: String, with trackers: [any Tracker] = []) throws -> [String] {
        try synchronize(directory, with: trackers, among: Registries.trackers)
    }
}
