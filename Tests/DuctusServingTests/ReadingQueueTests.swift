import Dispatch
import DuctusServing
import Synchronization
import Testing

/// What happens when there is more to read than time.
@Suite struct ReadingQueueTests {
    /// A door that stays closed until it is opened.
    private final class Door: Sendable {
        private let semaphore = DispatchSemaphore(value: 0)
        func pass() {
            semaphore.wait()
            semaphore.signal()
        }
        func open() { semaphore.signal() }
    }

    /// Waits until a number of requests is in the queue.
    private func wait(for count: Int, in service: ReadingService) async throws {
        while service.waiting < count { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test func requestsBeyondTheQueueAreRefused() async throws {
        let door = Door()
        let service = try service(["queue": "2"], willRead: door.pass)
        let post: @Sendable () async -> Answer = { await service.post("/v1/read", "image/png", Pictures.page) }
        async let first = post()
        while service.running == 0 { try await Task.sleep(for: .milliseconds(5)) }
        async let second = post()
        async let third = post()
        try await wait(for: 2, in: service)
        let refused = await post()
        #expect(refused.status == 429)
        // Its body is not even received.
        let received = Counter()
        _ = await service.respond(to: ServiceRequest(.post, "/v1/read")) {
            received.add()
            return Pictures.page
        }
        #expect(received.value == 0)
        #expect(refused.headers[.retryAfter].flatMap { Int($0) } ?? 0 >= 1)
        #expect(await service.get("/v2/health/live").status == 200)
        #expect(await service.get("/metrics").text.contains("ductus_queue_waiting 2\n"))
        door.open()
        let accepted = await [first.status, second.status, third.status]
        #expect(accepted == [200, 200, 200])
    }

    @Test func theDeadlineEndsReadingAndWaiting() async throws {
        let door = Door()
        let service = try service(["deadline": "1"], willRead: door.pass)
        let post: @Sendable () async -> Answer = { await service.post("/v1/read", "image/png", Pictures.page) }
        async let reading = post()
        while service.running == 0 { try await Task.sleep(for: .milliseconds(5)) }
        async let waiting = post()
        let statuses = await [reading.status, waiting.status]
        #expect(statuses == [504, 503])
        door.open()
        // What was late does not stand in the way of what comes.
        #expect(await post().status == 200)
    }

    @Test func aCancelledRequestIsNotRead() async throws {
        let (door, count) = (Door(), Counter())
        let service = try service(willRead: {
            count.add()
            door.pass()
        })
        let first = Task { await service.post("/v1/read", "image/png", Pictures.page).status }
        while service.running == 0 { try await Task.sleep(for: .milliseconds(5)) }
        let second = Task { await service.post("/v1/read", "image/png", Pictures.page).status }
        try await wait(for: 1, in: service)
        second.cancel()
        #expect(await second.value == 499)
        #expect(service.waiting == 0)
        door.open()
        #expect(await first.value == 200)
        #expect(await service.post("/v1/read", "image/png", Pictures.page).status == 200)
        #expect(count.value == 2)
    }

    /// A service that waits at a door before it reads a page, and how many pages it has begun.
    private func guarded(_ settings: [String: String] = [:]) throws -> (ReadingService, Door, Counter) {
        let (door, count) = (Door(), Counter())
        let service = try service(settings) {
            count.add()
            door.pass()
        }
        return (service, door, count)
    }

    private let twoPages = Pictures.form([Pictures.page, Pictures.page])
    private let form = "multipart/form-data; boundary=edge"

    private func waitUntilIdle(_ service: ReadingService) async throws {
        while service.running > 0 { try await Task.sleep(for: .milliseconds(5)) }
    }

    @Test func theDeadlineEndsReadingBeforeTheNextPage() async throws {
        let (service, door, count) = try guarded(["deadline": "1"])
        #expect(await service.post("/v1/read", form, twoPages).status == 504)
        door.open()
        try await waitUntilIdle(service)
        #expect(count.value == 1)
    }

    /// Their status has been sent when the deadline passes.
    @Test func theDeadlineEndsEventsWithAnError() async throws {
        let (service, door, count) = try guarded(["deadline": "1"])
        async let answer = service.post("/v1/read", form, twoPages, [.accept: "text/event-stream"])
        while service.running == 0 { try await Task.sleep(for: .milliseconds(5)) }
        try await Task.sleep(for: .seconds(1.1))
        door.open()
        #expect(await answer.status == 200)
        let last = await answer.text.split(separator: "\n\n").last
        #expect(last?.hasPrefix("event: error\n") == true)
        #expect(last?.contains("\"status\":504") == true)
        #expect(count.value == 1)
    }

    /// Whoever reads no further events gets no further page read.
    @Test func eventsEndWithTheirReader() async throws {
        let (service, door, count) = try guarded()
        _ = await service.respond(
            to: ServiceRequest(
                .post, "/v1/read", headers: [.accept: "text/event-stream", .contentType: form], body: twoPages))
        door.open()
        try await waitUntilIdle(service)
        #expect(count.value <= 1)
    }

    @Test func aCancelledRequestIsNotReadOn() async throws {
        let (service, door, count) = try guarded()
        let (form, body) = (form, twoPages)
        let request = Task { await service.post("/v1/read", form, body).status }
        while count.value == 0 { try await Task.sleep(for: .milliseconds(5)) }
        request.cancel()
        _ = await request.value
        door.open()
        try await waitUntilIdle(service)
        #expect(count.value == 1)
    }
}
