/// Named tensors and notes in one safetensors file: eight bytes of header length, a JSON header, the elements.
///
/// ```swift
/// var archive = TensorArchive()
/// archive.set("weight", to: weight)
/// archive.metadata["trained on"] = "MNIST"
/// try archive.write(to: "layer.safetensors")
///
/// let layer = try TensorArchive(contentsOf: "layer.safetensors")
/// layer.names                                               // ["weight"]
/// let weight = try layer.tensor("weight", as: Float.self)
/// ```
/// Reading is strict: offsets must tile the data without gaps or overlaps, sizes must match shapes, and no key may
/// occur twice. Tensors of other types than ``ElementType``, or with too many axes, are kept but cannot be read. Format:
/// https://github.com/huggingface/safetensors.
public struct TensorArchive: Sendable {
    struct Entry: Sendable {
        /// The name of the type, as in the file.
        var dtype: String
        var extents: [Int]
        var bytes: Range<Int>

        /// The type and the shape; nil if there is no such type, or no tensor with so many axes.
        var format: (type: ElementType, shape: Shape)? {
            guard extents.count <= Shape.maximumRank, let type = ElementType(safetensorsName: dtype) else { return nil }
            return (type, Shape(extents))
        }
    }

    /// Where the archive was read from; names the file in errors.
    public let path: String
    /// Free text by key.
    public var metadata: [String: String] = [:]
    private var entries: [String: Entry] = [:]
    /// The elements of tensors that were set.
    private var data: [UInt8] = []
    /// The file that all others are part of, and where its elements start.
    private var file: (mapping: MappedFile, start: Int)?

    /// The largest header that is read, in bytes.
    static let maximumHeaderSize = 100_000_000

    /// An empty archive, to be filled and written.
    public init() { self.init(path: "") }

    private init(path: String) { self.path = path }

    /// Reads a file. Tensors share its pages: nothing is copied, and the file must not be changed in place.
    /// - Throws: `FileError`, or `ArchiveError` naming the file and the key.
    public init(contentsOf path: String) throws {
        let mapping = try MappedFile(path)
        let (archive, start) = try Self.reading(UnsafeRawBufferPointer(mapping.bytes), path: path)
        self = archive
        file = (mapping, start)
    }

    /// Reads the bytes of a file; `path` names it in errors.
    /// - Throws: `ArchiveError` naming the file and the key.
    public init(_ bytes: [UInt8], path: String) throws {
        let (archive, start) = try bytes.withUnsafeBytes { try Self.reading($0, path: path) }
        self = archive
        data = Array(bytes[start...])
    }

    /// An archive with all entries but without their elements, and where these start.
    private static func reading(_ bytes: UnsafeRawBufferPointer, path: String) throws -> (TensorArchive, start: Int) {
        var archive = TensorArchive(path: path)
        guard bytes.count >= 8 else {
            throw ArchiveError(path, "is not a safetensors file: it has \(bytes.count) bytes.")
        }
        let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
        guard length <= Self.maximumHeaderSize else {
            throw ArchiveError(
                path,
                "is not a safetensors file, or its header of \(length) bytes is over the limit of "
                    + "\(Self.maximumHeaderSize).")
        }
        let start = 8 + Int(length)
        guard start <= bytes.count else {
            throw ArchiveError(path, "is truncated: its header should have \(length) bytes. Get the file again.")
        }
        let header: JSONText
        do {
            header = try JSONText(parsing: Array(bytes[8..<start])[...])
        } catch {
            throw ArchiveError(path, "has a malformed header at byte \(8 + error.offset): \(error.message).")
        }
        guard let members = header.object else { throw ArchiveError(path, "has a header that is not an object.") }
        for (key, value) in members {
            if key == "__metadata__" {
                guard let notes = value.object, notes.values.allSatisfy({ $0.string != nil }) else {
                    throw ArchiveError(path, "key \"__metadata__\" must hold strings only.")
                }
                archive.metadata = notes.compactMapValues(\.string)
            } else {
                archive.entries[key] = try Self.entry(key, value, path)
            }
        }
        try checkLayout(archive.entries, size: bytes.count - start, path)
        return (archive, start)
    }

    private static func entry(_ key: String, _ value: JSONText, _ path: String) throws -> Entry {
        func fault(_ problem: String) -> ArchiveError {
            ArchiveError(path, "tensor \(JSONText.quoted(key)) \(problem).")
        }
        guard let fields = value.object, Set(fields.keys) == ["dtype", "shape", "data_offsets"] else {
            throw fault("must have dtype, shape and data_offsets, nothing else")
        }
        guard let dtype = fields["dtype"]?.string else { throw fault("has a dtype that is not a string") }
        guard let extents = fields["shape"]?.array, extents.allSatisfy({ $0.count != nil }) else {
            throw fault("has a shape that is not a list of sizes")
        }
        guard let offsets = fields["data_offsets"]?.array?.map(\.count), offsets.count == 2,
            let from = offsets[0], let to = offsets[1], from <= to
        else { throw fault("has data_offsets that are not a range") }
        let sizes = extents.compactMap(\.count)
        // The size of other types is what the offsets say.
        if let type = ElementType(safetensorsName: dtype) {
            guard let bytes = type.byteCount(of: sizes) else { throw fault("has a shape too large to exist") }
            guard bytes == to - from else {
                throw fault("has \(to - from) bytes; its shape and dtype need \(bytes)")
            }
        }
        return Entry(dtype: dtype, extents: sizes, bytes: from..<to)
    }

    private static func checkLayout(_ entries: [String: Entry], size: Int, _ path: String) throws {
        var end = 0
        for (key, entry) in entries.sorted(by: {
            ($0.value.bytes.lowerBound, $0.value.bytes.upperBound, $0.key)
                < ($1.value.bytes.lowerBound, $1.value.bytes.upperBound, $1.key)
        }) {
            guard entry.bytes.upperBound <= size else {
                throw ArchiveError(
                    path,
                    "is truncated: tensor \(JSONText.quoted(key)) ends at byte \(entry.bytes.upperBound) of "
                        + "\(size). Get the file again.")
            }
            guard entry.bytes.lowerBound == end else {
                let what = entry.bytes.lowerBound < end ? "overlaps the tensor before it" : "leaves a gap before it"
                throw ArchiveError(path, "tensor \(JSONText.quoted(key)) \(what).")
            }
            end = entry.bytes.upperBound
        }
        guard end == size else { throw ArchiveError(path, "has \(size - end) bytes after the last tensor.") }
    }

    /// The names of all tensors, sorted, including those that cannot be read.
    public var names: [String] { entries.keys.sorted() }

    /// A tensor's shape; nil where there is no such tensor, or it cannot be read.
    public func shape(of name: String) -> Shape? { entries[name]?.format?.shape }

    /// How a tensor's elements are stored; nil where there is no such tensor, or it cannot be read.
    public func elementType(of name: String) -> ElementType? { entries[name]?.format?.type }

    /// The tensor called `name`. Elements of another type are converted: integers to any type that can represent them,
    /// floating-point numbers of any width to Float and Double.
    /// - Throws: `ArchiveError` when there is none, or it cannot be read or converted.
    public func tensor<Scalar: TensorScalar>(_ name: String, as type: Scalar.Type = Scalar.self) throws -> Tensor<
        Scalar
    > {
        guard let entry = entries[name] else { throw ArchiveError(path, "has no tensor \(JSONText.quoted(name)).") }
        guard let format = entry.format else {
            let types = ElementType.allCases.map(\.safetensorsName).joined(separator: ", ")
            throw ArchiveError(
                path,
                "tensor \(JSONText.quoted(name)) has dtype \(JSONText.quoted(entry.dtype)) and shape \(entry.extents); "
                    + "it must be one of \(types), with at most \(Shape.maximumRank) axes.")
        }
        guard format.type == Scalar.elementType else {
            return try withElements(of: entry) { bytes in
                let stored = StoredElements(type: format.type, isBigEndian: false, bytes: bytes)
                var problem = stored.obstacle(to: Scalar.self) ?? stored.fault(as: Scalar.self)
                guard problem == nil else {
                    throw ArchiveError(path, "tensor \(JSONText.quoted(name)) \(problem ?? "").")
                }
                let tensor = Tensor<Scalar>(shape: format.shape) { problem = stored.copy(to: $0) }
                guard problem == nil else {
                    throw ArchiveError(path, "tensor \(JSONText.quoted(name)) \(problem ?? "").")
                }
                return tensor
            }
        }
        if Scalar.self == Bool.self, withElements(of: entry, { $0.contains { $0 > 1 } }) {
            throw ArchiveError(path, "tensor \(JSONText.quoted(name)) is BOOL but holds other bytes than 0 and 1.")
        }
        if let file, let base = file.mapping.bytes.baseAddress {
            let elements = base + file.start + entry.bytes.lowerBound
            if Int(bitPattern: elements) % MemoryLayout<Scalar>.alignment == 0 {
                let count = format.shape.elementCount
                let storage = Storage(
                    borrowing: elements.bindMemory(to: Scalar.self, capacity: count), count: count, from: file.mapping)
                return Tensor(shape: format.shape, strides: format.shape.denseStrides, offset: 0, storage: storage)
            }
        }
        return Tensor(shape: format.shape) { out in
            withElements(of: entry) { UnsafeMutableRawBufferPointer(out).copyMemory(from: $0) }
        }
    }

    private func withElements<Result>(
        of entry: Entry, _ body: (UnsafeRawBufferPointer) throws -> Result
    ) rethrows -> Result {
        if let file {
            let start = file.start + entry.bytes.lowerBound
            return try body(UnsafeRawBufferPointer(rebasing: file.mapping.bytes[start..<start + entry.bytes.count]))
        }
        return try data[entry.bytes].withUnsafeBytes(body)
    }

    /// Adds or replaces a tensor.
    public mutating func set<Scalar: TensorScalar>(_ name: String, to tensor: Tensor<Scalar>) {
        precondition(name != "__metadata__", "The name __metadata__ is taken by the format.")
        if let file {
            data = Array(file.mapping.bytes[file.start...])
            self.file = nil
        }
        if entries[name] != nil { remove(name) }
        let start = data.count
        tensor.withUnsafeBuffer { data.append(contentsOf: UnsafeRawBufferPointer($0)) }
        entries[name] = Entry(
            dtype: Scalar.elementType.safetensorsName, extents: Array(tensor.shape), bytes: start..<data.count)
    }

    /// The archive with every floating-point tensor stored in a type of 16 bits, rounded to the nearest number, ties to even.
    /// Reading converts them back. Half of `float32`'s size, at a relative error of at most 2⁻¹¹ (`float16`, for magnitudes
    /// from 6.2 × 10⁻⁵ to 65,504; smaller ones to within 3 × 10⁻⁸) or 2⁻⁸ (`bfloat16`, for all of Float's range).
    ///
    /// - Parameter type: `float16` or `bfloat16`.
    /// - Throws: `ArchiveError` naming a tensor with a number that rounds to infinity.
    public func rounded(to type: ElementType) throws -> TensorArchive {
        precondition(
            type == .float16 || type == .bfloat16, "Archives are rounded to float16 or bfloat16, not to \(type).")
        var archive = TensorArchive(path: path)
        archive.metadata = metadata
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
            let start = archive.data.count
            let isRounded = entry.format.map { $0.type.isFloatingPoint && $0.type.size > type.size } ?? false
            if isRounded {
                for number in try tensor(name, as: Float.self).scalars {
                    guard let word = type == .float16 ? number.halfPrecision : number.bfloat16 else {
                        throw ArchiveError(
                            path, "tensor \(JSONText.quoted(name)) holds \(number), which \(type) cannot represent.")
                    }
                    archive.data.append(UInt8(truncatingIfNeeded: word))
                    archive.data.append(UInt8(truncatingIfNeeded: word >> 8))
                }
            } else {
                withElements(of: entry) { archive.data += $0 }
            }
            archive.entries[name] = Entry(
                dtype: isRounded ? type.safetensorsName : entry.dtype, extents: entry.extents,
                bytes: start..<archive.data.count)
        }
        return archive
    }

    private mutating func remove(_ name: String) {
        guard let gone = entries.removeValue(forKey: name)?.bytes else { return }
        data.removeSubrange(gone)
        for (key, entry) in entries where entry.bytes.lowerBound >= gone.upperBound {
            entries[key]!.bytes = entry.bytes.lowerBound - gone.count..<entry.bytes.upperBound - gone.count
        }
    }

    /// The file's bytes. Equal archives give equal bytes.
    public func encoded() -> [UInt8] {
        var fields: [String] = []
        // In the order of their names, not in that in which they were set.
        var elements: [UInt8] = []
        elements.reserveCapacity(entries.values.reduce(0) { $0 + $1.bytes.count })
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
            let bytes = elements.count..<elements.count + entry.bytes.count
            fields.append(Self.field(name, dtype: entry.dtype, extents: entry.extents, bytes: bytes))
            withElements(of: entry) { elements += $0 }
        }
        var header = Array(Self.header(metadata: metadata, fields: fields).utf8)
        while header.count % 8 != 0 { header.append(0x20) }
        let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
        return length + header + elements
    }

    /// The header with the given fields of tensors.
    static func header(metadata: [String: String], fields: [String]) -> String {
        let notes = metadata.sorted { $0.key < $1.key }
            .map { "\(JSONText.quoted($0.key)):\(JSONText.quoted($0.value))" }
        let all = (metadata.isEmpty ? [] : ["\"__metadata__\":{\(notes.joined(separator: ","))}"]) + fields
        return "{\(all.joined(separator: ","))}"
    }

    /// The field of a tensor in the header.
    static func field(_ name: String, type: ElementType, shape: Shape, bytes: Range<Int>) -> String {
        field(name, dtype: type.safetensorsName, extents: Array(shape), bytes: bytes)
    }

    private static func field(_ name: String, dtype: String, extents: [Int], bytes: Range<Int>) -> String {
        let shape = extents.map(String.init).joined(separator: ",")
        return "\(JSONText.quoted(name)):{\"dtype\":\(JSONText.quoted(dtype)),\"shape\":[\(shape)],"
            + "\"data_offsets\":[\(bytes.lowerBound),\(bytes.upperBound)]}"
    }

    /// Writes the file atomically.
    public func write(to path: String) throws { try File.write(encoded(), to: path) }
}

extension ElementType {
    fileprivate init?(safetensorsName name: String) {
        guard let type = Self.allCases.first(where: { $0.safetensorsName == name }) else { return nil }
        self = type
    }

    fileprivate var safetensorsName: String {
        switch self {
        case .bool: "BOOL"
        case .int8: "I8"
        case .uint8: "U8"
        case .int16: "I16"
        case .uint16: "U16"
        case .int32: "I32"
        case .uint32: "U32"
        case .int64: "I64"
        case .uint64: "U64"
        case .float16: "F16"
        case .bfloat16: "BF16"
        case .float32: "F32"
        case .float64: "F64"
        }
    }
}
