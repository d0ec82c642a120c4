#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// A value that a rank has computed for others, or why it could not.
struct Answer<Value: Codable>: Codable {
    private var value: Value?
    private var problem: String?

    init(_ result: Result<Value, any Error>) {
        switch result {
        case .success(let value): self.value = value
        case .failure(let error): problem = "\(error)"
        }
    }

    init(decoding bytes: [UInt8]) throws { self = try JSONDecoder().decode(Self.self, from: Data(bytes)) }

    func encoded() throws -> [UInt8] { Array(try JSONEncoder().encode(self)) }

    /// The value.
    /// - Throws: ``JobError`` with the problem of the other rank.
    func get() throws -> Value {
        guard let value else { throw JobError(problem ?? "Another rank has sent nothing.") }
        return value
    }
}

extension [UInt8] {
    /// The bytes of numbers, as they are.
    package init(numbers: [Double]) { self = numbers.withUnsafeBytes { Array($0) } }

    /// The numbers of which these are the bytes.
    package var numbers: [Double] {
        withUnsafeBytes { bytes in
            (0..<count / 8).map { bytes.loadUnaligned(fromByteOffset: 8 * $0, as: Double.self) }
        }
    }
}
