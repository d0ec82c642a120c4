/// A tensor of a response of the Open Inference Protocol.
struct InferenceOutput {
    /// The elements of a tensor with one axis.
    enum Elements {
        case texts([String])
        case floats([Float])
    }

    let name: String
    let elements: Elements

    private var type: String { if case .texts = elements { "BYTES" } else { "FP32" } }

    private var count: Int {
        switch elements {
        case .texts(let texts): texts.count
        case .floats(let floats): floats.count
        }
    }

    private var json: JSONText {
        switch elements {
        case .texts(let texts): .array(texts.map { .string($0) })
        case .floats(let floats): .array(floats.map { .number("\($0)") })
        }
    }

    /// The elements row by row: numbers in four bytes, texts after their length; the least significant byte first.
    private var bytes: [UInt8] {
        func littleEndian(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) } }
        return switch elements {
        case .texts(let texts): texts.flatMap { littleEndian(UInt32($0.utf8.count)) + Array($0.utf8) }
        case .floats(let floats): floats.flatMap { littleEndian($0.bitPattern) }
        }
    }

    /// The response with those of the outputs that were asked for.
    /// - Throws: ``Problem`` for the name of an output that does not exist.
    static func response(
        _ outputs: [InferenceOutput], to request: InferenceRequest, model: String, version: String
    ) throws -> ServiceResponse {
        let wanted = request.outputs ?? outputs.map { (name: $0.name, isBinary: request.prefersBinary) }
        var binary: [UInt8] = []
        let tensors = try wanted.map { name, isBinary in
            guard let output = outputs.first(where: { $0.name == name }) else {
                throw Problem.malformed(
                    "The model \(model) has no output \"\(name)\"; it has "
                        + "\(outputs.map(\.name).joined(separator: ", ")).")
            }
            var tensor: [String: JSONText] = [
                "name": .string(name), "datatype": .string(output.type), "shape": .array([.number("\(output.count)")]),
            ]
            if isBinary {
                let bytes = output.bytes
                tensor["parameters"] = .object(["binary_data_size": .number("\(bytes.count)")])
                binary += bytes
            } else {
                tensor["data"] = output.json
            }
            return JSONText.object(tensor)
        }
        var members: [String: JSONText] = [
            "model_name": .string(model), "model_version": .string(version), "outputs": .array(tensors),
        ]
        members["id"] = request.id.map { .string($0) }
        var response = ServiceResponse(json: .object(members))
        guard wanted.contains(where: { $0.isBinary }), case .bytes(let json) = response.body else { return response }
        response.headers[.contentType] = "application/octet-stream"
        response.headers[.inferenceHeaderLength] = "\(json.count)"
        response.body = .bytes(json + binary)
        return response
    }
}
