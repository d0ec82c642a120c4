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
        #expect(await second.value == 503)
        door.open()
        #expect(await first.value == 200)
        #expect(await service.post("/v1/read", "image/png", Pictures.page).status == 200)
        #expect(count.value == 2)
    }

    private final class Counter: Sendable {
        private let count = Atomic(0)
        var value: Int { count.load(ordering: .relaxed) }
        func add() { count.add(1, ordering: .relaxed) }
    }
}
