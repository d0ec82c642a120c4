#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// The processes of a job, which compute together. Each is known by its rank, from 0.
///
/// All functions but `send`, `receive`, and `abort` are collective: every rank calls the same ones in the same order. Where
/// a rank does not come, the others wait, and an implementation may end the job after some time. The words are those of
/// MPI (Message Passing Interface Forum, *MPI: A Message-Passing Interface Standard*, 2021).
public protocol Communicator: Sendable {
    /// The number of this process.
    var rank: Int { get }
    /// The number of processes.
    var size: Int { get }
    /// The number of processes on this host, which share its processors.
    var ranksOnHost: Int { get }

    /// The bytes of rank 0; those of the others do not matter. Ranks wait as long as it takes.
    func broadcast(_ bytes: [UInt8]) -> [UInt8]
    /// The bytes of all ranks, in order of rank.
    func gather(_ bytes: [UInt8]) -> [[UInt8]]
    /// Sends a tensor to every rank, and returns those that the ranks have sent to this one.
    ///
    /// - Parameters:
    ///   - parts: one tensor for every rank.
    ///   - counts: the number of elements that every rank sends to this one.
    /// - Returns: one tensor of rank 1 from every rank.
    func exchange(_ parts: [Tensor<Float>], receiving counts: [Int]) -> [Tensor<Float>]
    /// The sum of the tensors of all ranks, which have one shape, in whichever order is fastest.
    func sum(_ values: Tensor<Float>) -> Tensor<Float>
    /// Sends a message to a rank.
    func send(_ bytes: [UInt8], to rank: Int)
    /// Waits, as long as it takes, for a message from a rank, or from any if `nil`.
    func receive(from rank: Int?) -> (bytes: [UInt8], rank: Int)
    /// Ends all processes of the job.
    func abort(status: Int32) -> Never
}

/// A process on its own.
public struct SingleProcess: Communicator {
    /// Creates a communicator of one rank.
    public init() {}

    public var rank: Int { 0 }
    public var size: Int { 1 }
    public var ranksOnHost: Int { 1 }
    public func broadcast(_ bytes: [UInt8]) -> [UInt8] { bytes }
    public func gather(_ bytes: [UInt8]) -> [[UInt8]] { [bytes] }
    public func exchange(_ parts: [Tensor<Float>], receiving counts: [Int]) -> [Tensor<Float>] { parts }
    public func sum(_ values: Tensor<Float>) -> Tensor<Float> { values }
    public func send(_ bytes: [UInt8], to rank: Int) { preconditionFailure("There is no rank \(rank) to send to.") }
    public func receive(from rank: Int?) -> (bytes: [UInt8], rank: Int) {
        preconditionFailure("There is no other rank to receive from.")
    }
    public func abort(status: Int32) -> Never { exit(status) }
}

/// The job that this process is part of.
///
/// ```swift
/// Job.$communicator.withValue(communicator) { try run.train() }        // on every rank
/// ```
public enum Job {
    /// The processes that train, evaluate, and read together in this task; by default, this process alone.
    @TaskLocal public static var communicator: any Communicator = SingleProcess()

    /// Gets the times of the training steps of this task, if batches have several shards.
    @TaskLocal public static var timeline: Timeline?
}

extension Communicator {
    /// Whether this is the rank that writes files, shows progress, and calls callbacks.
    public var isFirst: Bool { rank == 0 }

    /// What rank 0 computes, on all ranks. It computes as a process on its own.
    ///
    /// - Throws: a ``JobError`` on all ranks if `body` throws; on a process on its own, the error itself.
    public func fromFirst<Value: Codable>(_ body: () throws -> Value) throws -> Value {
        guard size > 1 else { return try body() }
        guard isFirst else { return try Answer<Value>(decoding: broadcast([])).get() }
        let result = Result { try Job.$communicator.withValue(SingleProcess(), operation: body) }
        _ = broadcast(try Answer(result).encoded())
        do {
            return try result.get()
        } catch {
            throw JobError("\(error)", underlying: error)
        }
    }
}
