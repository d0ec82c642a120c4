/// Some samples of a data set as a data set; see ``Dataset/sampled(_:seed:)``.
public struct Subset<Base: Dataset>: Dataset {
    /// The data set of the samples.
    public let base: Base
    /// The indices of the samples in that data set.
    public let indices: [Int]

    /// The samples at some indices, in that order.
    public init(_ base: Base, indices: [Int]) {
        precondition(
            indices.allSatisfy((0..<base.count).contains),
            "The indices of a subset must be below the \(base.count) of its data set.")
        (self.base, self.indices) = (base, indices)
    }

    public var count: Int { indices.count }
    public var expectation: Expectation { base.expectation }
    public func name(of index: Int) -> String { base.name(of: indices[index]) }
    public func raw(_ index: Int) throws -> Base.Raw { try base.raw(indices[index]) }
    public func transform(_ raw: Base.Raw, name: String) throws -> Example { try base.transform(raw, name: name) }
}

extension Dataset {
    /// At most `limit` random samples; all of them, in order, if there are no more.
    ///
    /// Files are often ordered by class, writer or page, so their first samples are not representative.
    ///
    /// ```swift
    /// let some = digits.sampled(1_000, seed: 1)      // of every class about 100
    /// ```
    public func sampled(_ limit: Int, seed: UInt64 = 0) -> Subset<Self> {
        precondition(limit >= 0, "There cannot be \(limit) samples.")
        var indices = Array(0..<count)
        guard limit < count else { return Subset(self, indices: indices) }
        var random = RandomStream(seed: seed)
        indices.shuffle(using: &random)
        return Subset(self, indices: Array(indices.prefix(limit)))
    }
}
