extension SharedBytes {
    /// The elements of a tensor in row-major order, without a copy where they already lie so.
    init<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>) {
        let dense = tensor.dense()
        self.init(
            UnsafeRawBufferPointer(UnsafeBufferPointer(start: dense.base, count: dense.count)), owner: dense.storage)
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
