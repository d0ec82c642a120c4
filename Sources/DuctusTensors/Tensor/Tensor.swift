import CDuctusKernels

/// A multi-dimensional array with value semantics.
///
/// A tensor is a view (shape, strides and offset) into pooled storage. Views share storage; writing copies it first if
/// it is shared. While a tape records, a tensor also remembers the operation that produced it.
///
/// ```swift
/// let x: Tensor<Float> = [[1, 2, 3], [4, 5, 6]]
/// print(x.shape, x[1, 2], x.sum(axes: [0]))   // [2, 3] 6.0 [5. 7. 9.]
/// ```
public struct Tensor<Scalar: TensorScalar>: Sendable {
    /// The extents of the axes.
    public let shape: Shape
    let strides: Shape
    let offset: Int
    var storage: Storage<Scalar>

    /// The operation that produced this tensor, if a tape recorded it.
    package var node: Node<Scalar>?

    init(shape: Shape, strides: Shape, offset: Int, storage: Storage<Scalar>) {
        self.shape = shape
        self.strides = strides
        self.offset = offset
        self.storage = storage
    }

    /// A dense tensor whose elements are undefined until `initialize` writes them; it must write all of them.
    @_specialize(where Scalar == Float)
    package init(shape: Shape, initialize: (UnsafeMutableBufferPointer<Scalar>) -> Void) {
        precondition(shape.allSatisfy { $0 >= 0 }, "Extents must not be negative; got shape \(shape).")
        let count = shape.elementCount
        self.init(shape: shape, strides: shape.denseStrides, offset: 0, storage: Storage(count: count))
        initialize(UnsafeMutableBufferPointer(start: storage.base, count: count))
    }

    /// The number of axes.
    public var rank: Int { shape.rank }

    /// The number of elements.
    public var count: Int { shape.elementCount }

    /// Whether elements are in row-major order without gaps.
    package var isDense: Bool {
        var step = 1
        for axis in shape.indices.reversed() where shape[axis] != 1 {
            if strides[axis] != step { return false }
            step *= shape[axis]
        }
        return true
    }

    package var base: UnsafeMutablePointer<Scalar> { storage.base + offset }

    /// This tensor with its elements in row-major order without gaps; itself if it is dense already.
    @_specialize(where Scalar == Float)
    @usableFromInline
    package func dense() -> Tensor {
        if isDense { return self }
        var copy = Tensor(shape: shape) { out in
            guard out.count > 0 else { return }
            let (extents, steps) = mergedAxes()
            let inner = out.count / extents[0]
            // Where a matrix is transposed, tasks share no cache lines of it, unless there are too few rows for several tasks.
            let lines = steps[0] == 1 && extents[0] >= 256 ? 16 : 1
            let grain = (Swift.max(1, (1 << 15) / inner) + lines - 1) / lines * lines
            parallelRanges(extents[0], grain: grain) { rows in
                ductus_copy_strided(
                    MemoryLayout<Scalar>.stride, extents.count, [rows.count] + extents.dropFirst(), steps,
                    base + rows.lowerBound * steps[0], out.baseAddress! + rows.lowerBound * inner, exceedsCaches)
            }
        }
        copy.node = node
        return copy
    }

    /// Whether the tensor is too large for a typical last-level cache, so that writing its end evicts its beginning.
    package var exceedsCaches: Bool { count * MemoryLayout<Scalar>.stride >= 16 << 20 }

    /// Extents and strides with adjacent axes merged where a single stride covers both.
    private func mergedAxes() -> (extents: [Int], strides: [Int]) {
        var (extents, steps): ([Int], [Int]) = ([], [])
        for axis in shape.indices where shape[axis] != 1 {
            if let step = steps.last, step == shape[axis] * strides[axis] {
                extents[extents.count - 1] *= shape[axis]
                steps[steps.count - 1] = strides[axis]
            } else {
                extents.append(shape[axis])
                steps.append(strides[axis])
            }
        }
        return (extents, steps)
    }

    /// Calls `body` with the elements in row-major order.
    @inlinable
    public func withUnsafeBuffer<Result>(_ body: (UnsafeBufferPointer<Scalar>) throws -> Result) rethrows -> Result {
        let dense = dense()
        return try withExtendedLifetime(dense) { try body(dense.denseElements) }
    }

    /// The elements of a dense tensor; valid for its lifetime.
    @usableFromInline
    var denseElements: UnsafeBufferPointer<Scalar> { UnsafeBufferPointer(start: base, count: count) }

    /// Calls `body` with the elements in row-major order, for writing. Copies first if the storage is shared.
    public mutating func withUnsafeMutableBuffer<Result>(
        _ body: (UnsafeMutableBufferPointer<Scalar>) throws -> Result
    ) rethrows -> Result {
        precondition(!isRecorded, "A tensor recorded by a tape cannot be written in place; detach it first.")
        node = nil
        if !isDense || !hasUniqueStorage() { self = denseCopy() }
        return try body(UnsafeMutableBufferPointer(start: base, count: count))
    }

    /// This tensor's elements in new storage.
    private func denseCopy() -> Tensor {
        isDense ? withUnsafeBuffer { elements in Tensor(shape: shape) { _ = $0.initialize(from: elements) } } : dense()
    }

    /// Copies unless this tensor is the only user of its storage and no two of its elements share memory.
    mutating func makeWritable() {
        precondition(!isRecorded, "A tensor recorded by a tape cannot be written in place; detach it first.")
        node = nil
        // A stride of 0 makes several elements share one location.
        let isRepeated = zip(shape, strides).contains { $0 > 1 && $1 == 0 }
        if isRepeated || !hasUniqueStorage() { self = denseCopy() }
    }

    /// Whether this tensor is the only user of its storage and may write to it.
    private mutating func hasUniqueStorage() -> Bool { !storage.isBorrowed && isKnownUniquelyReferenced(&storage) }

    /// Calls `body` with the elements of several tensors, which are not recorded and have different storage, for writing.
    package static func withUnsafeMutablePointers<Result>(
        to tensors: inout [Tensor], _ body: ([UnsafeMutablePointer<Scalar>]) -> Result
    ) -> Result {
        let bases = tensors.indices.map { index in
            tensors[index].makeWritable()
            if !tensors[index].isDense { tensors[index] = tensors[index].denseCopy() }
            return tensors[index].base
        }
        return withExtendedLifetime(tensors) { body(bases) }
    }

    /// Whether this is the same view of the same storage, so that elements are equal as long as both exist.
    package func isSameView(as other: Tensor) -> Bool {
        storage === other.storage && offset == other.offset && strides == other.strides && shape == other.shape
    }

    /// The elements in row-major order.
    public var scalars: [Scalar] { withUnsafeBuffer { Array($0) } }

    /// The only element.
    public func item() -> Scalar {
        precondition(count == 1, "item() requires a tensor with exactly one element; this one has shape \(shape).")
        return base.pointee
    }

    /// The element at an index with one number per axis; negative numbers count from the end.
    public subscript(index: Int...) -> Scalar {
        get { (storage.base + position(of: index)).pointee }
        set {
            guard !isRecorded else { return assign(Tensor(newValue), at: index.map { .position($0) }) }
            makeWritable()
            (storage.base + position(of: index)).pointee = newValue
        }
    }

    private func position(of index: [Int]) -> Int {
        precondition(
            index.count == rank,
            "Index \(index) has \(index.count) numbers, but shape \(shape) needs \(rank); use `...` for whole axes.")
        var position = offset
        for (axis, i) in index.enumerated() {
            let i = i < 0 ? i + shape[axis] : i
            precondition(i >= 0 && i < shape[axis], "Index \(index) is out of range for shape \(shape).")
            position += i * strides[axis]
        }
        return position
    }
}

extension Tensor: Equatable {
    /// Whether the shapes and all elements are equal, as a single `Bool`; `.==` compares elementwise.
    public static func == (a: Tensor, b: Tensor) -> Bool {
        a.shape == b.shape && a.withUnsafeBuffer { x in b.withUnsafeBuffer { y in x.elementsEqual(y) } }
    }
}
