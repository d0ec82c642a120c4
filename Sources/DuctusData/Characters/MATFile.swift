/// A MATLAB 5 file, read sequentially, so that large arrays are held in memory only once.
///
/// Layout (MathWorks, *MAT-File Format*, level 5): a header of 128 bytes, then elements, each a type, a count of bytes
/// and its data, padded to eight bytes. An array is an element of elements: flags, dimensions, name, and its numbers
/// or, for a structure, its fields. Elements of the file are mostly compressed by zlib.
struct MATFile {
    /// The header of an array.
    struct ArrayHeader {
        let dimensions: [Int]
        let isStructure: Bool
        /// The name of a variable; empty for fields, which are named by their structure.
        let name: String
        /// Where the array ends in the contents.
        let end: Int

        /// The number of elements.
        var count: Int { dimensions.reduce(1, *) }
    }

    /// The storage type of numbers, which may differ from the class of their array.
    enum Storage: UInt32 {
        case int8 = 1
        case uint8, int16, uint16, int32, uint32
        case single
        case double = 9
        case int64 = 12
        case uint64
        case matrix
        case compressed

        var bytes: Int {
            switch self {
            case .int8, .uint8: 1
            case .int16, .uint16: 2
            case .int32, .uint32, .single: 4
            case .double, .int64, .uint64: 8
            case .matrix, .compressed: 1
            }
        }
    }

    let path: String
    /// The path of what is being read, such as `dataset.train.labels`, for errors.
    private(set) var place: [String] = []
    private var contents: MATContents

    /// Opens a file and enters its first element.
    init(contentsOf path: String) throws(DatasetError) {
        self.path = path
        let bytes: [UInt8]
        do {
            bytes = try File.readBytes(path)
        } catch {
            throw .unreadable(error)
        }
        contents = MATContents(bytes)
        guard bytes.count >= 128, bytes.starts(with: Array("MATLAB 5.0".utf8)) else {
            throw malformed("this is not a MATLAB 5 file")
        }
        guard bytes[126...127].elementsEqual("IM".utf8), bytes[125] == 1 else {
            throw malformed("only little-endian MATLAB 5 files are supported")
        }
        contents.skip(128)
        let start = contents
        let tag = try tag(limit: bytes.count)
        if tag.storage == .compressed {
            // A deflated byte expands to at most 1032 bytes, which bounds the sizes that headers may announce.
            contents.inflate(tag.count)
        } else {
            contents = start
        }
    }

    /// Reads the first variable: its header, then the fields with `body`.
    mutating func readStructure(
        named name: String, _ body: (inout MATFile, String, ArrayHeader) throws(DatasetError) -> Void
    ) throws(DatasetError) {
        let array = try arrayHeader(limit: contents.limit)
        guard array.name == name else {
            throw malformed("its first variable is “\(array.name)”; a structure “\(name)” is expected")
        }
        place = [name]
        try readFields(of: array, body)
        place = []
        guard contents.endsIntact() else { throw malformed("the compressed data are damaged or end too early") }
    }

    /// Calls `body` with every field of a structure; what it leaves unread is skipped.
    mutating func readFields(
        of array: ArrayHeader, _ body: (inout MATFile, String, ArrayHeader) throws(DatasetError) -> Void
    ) throws(DatasetError) {
        guard array.isStructure, array.count == 1 else { throw malformed("a structure of one element is expected") }
        let width = try numbers(limit: array.end)
        guard width.count == 1, (1...64).contains(width[0]) else { throw malformed("its field names have no length") }
        let names = try data(limit: array.end)
        guard names.storage == .int8, names.count.isMultiple(of: width[0]), names.count <= 4096 else {
            throw malformed("its field names are damaged")
        }
        let text = try bytes(of: names)
        for start in stride(from: 0, to: text.count, by: width[0]) {
            let name = String(decoding: text[start..<start + width[0]].prefix { $0 != 0 }, as: UTF8.self)
            place.append(name)
            let field = try arrayHeader(limit: array.end)
            try body(&self, name, field)
            guard contents.position <= field.end else { throw malformed("its data are longer than the array") }
            try skip(field.end - contents.position)
            place.removeLast()
        }
    }

    /// The elements of an array as integers, in column-major order.
    mutating func integers(_ array: ArrayHeader) throws(DatasetError) -> [Int] {
        guard !array.isStructure else { throw malformed("numbers are expected") }
        let integers = try numbers(limit: array.end)
        guard integers.count == array.count else {
            throw malformed("\(array.count) numbers are announced, but \(integers.count) are there")
        }
        return integers
    }

    /// Reads an array of bytes in runs of columns: `body` gets the first column and the bytes of each run.
    mutating func readBytes(
        _ array: ArrayHeader, columnsPerRun: Int, _ body: (Int, [UInt8]) -> Void
    ) throws(DatasetError) {
        let (rows, columns) = (array.dimensions[0], array.dimensions[1])
        let data = try data(limit: array.end)
        guard !array.isStructure, data.storage == .uint8 else { throw malformed("bytes are expected") }
        guard data.count == array.count else {
            throw malformed("\(array.count) bytes are announced, but \(data.count) are there")
        }
        for first in stride(from: 0, to: columns, by: columnsPerRun) {
            body(first, try take(rows * min(columnsPerRun, columns - first)))
        }
    }

    func malformed(_ reason: String) -> DatasetError {
        .malformed(file: path, reason: (place.isEmpty ? "" : place.joined(separator: ".") + ": ") + reason)
    }

    // MARK: Elements

    /// The type of an element, the size of its data in bytes and the number of padding bytes after them.
    private typealias Tag = (storage: Storage, count: Int, padding: Int)

    private mutating func tag(limit: Int) throws(DatasetError) -> Tag {
        let words = try take(4)
        let word = Self.unsigned(words[...])
        // Up to four bytes of data share the eight of their tag.
        let isSmall = word >> 16 != 0
        let count = isSmall ? Int(word >> 16) : Int(Self.unsigned(try take(4)[...]))
        guard let storage = Storage(rawValue: UInt32(isSmall ? word & 0xFFFF : word)), !isSmall || count <= 4 else {
            throw malformed("an element is of unknown type, at byte \(contents.position)")
        }
        guard contents.position + count <= limit else {
            throw malformed("an element is longer than what holds it, at byte \(contents.position)")
        }
        return (storage, count, isSmall ? 4 - count : storage == .compressed ? 0 : -count & 7)
    }

    private mutating func data(limit: Int) throws(DatasetError) -> Tag { try tag(limit: limit) }

    private mutating func bytes(of tag: Tag) throws(DatasetError) -> [UInt8] {
        let bytes = try take(tag.count)
        try skip(tag.padding)
        return bytes
    }

    private mutating func numbers(limit: Int) throws(DatasetError) -> [Int] {
        let tag = try data(limit: limit)
        let size = tag.storage.bytes
        guard tag.storage != .matrix, tag.storage != .compressed, tag.count.isMultiple(of: size) else {
            throw malformed("numbers are expected")
        }
        let bytes = try bytes(of: tag)
        var integers: [Int] = []
        integers.reserveCapacity(bytes.count / size)
        for start in stride(from: 0, to: bytes.count, by: size) {
            guard let integer = Self.integer(bytes[start..<start + size], tag.storage) else {
                throw malformed("record \(start / size) is not an integer")
            }
            integers.append(integer)
        }
        return integers
    }

    private mutating func arrayHeader(limit: Int) throws(DatasetError) -> ArrayHeader {
        let tag = try tag(limit: limit)
        guard tag.storage == .matrix else { throw malformed("an array is expected") }
        let end = contents.position + tag.count
        let flags = try numbers(limit: end)
        let dimensions = try numbers(limit: end)
        let name = try bytes(of: data(limit: end))
        guard flags.count == 2, (1...15).contains(flags[0] & 0xFF), dimensions.count == 2,
            dimensions.allSatisfy({ (0...1 << 31).contains($0) })
        else {
            throw malformed("a matrix of rows and columns is expected")
        }
        guard flags[0] & 0x800 == 0 else { throw malformed("its numbers are complex") }
        return ArrayHeader(
            dimensions: dimensions, isStructure: flags[0] & 0xFF == 2, name: String(decoding: name, as: UTF8.self),
            end: end)
    }

    private mutating func take(_ count: Int) throws(DatasetError) -> [UInt8] {
        guard let bytes = contents.take(count) else {
            throw malformed("the file is damaged or ends too early, at byte \(contents.position)")
        }
        return bytes
    }

    private mutating func skip(_ count: Int) throws(DatasetError) {
        guard contents.skip(count) else {
            throw malformed("the file is damaged or ends too early, at byte \(contents.position)")
        }
    }

    private static func unsigned(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        bytes.reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func integer(_ bytes: ArraySlice<UInt8>, _ storage: Storage) -> Int? {
        let bits = unsigned(bytes)
        return switch storage {
        case .uint8, .uint16, .uint32: Int(bits)
        case .int8: Int(Int8(truncatingIfNeeded: bits))
        case .int16: Int(Int16(truncatingIfNeeded: bits))
        case .int32: Int(Int32(truncatingIfNeeded: bits))
        case .int64: Int(truncatingIfNeeded: bits)
        case .uint64: Int(exactly: bits)
        case .single: Int(exactly: Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
        case .double: Int(exactly: Double(bitPattern: bits))
        case .matrix, .compressed: nil
        }
    }
}
