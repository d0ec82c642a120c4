/// A model of the Open Inference Protocol: what goes in, and what comes out.
struct InferenceModel: Sendable {
    /// The name, type, and shape of a tensor; −1 stands for any size.
    struct Tensor: Sendable {
        let name: String
        let type: String
        let shape: [Int]

        var json: JSONText {
            .object([
                "name": .string(name), "datatype": .string(type), "shape": .array(shape.map { .number("\($0)") }),
            ])
        }
    }

    let name: String
    let inputs: [Tensor]
    let outputs: [Tensor]
    /// Whether a service has weights for it.
    let isPresent: @Sendable (Models) -> Bool
    /// The outputs for a request.
    let infer: @Sendable (ReadingJob, InferenceRequest) throws -> [InferenceOutput]

    /// The models that the service may have, in the order of their names.
    static let all = [characters, lines, pages]

    private static let text = Tensor(name: "text", type: "BYTES", shape: [-1])
    private static let confidence = Tensor(name: "confidence", type: "FP32", shape: [-1])
    private static let image = Tensor(name: "image", type: "BYTES", shape: [-1])

    static let characters = InferenceModel(
        name: "characters",
        inputs: [Tensor(name: "image", type: "FP32", shape: [-1, CharacterPredictor.side, CharacterPredictor.side])],
        outputs: [text, confidence], isPresent: { $0.characters != nil }, infer: inferCharacters)

    static let lines = InferenceModel(
        name: "lines", inputs: [image], outputs: [text, confidence], isPresent: { $0.lines != nil }, infer: inferLines)

    static let pages = InferenceModel(
        name: "pages", inputs: [image], outputs: [text, confidence, Tensor(name: "page", type: "BYTES", shape: [-1])],
        isPresent: { _ in true }, infer: inferPages)

    @Sendable private static func inferCharacters(
        _ job: ReadingJob, _ request: InferenceRequest
    ) throws -> [InferenceOutput] {
        let images = try request.characters()
        // The feature maps of a whole batch are in memory.
        let batch = 256
        let found = stride(from: 0, to: images.count, by: batch).flatMap { start in
            job.models.characters?.predict(Array(images[start...].prefix(batch))) ?? []
        }
        return [
            InferenceOutput(name: "text", elements: .texts(found.map(\.character))),
            InferenceOutput(name: "confidence", elements: .floats(found.map { Float($0.confidence) })),
        ]
    }

    @Sendable private static func inferLines(
        _ job: ReadingJob, _ request: InferenceRequest
    ) throws -> [InferenceOutput] {
        let found = try job.lines()
        for line in found { job.service.metrics.observe(confidences: line.text.isEmpty ? [] : [line.confidence]) }
        return [
            InferenceOutput(name: "text", elements: .texts(found.map(\.text))),
            InferenceOutput(name: "confidence", elements: .floats(found.map { Float($0.confidence) })),
        ]
    }

    @Sendable private static func inferPages(
        _ job: ReadingJob, _ request: InferenceRequest
    ) throws -> [InferenceOutput] {
        let pages = try job.map(request.images(job.service.settings.imageLimits)) { image, name in
            let page = job.read(image, name: name, with: job.models.pages)
            job.service.metrics.observe(page)
            return page
        }
        return [
            InferenceOutput(name: "text", elements: .texts(pages.map(\.text))),
            InferenceOutput(name: "confidence", elements: .floats(pages.map { Float($0.confidence) })),
            InferenceOutput(
                name: "page",
                elements: .texts(try pages.map { String(try PageFormat.json.render([$0]).dropLast()) })),
        ]
    }
}

extension ReadingJob {
    /// The lines of a request, which may have been read with an earlier one.
    fileprivate func lines() throws -> [LineReader.Output] {
        guard let entry, let reader = models.lines else { return [] }
        if entry.reading(version: models.version) == nil {
            readTogether(service.lines.batch(with: entry, version: models.version), with: reader)
        }
        if let reading = entry.reading(version: models.version) { return try reading.lines.get() }
        // Many or large images are in memory one after the other.
        return try map(InferenceRequest(entry.request).images(service.settings.imageLimits)) { image, _ in
            reader.predict(image.image.grayscale())
        }
    }

    /// Reads the lines of some requests together, but for requests with many or large images. What is wrong with one of them
    /// does not concern the others.
    private func readTogether(_ entries: [WaitingLines.Entry], with reader: LineReader) {
        var (images, owners): ([Image], [(entry: WaitingLines.Entry, count: Int)]) = ([], [])
        for entry in entries {
            do {
                let decoded = try smallImages(InferenceRequest(entry.request))
                guard !decoded.isEmpty else {
                    entry.standAlone()
                    continue
                }
                for image in decoded { service.metrics.observe(image) }
                images += decoded.map { $0.image.grayscale() }
                owners.append((entry, decoded.count))
            } catch {
                entry.give(.init(lines: .failure(error), version: models.version))
            }
        }
        var read = reader.predict(images)[...]
        for (entry, count) in owners {
            entry.give(.init(lines: .success(Array(read.prefix(count))), version: models.version))
            read = read.dropFirst(count)
        }
    }

    /// The images of a request; none if they are many or large.
    private func smallImages(_ request: InferenceRequest) throws -> [DecodedImage] {
        let pages = try request.images(service.settings.imageLimits).pages
        guard pages.count <= LineReader.batchSize else { return [] }
        var images: [DecodedImage] = []
        for page in pages {
            images.append(try page.decode())
            guard images.last.map({ $0.image.width * $0.image.height <= 1 << 20 }) == true else { return [] }
        }
        return images
    }
}

extension InferenceRequest {
    private static let maximumCharacters = 4096

    private func onlyInput() throws -> Input {
        guard inputs.count == 1, inputs[0].name == "image" else {
            throw Problem.malformed("The model has one input, \"image\".")
        }
        return inputs[0]
    }

    /// Images of characters, `[28, 28]` or `[n, 28, 28]`, as `FP32` from 0 to 1 or as `UINT8`, with ink on 0.
    fileprivate func characters() throws -> [Tensor<Float>] {
        let input = try onlyInput()
        let side = CharacterPredictor.side
        let sides = input.shape.count == 4 && input.shape[3] == 1 ? Array(input.shape.dropLast()) : input.shape
        guard 2...3 ~= sides.count, sides.suffix(2) == [side, side] else {
            throw Problem.malformed("The shape of \"image\" must be [n, \(side), \(side)], not \(input.shape).")
        }
        guard sides.count == 2 || sides[0] <= Self.maximumCharacters else {
            throw Problem(
                .contentTooLarge,
                "A request has at most \(Self.maximumCharacters) characters; send the others in another.")
        }
        let scalars: [Float]
        switch input.type {
        case "FP32": scalars = try input.floats()
        case "UINT8": scalars = try input.bytes().map { Float($0) / 255 }
        default: throw Problem.malformed("The datatype of \"image\" must be FP32 or UINT8, not \(input.type).")
        }
        guard scalars.allSatisfy({ 0...1 ~= $0 }) else {
            throw Problem.malformed("The elements of \"image\" must be from 0 to 1.")
        }
        return (0..<scalars.count / (side * side)).map { n in
            Tensor(Array(scalars[n * side * side..<(n + 1) * side * side]), shape: [side, side, 1])
        }
    }

    /// Images as files (`BYTES`), or as pixels (`UINT8`) of the shape `[height, width]` or `[height, width, 3]`.
    fileprivate func images(_ limits: ImageLimits) throws -> ReceivedImages {
        let input = try onlyInput()
        switch input.type {
        case "BYTES":
            let files = try input.files().enumerated().map { (name: "image \($0 + 1)", bytes: $1) }
            return try ReceivedImages(files, limits: limits)
        case "UINT8":
            let channels = input.shape.count == 3 ? input.shape[2] : 1
            guard 2...3 ~= input.shape.count, channels == 1 || channels == 3 else {
                throw Problem.malformed("The shape of pixels must be [height, width], or [height, width, 3].")
            }
            guard input.shape[0] * input.shape[1] <= limits.pixels else {
                throw Problem(.contentTooLarge, "The image has more than \(limits.pixels) pixels; scale it down first.")
            }
            return ReceivedImages(
                Image(width: input.shape[1], height: input.shape[0], channels: channels, pixels: try input.bytes()))
        default: throw Problem.malformed("The datatype of \"image\" must be BYTES or UINT8, not \(input.type).")
        }
    }
}
