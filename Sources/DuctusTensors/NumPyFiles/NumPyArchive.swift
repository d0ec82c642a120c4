/// Named arrays in one `.npz` file, as `numpy.savez` and `numpy.savez_compressed` write them.
///
/// ```swift
/// var archive = NumPyArchive()
/// archive.set("weight", to: weight)
/// try archive.write(to: "layer.npz")
///
/// let layer = try NumPyArchive(contentsOf: "layer.npz")
/// layer.names                                               // ["weight"]
/// let weight = try layer.tensor("weight", as: Float.self)
/// ```
/// Reading is strict and never runs code: arrays of Python objects are rejected, checksums are verified, and a member
/// takes no more memory than the shape of its array requires. Members that are no arrays are left out.
public struct NumPyArchive: Sendable {
    private enum Entry: Sendable {
        case set(NumPyHeader, SharedBytes)
        /// In the file, `start` bytes into the member.
        case member(ZipArchive.Member, NumPyHeader, start: Int)
        /// In the file, but not readable.
        case refused(ArchiveError)

        var header: NumPyHeader? {
            switch self {
            case .set(let header, _), .member(_, let header, _): header
            case .refused: nil
            }
        }
    }

    /// The path that the archive was read from, for error messages.
    public let path: String
    private var entries: [String: Entry] = [:]
    private var file: ZipArchive?

    /// An empty archive.
    public init() { path = "" }

    /// Reads a file. Uncompressed arrays share its memory-mapped pages where possible instead of being copied; the file
    /// must not be modified in place while they are in use.
    /// - Throws: `FileError`, or `ArchiveError` naming the file and the array.
    public init(contentsOf path: String) throws { try self.init(try SharedBytes(contentsOf: path), path: path) }

    /// - Throws: `ArchiveError` naming the file and the array.
    public init(_ bytes: [UInt8], path: String) throws { try self.init(SharedBytes(bytes), path: path) }

    private init(_ bytes: SharedBytes, path: String) throws(ArchiveError) {
        self.path = path
        let file = try ZipArchive(bytes, path: path)
        for member in file.members {
            guard member.name.hasSuffix(".npy") else { continue }
            let name = String(member.name.dropLast(4))
            do throws(ArchiveError) {
                let beginning = try file.prefix(of: member, count: NumPyHeader.maximumSize)
                let (header, start) = try NumPyHeader.reading(beginning, size: member.size, path: path)
                entries[name] = .member(member, header, start: start)
            } catch {
                entries[name] = .refused(error)
            }
        }
        self.file = file
    }

    /// The sorted names of all arrays, including those that cannot be read, such as arrays of Python objects.
    public var names: [String] { entries.keys.sorted() }

    /// The shape of an array; nil if there is no such array or it cannot be read.
    public func shape(of name: String) -> Shape? { entries[name]?.header?.shape }

    /// The stored element type of an array; nil if there is no such array or it cannot be read.
    public func elementType(of name: String) -> ElementType? { entries[name]?.header?.type }

    /// The array named `name`, converted to `Scalar` if that is lossless: integers to any type that can represent them,
    /// floating-point numbers to wider types.
    /// - Throws: `ArchiveError` if it is missing, damaged, or not losslessly convertible.
    public func tensor<Scalar: TensorScalar>(
        _ name: String, as type: Scalar.Type = Scalar.self
    ) throws -> Tensor<Scalar> {
        guard let entry = entries[name] else { throw ArchiveError(path, "has no array \(JSONText.quoted(name)).") }
        do throws(ArchiveError) {
            let (header, elements) = try contents(of: entry)
            return try header.tensor(of: elements, path: path)
        } catch {
            throw Self.error(error, about: name)
        }
    }

    private func contents(of entry: Entry) throws(ArchiveError) -> (header: NumPyHeader, elements: SharedBytes) {
        switch entry {
        case .set(let header, let elements): return (header, elements)
        case .member(let member, let header, let start):
            guard let file else { preconditionFailure("An archive that was read keeps its file.") }
            return (header, try file.contents(of: member)[start..<member.size])
        case .refused(let error): throw error
        }
    }

    /// An error that names the array as well as the file.
    private static func error(_ error: ArchiveError, about name: String) -> ArchiveError {
        ArchiveError(error.path, "array \(JSONText.quoted(name)) \(error.problem)")
    }

    /// Adds or replaces an array.
    public mutating func set<Scalar: TensorScalar>(_ name: String, to tensor: Tensor<Scalar>) {
        entries[name] = .set(NumPyHeader(type: Scalar.elementType, shape: tensor.shape), SharedBytes(tensor))
    }

    /// The bytes of the file, with arrays sorted by name. Equal archives have equal bytes.
    /// - Parameter compressed: whether to compress arrays, as `numpy.savez_compressed` does. Uncompressed arrays can be
    ///   read without copying.
    /// - Throws: `ArchiveError` if an array of the file that was read is damaged.
    public func encoded(compressed: Bool = false) throws -> [UInt8] {
        var writer = ZipWriter()
        for (name, entry) in entries.sorted(by: { $0.key < $1.key }) {
            do throws(ArchiveError) {
                let (header, elements) = try contents(of: entry)
                header.encoded().withUnsafeBytes { header in
                    elements.withUnsafeBytes { writer.add("\(name).npy", [header, $0], isCompressed: compressed) }
                }
            } catch {
                throw Self.error(error, about: name)
            }
        }
        return writer.finished()
    }

    /// Writes the file atomically; see ``encoded(compressed:)``.
    public func write(to path: String, compressed: Bool = false) throws {
        try File.write(try encoded(compressed: compressed), to: path)
    }
}
