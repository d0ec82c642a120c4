extension Tensor {
    /// Reads an array that `numpy.save` wrote.
    ///
    /// Any byte order and memory order is read. What lies in the file as in memory is not copied: the tensor shares
    /// the file's pages, which must not be changed in place meanwhile, and an array in Fortran order becomes a
    /// transposed view. Other numbers are converted if no value changes: integers to any type that holds them,
    /// floating-point numbers to wider ones.
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

    /// Writes an array that `numpy.load` reads: little-endian, in C order. Replaces the file in one step.
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
