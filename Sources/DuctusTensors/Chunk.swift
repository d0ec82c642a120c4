/// A run of elements of one of several arrays: work for one task that does not depend on how long the arrays are.
package struct Chunk {
    /// Which array.
    package let array: Int
    package let start: Int
    package let count: Int

    private static let length = 1 << 14

    /// Arrays of these lengths, cut into chunks.
    package static func all(of lengths: [Int]) -> [Chunk] {
        lengths.enumerated().flatMap { array, length in
            stride(from: 0, to: length, by: Self.length).map {
                Chunk(array: array, start: $0, count: min(Self.length, length - $0))
            }
        }
    }
}

extension [Chunk] {
    /// Calls `body` with every chunk, in any order, on all threads; on this one if it is little work.
    package func parallelForEach(_ body: (Chunk) -> Void) {
        if reduce(0, { $0 + $1.count }) <= 1 << 15 { return forEach(body) }
        parallel(count) { body(self[$0]) }
    }

    /// What `body` returns for every chunk, computed on all threads.
    package func parallelMap<Result>(_ body: (Chunk) -> Result) -> [Result] {
        DuctusTensors.parallelMap(count) { body(self[$0]) }
    }
}
