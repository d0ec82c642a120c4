/// The components that the configuration chooses.
extension Experiment {
    func optimizer() throws -> Optimizer {
        let rule = try Registries.optimizers.component(
            training.optimizer, file: file, key: "training.optimizer", as: (any UpdateRule).self)
        let schedule = try Registries.schedules.component(
            training.schedule, file: file, key: "training.schedule", as: (any Schedule).self)
        return Optimizer(rule, rate: training.rate, schedule: schedule, clipNorm: training.clipNorm)
    }

    func lossConfiguration(_ choice: Choice) throws -> any LossConfiguration {
        try Registries.losses.component(choice, file: file, key: "training.loss")
    }

    func metricConfiguration(_ choice: Choice) throws -> any MetricConfiguration {
        try components.metrics.component(choice, file: file, key: "training.metrics")
    }

    func callbackConfigurations() throws -> [any CallbackConfiguration] {
        try training.callbacks.map {
            try components.callbacks.component($0, file: file, key: "training.callbacks")
        }
    }

    func trackers() throws -> [any Tracker] {
        try training.trackers.map {
            try components.trackers.component($0, file: file, key: "training.trackers")
        }
    }

    /// The plan of the task, with the loss and metrics that the configuration chooses.
    func plan(_ preparation: Preparation) throws -> TrainingPlan {
        var plan = try task.prepare(preparation)
        let context = LearningContext(network: plan.network, characters: plan.characters, file: file)
        if let loss = training.loss { plan.loss = try lossConfiguration(loss).loss(for: context) }
        if let metrics = training.metrics {
            plan.metrics = try metrics.map { try metricConfiguration($0).metric(for: context) }
        }
        return plan
    }

    /// The value that determines the best epoch.
    func monitor(_ plan: TrainingPlan, _ callbacks: [any CallbackConfiguration]) throws -> Monitor {
        let metrics = plan.metrics.map(\.name)
        let errors = ["loss"] + callbacks.flatMap(\.measures)
        let name = training.monitor ?? metrics.first ?? "loss"
        guard (metrics + errors).contains(name) else {
            throw ConfigurationError(
                file,
                "key \"training.monitor\" is \"\(name)\"\(suggestion(for: name, among: metrics + errors)); choose one of "
                    + (metrics + errors).joined(separator: ", "))
        }
        return Monitor(name: name, higherIsBetter: metrics.contains(name))
    }
}
