/// Immutable bytes that live as long as their owner: a mapped file, or memory.
///
/// Sendable because the bytes are written before the value exists and never after.
package struct SharedBytes: @unchecked Sendable {
    package let bytes: UnsafeRawBufferPointer
    package let owner: AnyObject

    /// The bytes of a file, without a copy.
    package init(contentsOf path: String) throws(FileError) {
        let file = try MappedFile(path)
        (bytes, owner) = (UnsafeRawBufferPointer(file.bytes), file)
    }

    /// New bytes, written by `initialize`.
    package init<Failure: Error>(
        count: Int, initialize: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
    ) throws(Failure) {
        let allocation = Allocation(count: count)
        let buffer = UnsafeMutableRawBufferPointer(rebasing: allocation.buffer[..<count])
        try initialize(buffer)
        (bytes, owner) = (UnsafeRawBufferPointer(buffer), allocation)
    }

    /// A copy of the bytes of an array.
    package init(_ array: [UInt8]) {
        self.init(count: array.count) { $0.copyBytes(from: array) }
    }

    /// Bytes that belong to an owner.
    package init(_ bytes: UnsafeRawBufferPointer, owner: AnyObject) { (self.bytes, self.owner) = (bytes, owner) }

    package var count: Int { bytes.count }

    package subscript(range: Range<Int>) -> SharedBytes {
        SharedBytes(UnsafeRawBufferPointer(rebasing: bytes[range]), owner: owner)
    }

    package func withUnsafeBytes<Result, Failure: Error>(
        _ body: (UnsafeRawBufferPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(owner) {} }
        return try body(bytes)
    }
}

/// Memory that is freed with its owner.
private final class Allocation {
    let buffer: UnsafeMutableRawBufferPointer

    init(count: Int) { buffer = .allocate(byteCount: max(count, 1), alignment: 64) }
    deinit { buffer.deallocate() }
}
