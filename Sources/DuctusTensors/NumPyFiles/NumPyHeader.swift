/// The header of an `.npy` file: element type, memory order and shape.
///
/// Format: https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html.
struct NumPyHeader: Equatable, Sendable {
    var type: ElementType
    var isBigEndian = false
    /// Whether the first index varies fastest.
    var isFortranOrdered = false
    var shape: Shape

    /// The longest accepted header in bytes, the same limit as that of `numpy.load`.
    static let maximumLength = 10_000
    /// The number of leading bytes of a file that are enough to read its header.
    static let maximumSize = 12 + maximumLength

    private static let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)

    /// The size of the elements in bytes.
    var byteCount: Int { type.size * shape.elementCount }

    /// Reads the header of a file.
    ///
    /// - Parameters:
    ///   - bytes: the file, or its first `maximumSize` bytes.
    ///   - size: the size of the whole file, which must match the header exactly.
    /// - Returns: the header, and the offset of the elements.
    /// - Throws: `ArchiveError` about `path`.
    static func reading(
        _ bytes: SharedBytes, size: Int, path: String
    ) throws(ArchiveError) -> (header: NumPyHeader, start: Int) {
        try bytes.withUnsafeBytes { bytes throws(ArchiveError) in try reading(bytes, size: size, path: path) }
    }

    private static func reading(
        _ bytes: UnsafeRawBufferPointer, size: Int, path: String
    ) throws(ArchiveError) -> (header: NumPyHeader, start: Int) {
        guard bytes.starts(with: magic.prefix(bytes.count)), !bytes.isEmpty else {
            let isZip = bytes.starts(with: [0x50, 0x4B])
            throw ArchiveError(path, isZip ? "is an .npz archive; read it with NumPyArchive." : "is not an .npy file.")
        }
        guard bytes.count >= 10 else { throw truncated(path, "has only \(bytes.count) bytes") }
        let version = (bytes[6], bytes[7])
        guard (1...3).contains(version.0), version.1 == 0 else {
            throw ArchiveError(
                path,
                "has version \(version.0).\(version.1) of the format; 1.0, 2.0 and 3.0 are supported. Save it again.")
        }
        let start = version.0 == 1 ? 10 : 12
        guard bytes.count >= start else { throw truncated(path, "has only \(bytes.count) bytes") }
        let length = (8..<start).reduce(0) { $0 | Int(bytes[$1]) << (8 * ($1 - 8)) }
        guard length <= maximumLength else {
            throw ArchiveError(
                path,
                "has a header of \(length) bytes, over the limit of \(maximumLength); only a structured array needs "
                    + "one. Save its fields separately.")
        }
        guard start + length <= bytes.count else { throw truncated(path, "should have a header of \(length) bytes") }
        let header = try NumPyHeader(
            parsing: UnsafeRawBufferPointer(rebasing: bytes[start..<start + length]), path: path)
        let (needed, found) = (header.byteCount, size - start - length)
        guard needed <= found else { throw truncated(path, "needs \(needed) bytes for its elements and has \(found)") }
        guard needed == found else {
            throw ArchiveError(path, "has \(found - needed) bytes after its elements; a file holds one array.")
        }
        return (header, start + length)
    }

    private static func truncated(_ path: String, _ how: String) -> ArchiveError {
        ArchiveError(path, "is truncated: it \(how). Get the file again.")
    }

    /// The bytes before the elements, exactly as NumPy writes them, padded to a multiple of 64.
    func encoded() -> [UInt8] {
        let extents = shape.map(String.init).joined(separator: ", ") + (shape.rank == 1 ? "," : "")
        var text = "{'descr': '\(typeName)', 'fortran_order': \(isFortranOrdered ? "True" : "False"), "
        text += "'shape': (\(extents)), }"
        // NumPy leaves room for the first extent to grow in place.
        if let growing = isFortranOrdered ? shape.last : shape.first {
            text += String(repeating: " ", count: 21 - String(growing).utf8.count)
        }
        let size = (10 + text.utf8.count + 1 + 63) / 64 * 64
        text += String(repeating: " ", count: size - 10 - text.utf8.count - 1) + "\n"
        let length = text.utf8.count
        return Self.magic + [1, 0, UInt8(length & 0xFF), UInt8(length >> 8)] + Array(text.utf8)
    }

    /// A tensor of these elements, which shares their bytes where possible.
    /// - Throws: `ArchiveError` about `path`.
    func tensor<Scalar: TensorScalar>(of elements: SharedBytes, path: String) throws(ArchiveError) -> Tensor<Scalar> {
        // An array in Fortran order is the transposed array in C order.
        let axes = Array(shape.indices.reversed())
        let lying = isFortranOrdered ? Shape(axes.map { shape[$0] }) : shape
        let tensor = try elements.withUnsafeBytes { bytes throws(ArchiveError) -> Tensor<Scalar> in
            let stored = StoredElements(type: type, isBigEndian: isBigEndian, bytes: bytes)
            var problem = stored.obstacle(to: Scalar.self) ?? stored.fault(as: Scalar.self)
            if problem == nil {
                if stored.areElements(of: Scalar.self), let shared = elements.tensor(lying, of: Scalar.self) {
                    return shared
                }
                let copy = Tensor<Scalar>(shape: lying) { problem = stored.copy(to: $0) }
                if problem == nil { return copy }
            }
            throw ArchiveError(path, "\(problem ?? "").")
        }
        return isFortranOrdered ? tensor.permuted(axes) : tensor
    }
}
