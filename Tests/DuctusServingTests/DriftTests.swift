import DuctusServing
import DuctusTestSupport
import Testing

/// Whether the images that come are like those that were expected.
@Suite struct DriftTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    /// The drift of a histogram; nil if it is not told.
    private func drift(of name: String, _ service: ReadingService) async -> Double? {
        let line = await service.get("/metrics").text.split(separator: "\n").first {
            $0.hasPrefix("ductus_drift{of=\"\(name)\"} ")
        }
        return line?.split(separator: " ").last.flatMap { Double($0) }
    }

    private func read(_ count: Int, _ image: [UInt8], with service: ReadingService) async {
        for _ in 0..<count { _ = await service.post("/v1/read", "image/png", image) }
    }

    /// A page with much ink.
    private static let dark = Pictures.png(width: 60, height: 5)

    /// The metrics of a service that has read pages, as a file.
    private func reference(_ model: String = "0123456789ab") async throws -> String {
        let service = try service()
        await read(20, Pictures.page, with: service)
        let text = await service.get("/metrics").text.replacing("0123456789ab", with: model)
        return try folder.write(text, to: "reference.prom")
    }

    @Test func imagesLikeTheReferenceDoNotDrift() async throws {
        let service = try await service(["reference": reference()])
        await read(199, Pictures.page, with: service)
        #expect(await drift(of: "ductus_image_ink", service) == nil)
        await read(1, Pictures.page, with: service)
        let ink = try #require(await drift(of: "ductus_image_ink", service))
        #expect(0...0.1 ~= ink)
        let confidence = try #require(await drift(of: "ductus_line_confidence", service))
        #expect(0...0.1 ~= confidence)
    }

    @Test func otherImagesDrift() async throws {
        let service = try await service(["reference": reference()])
        await read(200, Self.dark, with: service)
        let ink = try #require(await drift(of: "ductus_image_ink", service))
        #expect(ink > 1)
    }

    /// What was long ago is forgotten.
    @Test func theLatestImagesCount() async throws {
        let service = try await service(["reference": reference()])
        await read(200, Self.dark, with: service)
        await read(1000, Pictures.page, with: service)
        let ink = try #require(await drift(of: "ductus_image_ink", service))
        #expect(0...0.1 ~= ink)
    }

    /// The confidence of other weights is another one; ink is not.
    @Test func confidenceIsComparedForTheSameWeights() async throws {
        let service = try await service(["reference": reference("ffffffffffff")])
        await read(200, Pictures.page, with: service)
        #expect(await drift(of: "ductus_line_confidence", service) == nil)
        #expect(await drift(of: "ductus_image_ink", service) != nil)
    }

    @Test func withoutAReferenceThereIsNoDrift() async throws {
        let service = try service()
        await read(200, Pictures.page, with: service)
        #expect(await drift(of: "ductus_image_ink", service) == nil)
    }

    @Test func anotherFileIsAnError() throws {
        let path = try folder.write("ductus_image_ink_bucket{le=\"0.01\"} 3\n", to: "a.prom")
        let error = #expect(throws: FileError.self) { try service(["reference": path]) }
        #expect(error?.description.contains("a.prom") == true)
    }
}
