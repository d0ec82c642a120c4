import DuctusModels

/// What is particular about each task: its data, its networks, its loss.
extension Experiment {
    func trainCharacters(_ resuming: Bool, _ callbacks: [Callback]) throws -> [EpochRecord] {
        let source = configuration.data
        let data = try CharacterDataset(
            kind: source.kind, directory: path(source.directory), split: source.training,
            isBalanced: source.isBalanced, seed: training.seed)
        let validation =
            try source.validation.isEmpty
            ? nil
            : CharacterDataset(kind: source.kind, directory: path(source.directory), split: source.validation)
        let names = data.images.classNames.joined()
        let characters = try CharacterSet(validating: names, blank: data.images.classNames.count)
        let network = try build(classes: data.images.classNames.count)
        guard let pixels = (network as? any CharacterNetwork)?.pixels else {
            throw ConfigurationError(file.path, "the network \(name) names no characters; choose mlp or lenet")
        }
        guard pixels == CharacterImages.side * CharacterImages.side else {
            throw ConfigurationError(file.path, "the network takes images of \(pixels) pixels, not of 28 × 28")
        }
        return try train(
            network, loss: .softmaxCrossEntropy, metric: .accuracy, characters: characters,
            batches(data.sampled(limit, seed: training.seed).cached(), shuffles: true),
            validation.map { batches(try $0.cached(), shuffles: false) }, resuming, callbacks)
    }

    func trainLines(_ resuming: Bool, _ callbacks: [Callback]) throws -> [EpochRecord] {
        let source = configuration.data
        let characters = try characters(configuration.characters)
        // Before any data are read: what is wrong with a configuration should be said at once.
        guard let network = try build(classes: characters.count) as? any ConfigurableNetwork & LineNetwork else {
            throw ConfigurationError(
                file.path, "the network \(name) reads no lines; choose crnn, lstm_ctc, seq2seq or lineTransformer")
        }
        guard network.height == configuration.input.height else {
            throw ConfigurationError(file.path, "key \"input.height\" must be \(network.height) for \(name)")
        }
        var synthesis = source.synthesis
        synthesis.text = try textPath(synthesis.text)
        func lines(_ kind: String, _ directory: String, _ split: String, _ limit: Int = .max) throws -> ExampleCache {
            let data = try LineDataset(
                kind: kind, directory: path(directory), split: split, characters: characters,
                input: configuration.input, synthesis: synthesis, followsOutlines: source.followsOutlines)
            if data.missingImages > 0 {
                report("\(data.missingImages) lines of split \(split) have no image and are left out.")
            }
            return try examples(data.sampled(limit, seed: training.seed), "\(kind) \(split)")
        }
        var data = try lines(source.kind, source.directory, source.training, limit)
        for extra in source.extra {
            let parts = extra.split(separator: ":", maxSplits: 1).map(String.init)
            guard parts.count == 2 else {
                throw ConfigurationError(file.path, "key \"data.extra\" holds \"\(extra)\"; write KIND:DIRECTORY")
            }
            data = data.joined(with: try lines(parts[0], parts[1], source.training))
        }
        let validation =
            try source.validation.isEmpty
            ? nil : lines(source.kind, source.directory, source.validation)
        let loss: Loss
        if let generator = network as? any TextGenerator {
            loss = .teacherForcing(generator, smoothing: training.smoothing)
            warn("are longer than \"network.maximumLength\" and will be read in part", data) {
                $0.labels.count > generator.maximumLength
            }
        } else {
            loss = .lines(network, blank: characters.blank)
            warn("have fewer columns than their text needs and cannot be learnt", data) { isTooShort($0, network) }
        }
        return try train(
            network, loss: loss, metric: .characterAccuracy(network, characters), characters: characters,
            batches(data, shuffles: true, minimumWidth: network.minimumWidth),
            validation.map { batches($0, shuffles: false, minimumWidth: network.minimumWidth) }, resuming, callbacks)
    }

    private func characters(_ characters: String) throws -> CharacterSet {
        do {
            return try CharacterSet(validating: characters, blank: 0)
        } catch {
            throw ConfigurationError(file.path, "key \"characters\": \(error.description.dropLast())")
        }
    }

    /// Whether a line is too short for its text: no path through its columns spells it, so CTC learns nothing from it,
    /// and a network with a step for every character only its beginning.
    private func isTooShort(_ line: Example, _ network: any LineNetwork) -> Bool {
        let labels = line.labels.scalars
        let joinsRepetitions = network.alignment == .ctc
        let repeats = joinsRepetitions ? zip(labels, labels.dropFirst()).count { $0 == $1 } : 0
        return network.steps(width: max(line.input.shape[1], network.minimumWidth)) < labels.count + repeats
    }

    /// Says which lines have a problem, if any.
    private func warn(_ problem: String, _ data: ExampleCache, where hasProblem: (Example) -> Bool) {
        let names = zip(data.examples, data.names).filter { hasProblem($0.0) }.map(\.1)
        guard !names.isEmpty else { return }
        report(
            "\(names.count) lines \(problem): " + names.prefix(5).joined(separator: ", ")
                + (names.count > 5 ? ", …" : "."))
    }

    func trainDetection(_ resuming: Bool, _ callbacks: [Callback]) throws -> [EpochRecord] {
        let network = try build(classes: 3)
        guard network is any PixelNetwork else {
            throw ConfigurationError(file.path, "the network \(name) finds no lines; choose fcn or unet")
        }
        let source = configuration.data
        func pages(_ split: String) throws -> DetectionDataset {
            try DetectionDataset(
                kind: source.kind, directory: path(source.directory), split: split, input: configuration.detection)
        }
        let data = try pages(source.training)
        let validation = try source.validation.isEmpty ? nil : pages(source.validation)
        return try train(
            network, loss: .softmaxCrossEntropy, metric: .accuracy, characters: nil,
            batches(
                examples(
                    VariedPages(data, views: source.views, input: configuration.detection, seed: training.seed)
                        .sampled(limit, seed: training.seed), "pages of \(source.kind) \(source.training)"),
                shuffles: true),
            validation.map {
                batches(try examples($0, "pages of \(source.kind) \(source.validation)"), shuffles: false)
            }, resuming, callbacks)
    }

    func trainParagraphs(_ resuming: Bool, _ callbacks: [Callback]) throws -> [EpochRecord] {
        let source = configuration.data
        let named = configuration.characters
        let characters = try characters(named.unicodeScalars.contains("\n") ? named : named + "\n")
        guard source.limit == 0 else {
            throw ConfigurationError(
                file.path, "key \"data.limit\" is not for paragraphs; \"data.paragraphs\" says how many there are")
        }
        func paragraphs(_ split: String, _ synthesis: ParagraphSynthesis) throws -> ParagraphDataset {
            let data = try ParagraphDataset(
                kind: source.kind, directory: path(source.directory), split: split, characters: characters,
                input: configuration.paragraph, synthesis: synthesis, seed: training.seed)
            if data.missingImages > 0 {
                report("\(data.missingImages) pages of split \(split) have no image and are left out.")
            }
            return data
        }
        guard let network = try build(classes: characters.count) as? any ConfigurableNetwork & TextGenerator else {
            throw ConfigurationError(
                file.path, "the network \(name) writes no paragraphs; choose paragraphTransformer")
        }
        guard network.height == configuration.paragraph.height else {
            throw ConfigurationError(file.path, "key \"paragraph.height\" must be \(network.height) for \(name)")
        }
        let batches = try BatchLoader(
            paragraphs(source.training, source.paragraphs), batchSize: training.batchSize, shuffles: true,
            seed: training.seed, augmentation: augmentation, minimumWidth: network.minimumWidth)
        var unseen = source.paragraphs
        unseen.count = unseen.includesPages ? 0 : unseen.validationCount
        let validation =
            try source.validation.isEmpty
            ? nil
            : self.batches(
                examples(paragraphs(source.validation, unseen), "paragraphs of \(source.kind) \(source.validation)"),
                shuffles: false, minimumWidth: network.minimumWidth)
        return try train(
            network, loss: .teacherForcing(network, smoothing: training.smoothing),
            metric: .characterAccuracy(network, characters), characters: characters, batches, validation, resuming,
            callbacks)
    }

    /// What reads pages during the training, if the configuration says so.
    func pageCallback(_ network: any ConfigurableNetwork, _ characters: CharacterSet?) throws -> Callback? {
        let (pages, source) = (training.pages, configuration.data)
        guard pages.every > 0 else { return nil }
        let split = [pages.split, source.validation, source.training].first { !$0.isEmpty } ?? ""
        let data = try DetectionDataset(
            kind: pages.kind.isEmpty ? source.kind : pages.kind,
            directory: path(pages.directory.isEmpty ? source.directory : pages.directory), split: split)
        let limit = pages.limit > 0 ? pages.limit : nil
        /// The other half: a weights file, a run, or one of two files in a directory.
        func other(_ name: String) throws -> String {
            let model = try pages.model.isEmpty ? ParagraphReader.pretrainedDirectory() : path(pages.model)
            return File.exists("\(model)/\(name)") ? "\(model)/\(name)" : model
        }
        switch (configuration.task, network, characters) {
        case (.lines, let network as any LineNetwork, let characters?):
            let reader = ParagraphReader(
                detector: try LineDetector(other(ParagraphReader.detectorName)),
                reader: LineReader(network: network, characters: characters, input: configuration.input))
            return .evaluatingPages(data, with: reader, every: pages.every, limit: limit)
        case (.detection, _, _):
            let reader = ParagraphReader(
                detector: LineDetector(network: network, input: configuration.detection),
                reader: try LineReader(other(ParagraphReader.readerName)))
            return .evaluatingPages(data, with: reader, every: pages.every, limit: limit)
        case (.paragraphs, let network as any TextGenerator, let characters?):
            let reader = WholeParagraphReader(
                network: network, characters: characters, input: configuration.paragraph)
            return .evaluatingPages(data, with: reader, every: pages.every, limit: limit)
        default:
            throw ConfigurationError(
                file.path, "key \"training.pages.every\" must be 0: a network for characters reads no pages")
        }
    }
}
