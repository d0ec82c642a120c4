/// A run of elements of one of several arrays: work for one task, of about the same size however long the arrays are.
package struct Chunk {
    /// The index of the array.
    package let array: Int
    package let start: Int
    package let count: Int

    private static let length = 1 << 14

    /// Arrays of the given lengths, split into chunks.
    package static func all(of lengths: [Int]) -> [Chunk] {
        lengths.enumerated().flatMap { array, length in
            stride(from: 0, to: length, by: Self.length).map {
                Chunk(array: array, start: $0, count: min(Self.length, length - $0))
            }
        }
    }
}

extension [Chunk] {
    /// Calls `body` with every chunk, in any order, on all threads; on this thread if there is little work.
    package func parallelForEach(_ body: (Chunk) -> Void) {
        if reduce(0, { $0 + $1.count }) <= 1 << 15 { return forEach(body) }
        parallel(count) { body(self[$0]) }
    }

    /// What `body` returns for every chunk, computed on all threads.
    package func parallelMap<Result>(_ body: (Chunk) -> Result) -> [Result] {
        DuctusTensors.parallelMap(count) { body(self[$0]) }
    }
}
