/// Bytes that nobody writes to, and that live as long as what owns them: a mapped file, or memory of the pool.
struct SharedBytes: @unchecked Sendable {
    private let bytes: UnsafeRawBufferPointer
    private let owner: AnyObject

    /// The bytes of a file, without a copy.
    init(contentsOf path: String) throws(FileError) {
        let file = try MappedFile(path)
        (bytes, owner) = (UnsafeRawBufferPointer(file.bytes), file)
    }

    /// New bytes, which `initialize` writes.
    init<Failure: Error>(
        count: Int, initialize: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        let storage = Storage<UInt8>(count: count)
        let buffer = UnsafeMutableRawBufferPointer(start: storage.base, count: count)
        try initialize(buffer)
        (bytes, owner) = (UnsafeRawBufferPointer(buffer), storage)
    }

    init(_ array: [UInt8]) {
        self.init(count: array.count) { $0.copyBytes(from: array) }
    }

    /// The elements of a tensor in row-major order, without a copy where they lie so already.
    init<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>) {
        let dense = tensor.dense()
        bytes = UnsafeRawBufferPointer(UnsafeBufferPointer(start: dense.base, count: dense.count))
        owner = dense.storage
    }

    private init(_ bytes: UnsafeRawBufferPointer, owner: AnyObject) { (self.bytes, self.owner) = (bytes, owner) }

    var count: Int { bytes.count }

    subscript(range: Range<Int>) -> SharedBytes {
        SharedBytes(UnsafeRawBufferPointer(rebasing: bytes[range]), owner: owner)
    }

    func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(owner) {} }
        return try body(bytes)
    }

    /// A tensor that has these bytes for its elements, unless they are not aligned for them.
    func tensor<Scalar: TensorScalar>(_ shape: Shape, of type: Scalar.Type) -> Tensor<Scalar>? {
        let count = shape.elementCount
        guard let base = bytes.baseAddress, Int(bitPattern: base) % MemoryLayout<Scalar>.alignment == 0 else {
            return nil
        }
        let elements = UnsafeMutableRawPointer(mutating: base).bindMemory(to: Scalar.self, capacity: count)
        return Tensor(
            shape: shape, strides: shape.denseStrides, offset: 0,
            storage: Storage(borrowing: elements, count: count, from: owner))
    }
}
