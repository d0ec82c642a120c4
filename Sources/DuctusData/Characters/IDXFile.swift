/// An array of bytes in the IDX format of MNIST, plain or gzip-compressed.
///
/// Layout: two zero bytes, the element type (8 for unsigned bytes), the number of axes, the length of each axis as a
/// big-endian 32-bit integer, then the elements, last axis fastest (<http://yann.lecun.com/exdb/mnist/>).
public struct IDXFile: Sendable, Equatable {
    /// The length of each axis.
    public let dimensions: [Int]
    /// The elements, last axis fastest.
    public let elements: [UInt8]

    /// Reads a file.
    /// - Throws: ``DatasetError`` if the size of its contents is not that of its header.
    public init(contentsOf path: String) throws(DatasetError) {
        do {
            let bytes = try File.readBytes(path)
            let isCompressed = File.isGzip(bytes)
            let start = isCompressed ? try File.inflatePrefix(bytes, name: path, count: Self.longestHeader) : bytes
            let (dimensions, headerCount, count) = try Self.parseHeader(start, path: path)
            // The header bounds the output, so that a file that inflates to more is refused before it fills the memory.
            var contents =
                isCompressed ? try File.inflatePrefix(bytes, name: path, count: headerCount + count + 1) : bytes
            guard contents.count == headerCount + count else {
                let found = contents.count > headerCount + count ? "more" : "only \(contents.count - headerCount)"
                let shape = dimensions.map(String.init).joined(separator: " × ")
                throw DatasetError.malformed(
                    file: path, reason: "the header announces \(shape) = \(count) bytes, but \(found) follow")
            }
            contents.removeFirst(headerCount)
            self.dimensions = dimensions
            self.elements = contents
        } catch let error as FileError {
            throw .unreadable(error)
        } catch let error as DatasetError {
            throw error
        } catch {
            throw .malformed(file: path, reason: "\(error)")
        }
    }

    private static let maximumAxes = 8
    private static let longestHeader = 4 + 4 * maximumAxes

    private static func parseHeader(
        _ bytes: [UInt8], path: String
    ) throws(DatasetError) -> (dimensions: [Int], headerCount: Int, count: Int) {
        func malformed(_ reason: String) -> DatasetError { .malformed(file: path, reason: reason) }
        guard bytes.count >= 4 else { throw malformed("the file ends within its IDX header") }
        guard bytes[0] == 0 && bytes[1] == 0 else { throw malformed("this is not an IDX file") }
        guard bytes[2] == 8 else {
            throw malformed("the IDX element type is \(bytes[2]), but only 8, unsigned bytes, is supported")
        }
        let axes = Int(bytes[3])
        guard (1...maximumAxes).contains(axes) else { throw malformed("IDX files with \(axes) axes are not supported") }
        let headerCount = 4 + 4 * axes
        guard bytes.count >= headerCount else { throw malformed("the file ends within its IDX header") }

        let dimensions = stride(from: 4, to: headerCount, by: 4).map { start in
            bytes[start..<start + 4].reduce(0) { $0 << 8 | Int($1) }
        }
        var count = 1
        for dimension in dimensions {
            let (product, overflow) = count.multipliedReportingOverflow(by: dimension)
            guard !overflow && product <= 1 << 40 else { throw malformed("the IDX header announces too many bytes") }
            count = product
        }
        return (dimensions, headerCount, count)
    }
}
