import Dispatch
import Synchronization

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

extension Communicator {
    /// The results of a function for `0..<count`, on all ranks. Every rank computes one after the other, as they are handed
    /// out, and none is computed twice.
    ///
    /// - Throws: on the rank where it happens, what `body` throws.
    public func map<Value: Codable>(_ count: Int, _ body: (Int) throws -> Value) throws -> [Value] {
        guard size > 1 else { return try (0..<count).map(body) }
        var results: [Value] = []
        try handOut(count) {
            Array(try JSONEncoder().encode([try body($0)]))
        } inOrder: { _, bytes in
            results += try JSONDecoder().decode([Value].self, from: Data(bytes))
        }
        return try fromFirst { results }
    }

    /// Computes results for `0..<count` on all ranks, and passes them on in order.
    ///
    /// Rank 0 hands out one number after the other to whichever rank asks, and computes along.
    ///
    /// - Parameters:
    ///   - count: the number of results.
    ///   - compute: computes a result, on any rank. It must not call functions of the communicator.
    ///   - pass: gets the results in the order of their numbers; called on rank 0 only.
    /// - Throws: on the rank where it happens, what the functions throw.
    public func handOut(
        _ count: Int, compute: (Int) throws -> [UInt8], inOrder pass: (Int, [UInt8]) throws -> Void
    ) throws {
        guard size > 1 else {
            for number in 0..<count { try pass(number, try compute(number)) }
            return
        }
        guard isFirst else { return try fetch(compute) }
        let counter = Counter(count)
        let thread = DispatchQueue(label: "ductus.counter")
        thread.async { counter.serve(self) }
        var passed = 0
        func passReady() throws {
            while let result = counter.result(passed) {
                try pass(passed, result)
                passed += 1
            }
        }
        while let number = counter.next() {
            counter.add(try compute(number), number)
            try passReady()
        }
        while passed < count {
            counter.waitForResult()
            try passReady()
        }
        thread.sync {}
    }

    /// Computes what rank 0 hands out.
    private func fetch(_ compute: (Int) throws -> [UInt8]) throws {
        var message: [UInt8] = []
        while true {
            send(message, to: 0)
            let number = receive(from: 0).bytes.numbers[0]
            guard number >= 0 else { return }
            message = [UInt8](numbers: [number]) + (try compute(Int(number)))
        }
    }
}

/// Hands out numbers, and keeps the results until they are passed on.
private final class Counter: Sendable {
    private struct State {
        var next = 0
        var results: [Int: [UInt8]] = [:]
    }
    private let count: Int
    private let state = Mutex(State())
    private let arrivals = DispatchSemaphore(value: 0)

    init(_ count: Int) { self.count = count }

    func next() -> Int? {
        state.withLock { state in
            guard state.next < count else { return nil }
            state.next += 1
            return state.next - 1
        }
    }

    func add(_ result: [UInt8], _ number: Int) { state.withLock { $0.results[number] = result } }

    func result(_ number: Int) -> [UInt8]? { state.withLock { $0.results.removeValue(forKey: number) } }

    /// Waits for a result of another rank, each of which is waited for once.
    func waitForResult() { arrivals.wait() }

    /// Answers the other ranks until all of them know that nothing is left.
    func serve(_ communicator: some Communicator) {
        var active = communicator.size - 1
        while active > 0 {
            let (message, rank) = communicator.receive(from: nil)
            if !message.isEmpty {
                add(Array(message.dropFirst(8)), Int(Array(message.prefix(8)).numbers[0]))
                arrivals.signal()
            }
            let number = next()
            if number == nil { active -= 1 }
            communicator.send([UInt8](numbers: [number.map(Double.init) ?? -1]), to: rank)
        }
    }
}
