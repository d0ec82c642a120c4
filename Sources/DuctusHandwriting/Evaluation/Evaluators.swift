/// Measures classifiers of single characters; see ``Evaluation/characters(_:on:limit:)``.
enum CharacterEvaluator: Evaluator {
    static let name = CharacterPredictor.task
    static let summary = "single characters"

    static func evaluate(_ request: EvaluationRequest) throws -> any Encodable & Sendable {
        let data = try request.dataset()
        let predictor = try CharacterPredictor(request.weights(orPretrained: "characters.safetensors"))
        return try Evaluation.characters(
            predictor, on: CharacterDataset(kind: data.kind, directory: data.directory, split: data.split),
            limit: request.limit)
    }
}

/// Measures readers of lines; see ``Evaluation/lines(_:on:limit:)``.
enum LineEvaluator: Evaluator {
    static let name = LineReader.task
    static let summary = "images of single lines"

    static func evaluate(_ request: EvaluationRequest) throws -> any Encodable & Sendable {
        let data = try request.dataset()
        var reader = try LineReader(request.weights(orPretrained: PageReader.readerName))
        reader.decoding = request.decoding
        return try Evaluation.lines(
            reader, on: LineDataset(kind: data.kind, directory: data.directory, split: data.split),
            limit: request.limit)
    }
}

/// Measures detectors of lines; see ``Evaluation/detection(_:on:limit:)``.
enum DetectionEvaluator: Evaluator {
    static let name = LineDetector.task
    static let summary = "where lines are on pages"

    static func evaluate(_ request: EvaluationRequest) throws -> any Encodable & Sendable {
        let data = try request.dataset()
        let detector = try LineDetector(request.weights(orPretrained: PageReader.detectorName))
        return try Evaluation.detection(
            detector, on: DetectionDataset(kind: data.kind, directory: data.directory, split: data.split),
            limit: request.limit)
    }
}

/// Measures what reads pages; see ``Evaluation/pages(_:on:limit:)``.
enum PageEvaluator: Evaluator {
    static let name = "pages"
    static let summary = "whole pages, from the image to the text"

    static func evaluate(_ request: EvaluationRequest) throws -> any Encodable & Sendable {
        let data = try request.dataset()
        var reader: any PageRecognizer = try request.weights.map { try pageRecognizer($0) } ?? PageReader.pretrained()
        reader.decoding = request.decoding
        return try Evaluation.pages(
            reader, on: DetectionDataset(kind: data.kind, directory: data.directory, split: data.split),
            limit: request.limit)
    }
}

extension EvaluationRequest {
    /// The weights that are asked for, or those of a name that come with Ductus.
    fileprivate func weights(orPretrained name: String) throws -> String {
        try weights ?? PageReader.pretrainedDirectory() + "/" + name
    }
}
