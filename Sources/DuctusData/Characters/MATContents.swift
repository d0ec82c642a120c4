/// The bytes of a MATLAB file in sequence, inflated on demand.
struct MATContents {
    private let file: [UInt8]
    /// The next byte of the file.
    private var cursor = 0
    /// The end of the part of the file that is read.
    private var fileEnd: Int
    private var inflater: Inflater?
    /// The number of bytes taken so far.
    private(set) var position = 0
    /// An upper bound of the number of bytes that the file can hold.
    private(set) var limit: Int
    private var hasEnded = false

    init(_ file: [UInt8]) {
        self.file = file
        (fileEnd, limit) = (file.count, file.count)
    }

    /// Continues with the decompressed contents of the next `count` bytes.
    mutating func inflate(_ count: Int) {
        inflater = Inflater(.zlib)
        fileEnd = cursor + count
        (position, limit) = (0, 1040 * (count + 1))
    }

    /// The next bytes; nil if there are fewer.
    mutating func take(_ count: Int) -> [UInt8]? {
        guard count <= limit - position else { return nil }
        let bytes = [UInt8](unsafeUninitializedCapacity: count) { buffer, taken in
            taken = fill(UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[..<count]))
        }
        return bytes.count == count ? bytes : nil
    }

    /// Skips bytes; false if there are fewer.
    @discardableResult
    mutating func skip(_ count: Int) -> Bool {
        guard inflater != nil else { return take(count) != nil }
        var rest = count
        while rest > 0 {
            guard take(min(rest, 256 << 10)) != nil else { return false }
            rest -= min(rest, 256 << 10)
        }
        return true
    }

    /// Whether everything has been read and the checksum matches.
    mutating func endsIntact() -> Bool {
        guard inflater != nil else { return true }
        var extra: UInt8 = 0
        let count = withUnsafeMutableBytes(of: &extra) { fill($0) }
        return count == 0 && hasEnded
    }

    private mutating func fill(_ output: UnsafeMutableRawBufferPointer) -> Int {
        let count: Int
        if let inflater {
            let step = file[cursor..<fileEnd].withUnsafeBytes { inflater.inflate($0, into: output) }
            cursor += step.consumed
            hasEnded = step.isAtEnd
            count = step.isDamaged ? 0 : step.produced
        } else {
            count = min(output.count, fileEnd - cursor)
            file[cursor..<cursor + count].withUnsafeBytes { output.copyMemory(from: $0) }
            cursor += count
        }
        position += count
        return count
    }
}
