import Dispatch
import DuctusServing
import DuctusTestSupport
import HTTPTypes
import Synchronization
import Testing

/// The Open Inference Protocol.
@Suite struct InferenceTests {
    private let path = "/v2/models/pages/infer"

    private func request(_ data: String, type: String = "BYTES", shape: String = "[1]", more: String = "") -> String {
        "{\"id\": \"x1\", \"inputs\": [{\"name\": \"image\", \"datatype\": \"\(type)\", \"shape\": \(shape), "
            + "\"data\": \(data)}]\(more)}"
    }

    @Test func modelsDescribeThemselves() async throws {
        let service = try service()
        let model = await service.get("/v2/models/pages")
        #expect(model["versions"] == .array([.string("0123456789ab")]))
        #expect(model["inputs"]?.array?.first?.object?["name"] == .string("image"))
        #expect(await service.get("/v2/models/pages/versions/0123456789ab").status == 200)
        #expect(await service.get("/v2/models/pages/versions/1").status == 404)
        #expect(await service.get("/v2")["extensions"] == .array([.string("binary_tensor_data")]))
    }

    @Test func filesAreReadFromJSON() async throws {
        let answer = try await service().post(path, json: request("[\"\(Pictures.base64(Pictures.page))\"]"))
        #expect(answer.status == 200)
        #expect(answer["id"] == .string("x1"))
        let outputs = answer["outputs"]?.array?.compactMap(\.object) ?? []
        #expect(outputs.map { $0["name"] } == [.string("text"), .string("confidence"), .string("page")])
        #expect(outputs.first?["data"] == .array([.string("La mer\nciel")]))
        #expect(outputs.first?["shape"] == .array([.number("1")]))
    }

    /// Lines that wait are read with the first of them, and get what they would get alone.
    @Test func waitingLinesAreReadTogether() async throws {
        let reader = try LineReader(Goldens.path("../../Sources/DuctusReading/Weights/line-reader.safetensors"))
        let door = DispatchSemaphore(value: 0)
        let service = try service(lines: reader, willRead: { door.wait() })
        async let page = service.post("/v1/read", "image/png", Pictures.page)
        while service.running == 0 { try await Task.sleep(for: .milliseconds(5)) }

        let sample = try Image(contentsOf: Goldens.path("../../Examples/SamplePage/sample.png"))
        let lines = (0..<10).map { sample.cropped(x: 96, y: 68, width: 793 - 30 * $0, height: 47) }
        let data = try ["bm90aGluZw=="] + lines.map { Pictures.base64(try $0.pngData()) }
        let answers = data.map { data in
            Task { [self] in
                await service.post("/v2/models/lines/infer", json: request("[\"\(data)\"]"))
            }
        }
        while service.waiting < data.count { try await Task.sleep(for: .milliseconds(5)) }
        door.signal()
        #expect(await page.status == 200)
        #expect(await answers[0].value.status == 415)
        for (answer, line) in zip(answers.dropFirst(), lines) {
            let text = await answer.value["outputs"]?.array?.first?.object?["data"]
            #expect(text == .array([.string(reader.predict(line.grayscale()).text)]))
        }
    }

    @Test func pixelsAreNestedOrFlat() async throws {
        let service = try service()
        let nested = request("[[255, 0], [0, 255]]", type: "UINT8", shape: "[2, 2]")
        let flat = request("[255, 0, 0, 255]", type: "UINT8", shape: "[2, 2]")
        #expect(await service.post(path, json: nested).status == 200)
        #expect(await service.post(path, json: flat).status == 200)
    }

    /// No file comes in, so none needs to have a format that is accepted.
    @Test func pixelsNeedNoFormat() async throws {
        let body = request("[255, 0, 0, 255]", type: "UINT8", shape: "[2, 2]")
        #expect(try await service(["formats": "jpeg"]).post(path, json: body).status == 200)
    }

    /// A network that finds the first of two characters everywhere, and notes its largest batch.
    private struct First: Network {
        let largest = LargestBatch()
        func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
            largest.note(x.shape[0])
            return .zeros([x.shape[0], 2])
        }
    }

    private final class LargestBatch: Sendable {
        private let count = Atomic(0)
        var value: Int { count.load(ordering: .relaxed) }
        func note(_ size: Int) { count.max(size, ordering: .relaxed) }
    }

    private func characters(_ count: Int, _ network: First) async throws -> Answer {
        let service = try service(
            characters: CharacterPredictor(network: network, characters: Alphabet("ab", blank: 2)))
        let size = count * 28 * 28
        let json = Array(
            ("{\"inputs\": [{\"name\": \"image\", \"datatype\": \"UINT8\", \"shape\": [\(count), 28, 28], "
                + "\"parameters\": {\"binary_data_size\": \(size)}}]}").utf8)
        let length = try #require(HTTPField.Name("Inference-Header-Content-Length"))
        return await service.post(
            "/v2/models/characters/infer", nil, json + [UInt8](repeating: 0, count: size), [length: "\(json.count)"])
    }

    @Test func manyCharactersAreSeveralBatches() async throws {
        let network = First()
        let answer = try await characters(300, network)
        #expect(answer.status == 200)
        #expect(answer["outputs"]?.array?.first?.object?["shape"] == .array([.number("300")]))
        #expect(network.largest.value == 256)
    }

    @Test func tooManyCharactersAreRefused() async throws {
        #expect(try await characters(4097, First()).status == 413)
    }

    @Test func tensorsFollowTheJSONAsBytes() async throws {
        let file = Pictures.page
        let tensor = littleEndian(file.count) + file
        let json = Array(
            ("{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1], \"parameters\": "
                + "{\"binary_data_size\": \(tensor.count)}}], \"outputs\": [{\"name\": \"confidence\", \"parameters\": "
                + "{\"binary_data\": true}}, {\"name\": \"text\"}]}").utf8)
        let length = try #require(HTTPField.Name("Inference-Header-Content-Length"))
        let answer = try await service().post(path, nil, json + tensor, [length: "\(json.count)"])
        let count = try #require(answer.headers[length].flatMap { Int($0) })
        let head = try JSONText(parsing: answer.bytes[..<count])
        let outputs = head.object?["outputs"]?.array?.compactMap(\.object) ?? []
        #expect(outputs.first?["parameters"] == .object(["binary_data_size": .number("4")]))
        #expect(outputs.last?["data"] == .array([.string("La mer\nciel")]))
        let bits = answer.bytes[count...].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        #expect(abs(Float(bitPattern: bits) - 0.74) < 1e-6)
    }

    private func littleEndian(_ value: Int) -> [UInt8] { bigEndian(value).reversed() }
    private func bigEndian(_ value: Int) -> [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) } }

    @Test(arguments: [
        "{}", "[]", "{\"inputs\": []}", "{\"inputs\": [{}]}",
        "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1]}]}",
        "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [-1], \"data\": []}]}",
        "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [2], \"data\": [\"\"]}]}",
        "{\"inputs\": [{\"name\": \"other\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [\"\"]}]}",
        "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"INT64\", \"shape\": [1], \"data\": [1]}]}",
        "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"UINT8\", \"shape\": [1, 1], \"data\": [256]}]}",
        "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"UINT8\", \"shape\": [1, 1], \"data\": [\"a\"]}]}",
        "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1], \"data\": [\"?\"]}]}",
        "{\"inputs\": [{\"name\": \"image\", \"datatype\": \"BYTES\", \"shape\": [1], \"parameters\": "
            + "{\"binary_data_size\": 9}}]}",
    ])
    func wrongRequestsAreErrors(body: String) async throws {
        let answer = try await service().post(path, json: body)
        #expect(answer.status == 400)
        #expect(answer["error"]?.string?.isEmpty == false)
    }

    @Test func unknownOutputsAreErrors() async throws {
        let body = request("[\"\(Pictures.base64(Pictures.page))\"]", more: ", \"outputs\": [{\"name\": \"box\"}]")
        #expect(try await service().post(path, json: body).status == 400)
    }

    @Test func shapesBeyondMemoryAreTooLarge() async throws {
        let body = request("[1]", type: "UINT8", shape: "[4294967296, 4294967296]")
        #expect(try await service().post(path, json: body).status == 413)
    }

    @Test func valuesBeyondMemoryAreTooLarge() async throws {
        let numbers = String(repeating: "0,", count: ServiceRequest.maximumValues)
        let body = request("[\(numbers)0]", type: "UINT8", shape: "[1, 1]")
        let answer = try await service().post(path, json: body)
        #expect(answer.status == 413)
        #expect(answer["error"]?.string?.contains("values") == true)
    }
}
