/// Evaluates character classifiers; see ``Evaluation/characters(_:on:limit:)``.
enum CharacterEvaluator: Evaluator {
    static let name = CharacterPredictor.task
    static let summary = "classification of single characters"

    static func evaluate(_ request: EvaluationRequest) throws -> any Encodable & Sendable {
        let data = try request.dataset()
        try request.requireDefaultDecoding()
        let predictor = try CharacterPredictor(request.weights(orPretrained: "characters.safetensors"))
        return try Evaluation.characters(
            predictor, on: CharacterDataset(kind: data.kind, directory: data.directory, split: data.split),
            limit: request.limit)
    }
}

/// Evaluates line readers; see ``Evaluation/lines(_:on:limit:)``.
enum LineEvaluator: Evaluator {
    static let name = LineReader.task
    static let summary = "recognition of single lines"

    static func evaluate(_ request: EvaluationRequest) throws -> any Encodable & Sendable {
        let data = try request.dataset()
        var reader = try LineReader(request.weights(orPretrained: PageReader.readerName))
        try request.apply(to: &reader)
        return try Evaluation.lines(
            reader, on: LineDataset(kind: data.kind, directory: data.directory, split: data.split),
            limit: request.limit, condition: request.pageCondition())
    }
}

/// Evaluates line detectors; see ``Evaluation/detection(_:on:limit:)``.
enum DetectionEvaluator: Evaluator {
    static let name = LineDetector.task
    static let summary = "detection of lines on pages"

    static func evaluate(_ request: EvaluationRequest) throws -> any Encodable & Sendable {
        let data = try request.dataset()
        try request.requireDefaultDecoding()
        let detector = try LineDetector(request.weights(orPretrained: LineDetector.fileName))
        return try Evaluation.detection(
            detector, on: DetectionDataset(kind: data.kind, directory: data.directory, split: data.split),
            limit: request.limit)
    }
}

/// Evaluates page recognizers; see ``Evaluation/pages(_:on:limit:)``.
enum PageEvaluator: Evaluator {
    static let name = "pages"
    static let summary = "recognition of whole pages"

    static func evaluate(_ request: EvaluationRequest) throws -> any Encodable & Sendable {
        let (kind, directory, split) = try request.dataset()
        let data = try DetectionDataset(kind: kind, directory: directory, split: split)
        if let readings = request.readings {
            return try Evaluation.pages(readIn: readings, on: data, limit: request.limit)
        }
        var reader: any PageRecognizer = try request.weights.map { try pageRecognizer($0) } ?? PageReader.pretrained()
        try request.apply(to: &reader)
        return try Evaluation.pages(
            reader, on: data, limit: request.limit, condition: request.pageCondition(), pictures: request.pictures)
    }
}

/// Evaluates detectors of baselines; see ``Evaluation/baselines(_:on:limit:)``.
enum BaselineEvaluator: Evaluator {
    static let name = BaselineDetector.task
    static let summary = "detection of baselines on pages"

    static func evaluate(_ request: EvaluationRequest) throws -> any Encodable & Sendable {
        let data = try request.dataset()
        try request.requireDefaultDecoding()
        let detector = try BaselineDetector(request.weights(orPretrained: PageReader.detectorName))
        return try Evaluation.baselines(
            detector, on: DetectionDataset(kind: data.kind, directory: data.directory, split: data.split),
            limit: request.limit)
    }
}

extension EvaluationRequest {
    /// The condition of the request.
    /// - Throws: `UsageError` for an unknown one.
    fileprivate func pageCondition() throws(UsageError) -> PageCondition? {
        guard let condition else { return nil }
        guard let known = PageCondition.named(condition) else {
            throw UsageError(
                "--condition must be one of \(PageCondition.all.map(\.name).joined(separator: ", ")).")
        }
        return known
    }

    /// Chooses the decoding and the language models of a recognizer.
    fileprivate func apply(to reader: inout some LanguageUser) throws {
        if let language { try reader.use(language: language) }
        if let decoding { reader.decoding = decoding }
    }

    /// The weights of the request, or else the pretrained ones; the file with the given name where they are named.
    fileprivate func weights(orPretrained name: String) throws -> String {
        try PretrainedWeights.path(weights ?? "pretrained", file: name)
    }
}
