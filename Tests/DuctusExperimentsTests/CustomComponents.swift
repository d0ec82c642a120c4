import DuctusHandwriting

/// Components as another package would define them, one of every kind.
enum CustomComponents {
    /// A linear classifier with a scale.
    struct ScaledLinear: ConfigurableNetwork {
        struct Configuration: NetworkConfiguration {
            var classes: Int
            var scale = 1.0

            static func defaults(classes: Int) -> Self { Self(classes: classes) }
            var problem: String? { problem("scale", scale, in: 0.1...10) }
        }

        static let name = "scaledLinear"
        let configuration: Configuration
        let head: Dense

        init(_ configuration: Configuration) {
            (self.configuration, head) = (configuration, Dense(28 * 28, configuration.classes))
        }

        var exampleInput: Shape { [1, 28, 28, 1] }

        func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
            head(x.flattened(from: 1)) * Float(configuration.scale)
        }
    }

    /// Cross-entropy with a penalty on large logits.
    struct PenalizedLoss: LossConfiguration {
        static let name = "penalized"
        var penalty = 1e-3

        func loss(for context: LearningContext) -> Loss {
            let penalty = Float(penalty)
            return Loss(Self.name) { logits, batch in
                softmaxCrossEntropy(logits, batch.labels) + penalty * logits.squared().mean()
            }
        }
    }

    /// Accuracy times a maximum.
    struct ScoreMetric: MetricConfiguration {
        static let name = "score"
        var maximum = 1.0

        func metric(for context: LearningContext) -> Metric {
            Metric("score") { [maximum] logits, batch in
                let (right, count) = Metric.accuracy.measure(logits, batch)
                return (maximum * right, count)
            }
        }
    }

    /// Steps of the same size along every axis.
    struct SignDescent: UpdateRule {
        static let name = "sign"
        var shrinkage = 0.0
        var slotCount: Int { 1 }

        func update(_ elements: UpdateElements, rate: Double, step: Int, scale: Double) {
            for index in elements.gradients.indices {
                elements.slots[0][index] += 1
                let gradient = elements.gradients[index]
                elements.parameters[index] *= Float(1 - shrinkage)
                elements.parameters[index] -= gradient > 0 ? Float(rate) : gradient < 0 ? Float(-rate) : 0
            }
        }
    }

    /// Half the rate in the second half.
    struct Halving: Schedule {
        static let name = "halving"
        var factor = 0.5

        func factor(step: Int, of total: Int) -> Double { 2 * step < total ? 1 : factor }
    }

    /// Measures the number of steps.
    struct StepCounter: CallbackConfiguration {
        static let name = "stepCounter"
        var offset = 0
        var measures: [String] { ["steps"] }

        func callback(for context: CallbackContext) -> Callback {
            let offset = offset
            return Callback(measure: { ["steps": Double($0.optimizer.steps + offset)] })
        }
    }

    /// Horizontal stripes whose position is the class.
    struct Stripes: CharacterDataKind {
        static let name = "stripes"
        var count = 24

        func characters(in directory: String, split: String) -> CharacterImages {
            let labels = (0..<count).map { ($0 + split.count) % 3 }
            let pixels = labels.flatMap { label in
                (0..<28 * 28).map { UInt8($0 / 28 / 10 == label ? 255 : $0 % 7) }
            }
            return CharacterImages(pixels: pixels, labels: labels, classNames: ["top", "middle", "bottom"])
        }
    }

    /// The classification of stripes.
    struct StripeTask: TrainingTask {
        static let name = "stripeClassification"
        var data = Source()

        struct Source: Configuration {
            var kind: Choice = "stripes"
            var validation: String? = "test"
        }

        func prepare(_ preparation: Preparation) throws -> TrainingPlan {
            func examples(_ split: String) throws -> ExampleCache {
                try preparation.examples(
                    CharacterDataset(kind: data.kind, directory: "", split: split), named: "stripes \(split)")
            }
            return try TrainingPlan(
                preparation.network(classes: 3), for: self, loss: .softmaxCrossEntropy, metrics: [.accuracy],
                training: preparation.trainingBatches(examples("train")),
                validation: data.validation.map { preparation.validationBatches(try examples($0)) })
        }
    }

    /// Registers what belongs to global registries, once.
    private static let registration: Void = {
        Registries.networks.register(ScaledLinear.self)
        Registries.losses.register(PenalizedLoss.self)
        Registries.optimizers.register(SignDescent.self)
        Registries.schedules.register(Halving.self)
        Registries.dataKinds.register(Stripes.self)
    }()

    /// Registers tasks, metrics, and callbacks for `Components.registered`, once.
    private static let globalRegistration: Void = {
        Registries.tasks.register(StripeTask.self)
        Registries.metrics.register(ScoreMetric.self)
        Registries.callbacks.register(StepCounter.self)
    }()

    /// The components of this package alone.
    static var own: Components {
        _ = registration
        return Components(
            tasks: Registry("task", [StripeTask.self]) { $0.name },
            metrics: Registry("metric", [ScoreMetric.self]) { $0.name },
            callbacks: Registry("callback", [StepCounter.self]) { $0.name })
    }

    /// The components of Ductus and those of this package.
    static var registered: Components {
        _ = (registration, globalRegistration)
        return .registered
    }
}
