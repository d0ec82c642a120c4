extension Experiment {
    /// Loads the matching parameters of the weights that training starts from, if any.
    func loadInitialWeights(_ plan: TrainingPlan, _ preparation: Preparation) throws {
        guard let path = training.startsFrom else { return }
        let weights =
            try PretrainedWeights(rawValue: path).map { try WeightsFile.pretrained($0, for: type(of: task).name) }
            ?? WeightsFile(preparation.path(path))
        var archive = try TensorArchive(contentsOf: weights.path)
        if let characters = plan.characters, let theirs: Alphabet = try? weights.recipe("characters"),
            theirs != characters
        {
            let known = try archive.exchange(theirs, for: characters, in: plan.network)
            // The same number of other characters would have matching shapes.
            guard known != nil || theirs.count != characters.count else {
                throw ConfigurationError(
                    file,
                    "key \"training.startsFrom\": \(weights.path) is for another alphabet of the same size")
            }
            if let known { report("\(known) of \(characters.count - 1) characters are known to \(weights.path).") }
        }
        let count = plan.network.namedParameters.count
        guard plan.network.matches(archive) else {
            throw ConfigurationError(
                file,
                "key \"training.startsFrom\": no parameter of \(weights.path) matches the network "
                    + network.name)
        }
        let taken = try plan.network.loadMatching(from: archive).count
        report("\(taken) of \(count) parameters are initialized from \(weights.path).")
    }
}
