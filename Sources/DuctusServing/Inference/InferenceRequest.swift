/// A request of the Open Inference Protocol, version 2, with Triton's binary tensor extension.
struct InferenceRequest {
    /// A tensor that was sent.
    struct Input {
        let name: String
        let shape: [Int]
        let type: String
        let data: Elements
    }

    /// The elements of a tensor.
    enum Elements {
        /// Row-major bytes, as they were sent after the JSON.
        case binary(ArraySlice<UInt8>)
        /// JSON values, flat.
        case json([JSONText])
    }

    let id: String?
    let inputs: [Input]
    /// The names of the outputs that are wanted, and whether each is wanted as bytes; nil for all.
    let outputs: [(name: String, isBinary: Bool)]?
    /// Whether outputs without a wish of their own are sent as bytes.
    let prefersBinary: Bool

    private static let maximumElements = 1 << 26

    /// - Throws: ``Problem`` for a request that breaks the protocol.
    init(_ request: ServiceRequest) throws {
        var json = request.body[...]
        var binary = request.body[request.body.endIndex...]
        if let field = request.headers[.inferenceHeaderLength] {
            guard let length = Int(field), length >= 0, length <= request.body.count else {
                throw Problem.malformed("Inference-Header-Content-Length must be the number of bytes of the JSON.")
            }
            (json, binary) = (request.body[..<length], request.body[length...])
        } else if let type = request.mediaType, type != "application/json", type != "application/octet-stream" {
            throw Problem(.unsupportedMediaType, "An inference request has the Content-Type application/json.")
        }
        guard let members = try ServiceRequest.json(json).object else {
            throw Problem.malformed("An inference request must be a JSON object.")
        }
        id = try members["id"].map { try Self.string($0, "id") }
        guard let tensors = members["inputs"]?.array, !tensors.isEmpty else {
            throw Problem.malformed("\"inputs\" must be an array of tensors.")
        }
        inputs = try tensors.map { try Self.input($0, &binary) }
        guard binary.isEmpty else {
            throw Problem.malformed("\(binary.count) bytes follow the binary data of the inputs.")
        }
        let parameters = members["parameters"]?.object ?? [:]
        let prefersBinary = parameters["binary_data_output"] == .boolean(true)
        self.prefersBinary = prefersBinary
        outputs = try members["outputs"].map { try Self.outputs($0, prefersBinary: prefersBinary) }
    }

    private static func outputs(
        _ value: JSONText, prefersBinary: Bool
    ) throws -> [(name: String, isBinary: Bool)] {
        guard let wanted = value.array else { throw Problem.malformed("\"outputs\" must be an array.") }
        return try wanted.map { output in
            guard let members = output.object, let name = members["name"]?.string else {
                throw Problem.malformed("Every output must have a \"name\".")
            }
            let isBinary = members["parameters"]?.object?["binary_data"].map { $0 == .boolean(true) }
            return (name, isBinary ?? prefersBinary)
        }
    }

    private static func string(_ value: JSONText, _ key: String) throws -> String {
        guard let text = value.string else { throw Problem.malformed("\"\(key)\" must be a string.") }
        return text
    }

    private static func input(_ value: JSONText, _ binary: inout ArraySlice<UInt8>) throws -> Input {
        guard let members = value.object, let name = members["name"]?.string, let type = members["datatype"]?.string,
            let dimensions = members["shape"]?.array
        else { throw Problem.malformed("Every input must have a \"name\", a \"datatype\", and a \"shape\".") }
        var count = 1
        let shape = try dimensions.map { dimension in
            guard let size = dimension.count, size >= 1 else {
                throw Problem.malformed("The shape of \"\(name)\" must have positive numbers.")
            }
            let (product, overflow) = count.multipliedReportingOverflow(by: size)
            guard !overflow, product <= maximumElements else {
                throw Problem(.contentTooLarge, "The input \"\(name)\" has more than \(maximumElements) elements.")
            }
            count = product
            return size
        }
        guard let size = members["parameters"]?.object?["binary_data_size"] else {
            guard let data = members["data"] else { throw Problem.malformed("The input \"\(name)\" has no \"data\".") }
            var elements: [JSONText] = []
            flatten(data, into: &elements)
            guard elements.count == count else {
                throw Problem.malformed(
                    "The input \"\(name)\" has \(elements.count) elements; its shape \(shape) has \(count).")
            }
            return Input(name: name, shape: shape, type: type, data: .json(elements))
        }
        guard let length = size.count, length <= binary.count else {
            throw Problem.malformed("The binary data of the input \"\(name)\" end too early.")
        }
        defer { binary = binary.dropFirst(length) }
        return Input(name: name, shape: shape, type: type, data: .binary(binary.prefix(length)))
    }

    /// Arrays may be nested as the shape is, or not. The parser has limited the depth.
    private static func flatten(_ value: JSONText, into elements: inout [JSONText]) {
        guard let array = value.array else { return elements.append(value) }
        for element in array { flatten(element, into: &elements) }
    }
}

extension InferenceRequest.Input {
    private func mismatch() -> Problem {
        Problem.malformed("The data of the input \"\(name)\" do not fit its datatype \(type) and shape \(shape).")
    }

    /// The elements of a `UINT8` tensor.
    func bytes() throws -> [UInt8] {
        switch data {
        case .binary(let bytes):
            guard bytes.count == shape.reduce(1, *) else { throw mismatch() }
            return Array(bytes)
        case .json(let values):
            return try values.map { value in
                guard let byte = value.count.flatMap({ UInt8(exactly: $0) }) else { throw mismatch() }
                return byte
            }
        }
    }

    /// The elements of an `FP32` tensor, all of them finite.
    func floats() throws -> [Float] {
        let floats: [Float]
        switch data {
        case .binary(let bytes):
            guard bytes.count == 4 * shape.reduce(1, *) else { throw mismatch() }
            floats = bytes.withUnsafeBytes { buffer in
                (0..<buffer.count / 4).map {
                    Float(
                        bitPattern: UInt32(
                            littleEndian: buffer.loadUnaligned(fromByteOffset: 4 * $0, as: UInt32.self)))
                }
            }
        case .json(let values):
            floats = try values.map { value in
                guard let number = value.number else { throw mismatch() }
                return Float(number)
            }
        }
        guard floats.allSatisfy(\.isFinite) else { throw mismatch() }
        return floats
    }

    /// The elements of a `BYTES` tensor: in JSON, base64 or a data URL; as bytes, each after its length in four bytes.
    func files() throws -> [[UInt8]] {
        switch data {
        case .json(let values):
            return try values.map { value in
                guard let text = value.string else { throw mismatch() }
                if text.hasPrefix("data:") { return try DataURL.bytes(text, key: name) }
                guard let bytes = DataURL.decoded(text.utf8) else { throw mismatch() }
                return bytes
            }
        case .binary(var rest):
            var files: [[UInt8]] = []
            while !rest.isEmpty {
                guard rest.count >= 4 else { throw mismatch() }
                let length = rest.prefix(4).reversed().reduce(0) { $0 << 8 | Int($1) }
                rest = rest.dropFirst(4)
                guard length <= rest.count else { throw mismatch() }
                files.append(Array(rest.prefix(length)))
                rest = rest.dropFirst(length)
            }
            guard files.count == shape.reduce(1, *) else { throw mismatch() }
            return files
        }
    }
}
