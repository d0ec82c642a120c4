import DuctusModels
import DuctusTestSupport
import Foundation
import Synchronization
import Testing

/// Work that ranks share.
@Suite struct JobTests {
    @Test(arguments: [1, 2, 4]) func resultsAreComputedOnceAndInOrder(ranks: Int) throws {
        let computed = Mutex<[Int]>([])
        let results = try ThreadJob.run(ranks) {
            try Job.communicator.map(37) { number in
                computed.withLock { $0.append(number) }
                return number * number
            }
        }.map { try $0.get() }
        #expect(results == Array(repeating: (0..<37).map { $0 * $0 }, count: ranks))
        #expect(computed.withLock { $0.sorted() } == Array(0..<37))
    }

    @Test(arguments: [0, 1, 3]) func thereMayBeLessWorkThanRanks(count: Int) throws {
        let results = try ThreadJob.run(4) { try Job.communicator.map(count) { $0 } }.map { try $0.get() }
        #expect(results == Array(repeating: Array(0..<count), count: 4))
    }

    @Test func resultsArePassedOnInOrder() throws {
        let passed = Mutex<[Int]>([])
        _ = try ThreadJob.run(3) {
            try Job.communicator.handOut(20) { number in
                // The first takes longest.
                if number == 0 { Thread.sleep(forTimeInterval: 0.02) }
                return [UInt8(number)]
            } inOrder: { number, bytes in
                passed.withLock { $0 += [number, Int(bytes[0])] }
            }
        }.map { try $0.get() }
        #expect(passed.withLock { $0 } == (0..<20).flatMap { [$0, $0] })
    }

    @Test func whatRankZeroThrowsIsKnownToAll() {
        let results = ThreadJob.run(2) { try Job.communicator.fromFirst { () throws -> Int in throw Interruption() } }
        for result in results { #expect { try result.get() } throws: { "\($0)" == "Interruption()" } }
        #expect { try results[0].get() } throws: { ($0 as? JobError)?.underlying is Interruption }
    }

    /// What runs on rank 0 only must not wait for the others.
    @Test func rankZeroComputesOnItsOwn() throws {
        let sizes = try ThreadJob.run(2) { try Job.communicator.fromFirst { Job.communicator.size } }.map {
            try $0.get()
        }
        #expect(sizes == [1, 1])
    }
}
