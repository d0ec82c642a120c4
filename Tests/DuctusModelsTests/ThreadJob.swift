import DuctusModels
import Foundation

/// Ranks that are threads of this process.
final class ThreadJob: @unchecked Sendable {
    // Sendable: everything below is reached only under the condition's lock.
    private let condition = NSCondition()
    private let size: Int
    private var arrived: [Int: Any] = [:]
    private var last: [Any] = []
    private var meeting = 0
    private var messages: [(from: Int, to: Int, bytes: [UInt8])] = []

    private init(size: Int) { self.size = size }

    /// The results of a function on every rank.
    static func run<Value: Sendable>(_ size: Int, _ body: @escaping @Sendable () throws -> Value) -> [Result<
        Value, any Error
    >] {
        let job = ThreadJob(size: size)
        let results = Locked([Int: Result<Value, any Error>]())
        for rank in 0..<size {
            let thread = Thread {
                let result = Result {
                    try Job.$communicator.withValue(ThreadRank(job: job, rank: rank, size: size), operation: body)
                }
                job.condition.withLock {
                    results.withLock { $0[rank] = result }
                    job.condition.broadcast()
                }
            }
            thread.stackSize = 16 << 20
            thread.start()
        }
        job.condition.withLock { while results.withLock({ $0.count }) < size { job.condition.wait() } }
        return results.withLock { results in (0..<size).compactMap { results[$0] } }
    }

    /// The values of all ranks, when all have come.
    fileprivate func meet<Value>(_ rank: Int, _ value: Value) -> [Value] {
        condition.withLock {
            let here = meeting
            arrived[rank] = value
            if arrived.count == size {
                last = (0..<size).compactMap { arrived[$0] }
                (arrived, meeting) = ([:], meeting + 1)
                condition.broadcast()
            }
            while meeting == here { condition.wait() }
            return last.compactMap { $0 as? Value }
        }
    }

    fileprivate func send(_ bytes: [UInt8], from: Int, to: Int) {
        condition.withLock {
            messages.append((from, to, bytes))
            condition.broadcast()
        }
    }

    fileprivate func receive(at rank: Int, from: Int?) -> (bytes: [UInt8], rank: Int) {
        condition.withLock {
            while true {
                if let place = messages.firstIndex(where: { $0.to == rank && from ?? $0.from == $0.from }) {
                    let message = messages.remove(at: place)
                    return (message.bytes, message.from)
                }
                condition.wait()
            }
        }
    }
}

private struct ThreadRank: Communicator {
    let job: ThreadJob
    let rank: Int
    let size: Int
    var ranksOnHost: Int { size }

    func broadcast(_ bytes: [UInt8]) -> [UInt8] { job.meet(rank, bytes)[0] }
    func gather(_ bytes: [UInt8]) -> [[UInt8]] { job.meet(rank, bytes) }
    func exchange(_ parts: [Tensor<Float>], receiving counts: [Int]) -> [Tensor<Float>] {
        let received = job.meet(rank, parts).map { $0[rank] }
        precondition(received.map(\.count) == counts, "Expected \(counts) elements, received \(received.map(\.count)).")
        return received
    }
    func sum(_ values: Tensor<Float>) -> Tensor<Float> {
        let all = job.meet(rank, values)
        return all.dropFirst().reduce(all[0], +)
    }
    func send(_ bytes: [UInt8], to other: Int) { job.send(bytes, from: rank, to: other) }
    func receive(from other: Int?) -> (bytes: [UInt8], rank: Int) { job.receive(at: rank, from: other) }
    func abort(status: Int32) -> Never { preconditionFailure("Rank \(rank) has ended the job.") }
}
