import Ductus

/// A custom task: classifying the orientation of gratings. Its properties are keys of the configuration file.
struct Orientation: TrainingTask {
    static let name = "orientation"

    /// The data set.
    struct Source: Configuration {
        var kind = Choice(Gratings())
        var training = "train"
        var validation = "validation"
    }
    var data = Source()

    func prepare(_ preparation: Preparation) throws -> TrainingPlan {
        let network = try preparation.network(classes: 4)
        let gratings = try preparation.kind(data.kind, with: "gratings", as: Gratings.self)
        func examples(_ split: String) throws -> ExampleCache {
            try preparation.examples(gratings.images(split: split), named: "gratings \(split)")
        }
        return try TrainingPlan(
            network, for: self, loss: .softmaxCrossEntropy, metrics: [.accuracy],
            training: preparation.trainingBatches(examples(data.training)),
            validation: preparation.validationBatches(examples(data.validation)))
    }
}
