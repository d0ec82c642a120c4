/// A safetensors file that is written tensor by tensor, with no more than one of their pieces in memory.
///
/// ```swift
/// let stream = try TensorArchiveStream("lines.safetensors", metadata: ["kind": "lines"], tensors: 2)
/// for line in lines { try stream.append(line.pixels, to: "pixels") }        // one after another: [elements]
/// try stream.append(widths, to: "widths")
/// try stream.commit()                                                       // without it, there is no file
/// ```
package final class TensorArchiveStream {
    private let replacement: FileReplacement
    private let headerSize: Int
    private let metadata: [String: String]
    private var entries: [(name: String, type: ElementType, bytes: Range<Int>)] = []
    private var size = 0

    /// The room for the entry of a tensor in the header: its name, type, size, and offsets.
    private static let entrySize = 256

    /// A file with at most `tensors` tensors, whose names are short.
    package init(_ path: String, metadata: [String: String], tensors: Int) throws(FileError) {
        self.metadata = metadata
        let notes = TensorArchive.header(metadata: metadata, fields: []).utf8.count
        headerSize = (notes + tensors * Self.entrySize + 7) / 8 * 8
        replacement = try FileReplacement(of: path)
        // Room for the header, which is known at the end.
        try replacement.append([UInt8](repeating: 0, count: 8 + headerSize))
    }

    /// The bytes of all elements so far.
    package var byteCount: Int { size }

    /// Writes the elements of a tensor at the end of the tensor of a name, which has one axis. Nothing can be appended to
    /// a tensor after another one was begun.
    package func append<Scalar: TensorScalar>(_ tensor: Tensor<Scalar>, to name: String) throws {
        if entries.last?.name != name {
            precondition(!entries.contains { $0.name == name }, "The tensor \(name) is complete.")
            // Elements are aligned, so that they can be mapped.
            if let last = entries.indices.last {
                let padding = [UInt8](repeating: 0, count: -size & 7)
                precondition(
                    padding.isEmpty || padding.count.isMultiple(of: entries[last].type.size),
                    "Elements of \(entries[last].type) do not end at a multiple of eight bytes.")
                try replacement.append(padding)
                size += padding.count
                entries[last].bytes = entries[last].bytes.lowerBound..<size
            }
            entries.append((name, Scalar.elementType, size..<size))
        }
        try tensor.withUnsafeBuffer { try replacement.append(UnsafeRawBufferPointer($0)) }
        size += tensor.count * MemoryLayout<Scalar>.stride
        entries[entries.count - 1].bytes = entries[entries.count - 1].bytes.lowerBound..<size
    }

    /// Writes the header and puts the file in its place.
    package func commit() throws(FileError) {
        let fields = entries.map { name, type, bytes in
            TensorArchive.field(name, type: type, shape: [bytes.count / type.size], bytes: bytes)
        }
        var header = Array(TensorArchive.header(metadata: metadata, fields: fields).utf8)
        precondition(header.count <= headerSize, "The header of an archive has no room for the names of its tensors.")
        header += [UInt8](repeating: 0x20, count: headerSize - header.count)
        let length = (0..<8).map { UInt8(truncatingIfNeeded: headerSize >> (8 * $0)) }
        try replacement.overwriteStart(length + header)
        try replacement.commit()
    }
}
