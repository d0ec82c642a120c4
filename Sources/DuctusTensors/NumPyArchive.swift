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
/// Reading is strict, and never runs code: arrays of Python objects are refused, checksums are checked, and a member
/// takes no more memory than its array's shape asks for.
public struct NumPyArchive: Sendable {
    private enum Entry: Sendable {
        case set(NumPyHeader, SharedBytes)
        /// In the file, after so many bytes of the member.
        case member(ZipArchive.Member, NumPyHeader, start: Int)
        /// In the file, but it cannot be read.
        case refused(ArchiveError)

        var header: NumPyHeader? {
            switch self {
            case .set(let header, _), .member(_, let header, _): header
            case .refused: nil
            }
        }
    }

    /// Where the archive was read from; names the file in errors.
    public let path: String
    private var entries: [String: Entry] = [:]
    private var file: ZipArchive?

    /// An empty archive, to be filled and written.
    public init() { path = "" }

    /// Reads a file. Arrays that are not compressed share its pages where they can, so nothing is copied; the file
    /// must not be changed in place meanwhile.
    /// - Throws: `FileError`, or `ArchiveError` naming the file and the array.
    public init(contentsOf path: String) throws { try self.init(try SharedBytes(contentsOf: path), path: path) }

    /// - Throws: `ArchiveError` naming the file and the array.
    public init(_ bytes: [UInt8], path: String) throws { try self.init(SharedBytes(bytes), path: path) }

    private init(_ bytes: SharedBytes, path: String) throws(ArchiveError) {
        self.path = path
        let file = try ZipArchive(bytes, path: path)
        for member in file.members {
            let isFolder = member.name.hasSuffix("/") && member.size == 0
            if isFolder { continue }
            guard member.name.hasSuffix(".npy") else {
                throw ArchiveError(path, "member \(JSONText.quoted(member.name)) is not an .npy file. Remove it.")
            }
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

    /// The names of all arrays, sorted; also of those that cannot be read, such as Python objects.
    public var names: [String] { entries.keys.sorted() }

    /// An array's shape; nil where there is no such array, or it cannot be read.
    public func shape(of name: String) -> Shape? { entries[name]?.header?.shape }

    /// How an array's elements are stored; nil where there is no such array, or it cannot be read.
    public func elementType(of name: String) -> ElementType? { entries[name]?.header?.type }

    /// The array called `name`, converted where that changes no value: integers to any type that holds them,
    /// floating-point numbers to wider ones.
    /// - Throws: `ArchiveError` when there is none, when it is damaged, or when its elements are no `Scalar`s.
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
            guard let file else { preconditionFailure("An archive that was read has its file.") }
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

    /// The file's bytes, the arrays in the order of their names. Equal archives give equal bytes.
    /// - Parameter compressed: Whether arrays are compressed, as by `numpy.savez_compressed`. Those that are not can
    ///   be read without a copy.
    /// - Throws: `ArchiveError` when an array of the file that was read is damaged.
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
