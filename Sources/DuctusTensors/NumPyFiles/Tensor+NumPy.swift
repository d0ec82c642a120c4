extension Tensor {
    /// Reads an array written by `numpy.save`, in any byte order and memory order.
    ///
    /// Elements stored exactly as in memory are not copied: the tensor shares the memory-mapped file, which must not be
    /// modified in place while in use, and an array in Fortran order becomes a transposed view. Other elements are
    /// converted: integers to any type that can represent them, floating-point numbers of any width to Float and Double.
    ///
    /// ```swift
    /// let x = try Tensor<Float>(npy: "x.npy")
    /// ```
    /// - Throws: `FileError`, or `ArchiveError` naming the file and what is wrong.
    public init(npy path: String) throws {
        let file = try SharedBytes(contentsOf: path)
        let (header, start) = try NumPyHeader.reading(file, size: file.count, path: path)
        self = try header.tensor(of: file[start..<file.count], path: path)
    }

    /// Writes a file for `numpy.load`, little-endian and in C order. The file is replaced atomically.
    ///
    /// ```swift
    /// try x.write(npy: "x.npy")
    /// ```
    /// - Throws: `FileError`.
    public func write(npy path: String) throws {
        let header = NumPyHeader(type: Scalar.elementType, shape: shape)
        let elements = SharedBytes(self)
        try File.write(header.encoded() + elements.withUnsafeBytes(Array.init), to: path)
    }
}
