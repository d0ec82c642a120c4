/// A trained vector for every index: `[…]` → `[…, channels]`.
///
/// It takes indices rather than numbers, so it stands before a network's layers rather than among them. To read logits
/// with the same table, multiply by it: `x.matmul(embedding.weight.value.transposed())` (Press and Wolf 2017).
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
    ///   - count: how many indices there are.
    ///   - channels: the length of a vector.
    public init(_ count: Int, _ channels: Int) {
        // Vectors of length 1, on average.
        weight = Parameter(Initializer.uniform(bound: (3 / Double(channels)).squareRoot()).values([count, channels]))
    }

    /// The vectors of indices, each of which must be one of 0 ..< count.
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
