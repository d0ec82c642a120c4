/// A learned vector for every index: `[…]` → `[…, channels]`.
///
/// Its inputs are integers, so it is a ``Module`` rather than a ``Layer``. To tie the output projection to the embedding,
/// compute logits as `x.matmul(embedding.weight.value.transposed())` (Press and Wolf 2017).
///
/// ```swift
/// let words = Embedding(10_000, 128)
/// words(Tensor<Int32>([3, 1, 4])).shape   // [3, 128]
/// ```
public struct Embedding: Module, CustomStringConvertible, Placed {
    /// `[count, channels]`
    public let weight: Parameter
    let place = Place()

    /// - Parameters:
    ///   - count: the number of indices.
    ///   - channels: the length of each vector.
    public init(_ count: Int, _ channels: Int) {
        // Vectors of unit length on average.
        weight = Parameter(Initializer.uniform(bound: (3 / Double(channels)).squareRoot()).values([count, channels]))
    }

    /// Looks up the vectors of indices from 0 ..< count.
    public func callAsFunction(_ indices: Tensor<Int32>) -> Tensor<Float> {
        let count = weight.shape[0]
        indices.withUnsafeBuffer { indices in
            let stranger = indices.first { $0 < 0 || $0 >= count }
            expect(stranger == nil, "index \(stranger ?? 0) is not one of \(count)")
        }
        return listed { embedding(indices, table: weight.value) }
    }

    public var description: String { "Embedding \(weight.shape[0]) → \(weight.shape[1])" }
}
