extension LanguageModel {
    /// The metadata of a language model, stored as JSON in its file.
    public struct Header: Codable, Equatable, Sendable {
        /// The language as a code of ISO 639-1, such as `en`.
        public var language: String
        /// The number of characters of the longest n-grams.
        public var order: Int
        /// The characters in the order of their numbers.
        public var characters: String
        /// The number of contexts.
        public var contexts: Int
        /// The number of n-grams of every order, unigrams first.
        public var counts: [Int]
        /// The texts that the model was estimated from, with their weights.
        public var sources: [String]

        package init(
            language: String, order: Int, characters: String, contexts: Int, counts: [Int], sources: [String]
        ) {
            (self.language, self.order, self.characters) = (language, order, characters)
            (self.contexts, self.counts, self.sources) = (contexts, counts, sources)
        }

        /// What is wrong, as a clause.
        var problem: String? {
            let characters = self.characters.unicodeScalars
            guard 1...Self.maximumOrder ~= order, counts.count == order else { return "its order is \(order)" }
            guard 1...Self.maximumCharacters ~= characters.count, Set(characters).count == characters.count else {
                return "it has \(characters.count) characters, some of them twice"
            }
            let largest = Int(UInt32.max) / 16
            guard contexts > 0, contexts <= largest, counts.allSatisfy({ 0...largest ~= $0 }) else {
                return "it announces \(contexts) contexts and \(counts) n-grams"
            }
            return counts[0] == characters.count
                ? nil : "it has \(counts[0]) unigrams for \(characters.count) characters"
        }

        /// The largest order and the largest number of characters.
        package static let (maximumOrder, maximumCharacters) = (8, 255)
    }

    /// The arrays of a language model before they are written; see `Layout`.
    package struct Contents {
        package var firstChildren: [UInt32] = []
        package var suffixes: [UInt32] = []
        package var backoffs: [UInt8] = []
        package var isContext: [Bool] = []
        package var symbols: [UInt8] = []
        package var costs: [UInt8] = []

        package init() {}
    }

    /// The suffix of the names of language model files.
    public static let pathExtension = "lm"

    private static let magic = Array("DUCTUSLM".utf8)
    private static let version: UInt32 = 1
    /// The magic number, the version, the length of the JSON text, and the checksum of everything behind it.
    private static let prefixBytes = 20

    /// Reads a file, which stays mapped into memory.
    /// - Throws: `FileError` if it cannot be read, `ArchiveError` if it is damaged or not a language model.
    public init(_ path: String) throws { try self.init(SharedBytes(contentsOf: path), path: path) }

    package init(_ bytes: SharedBytes, path: String) throws(ArchiveError) {
        let damage = "is damaged or not a language model"
        func number(_ offset: Int) -> Int {
            Int(UInt32(littleEndian: bytes.bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
        }
        guard bytes.count >= Self.prefixBytes, bytes.bytes.starts(with: Self.magic) else {
            throw ArchiveError(path, "\(damage): it does not begin with DUCTUSLM; check the path.")
        }
        guard number(8) == Int(Self.version) else {
            throw ArchiveError(
                path, "has version \(number(8)); this program reads version \(Self.version); train it again.")
        }
        let start = Self.prefixBytes + number(12)
        guard start <= bytes.count else {
            throw ArchiveError(path, "\(damage): it ends within its metadata; copy it again.")
        }
        guard Deflate.checksum([bytes[Self.prefixBytes..<bytes.count].bytes]) == UInt32(number(16)) else {
            throw ArchiveError(path, "\(damage): its checksum is wrong; copy it again.")
        }
        let header: Header
        do {
            header = try JSONText(parsing: bytes.bytes[Self.prefixBytes..<start]).decoded(file: path)
        } catch {
            throw ArchiveError(path, "\(damage): its metadata are malformed; copy it again.")
        }
        if let problem = header.problem { throw ArchiveError(path, "\(damage): \(problem); train it again.") }
        let layout = Layout(at: start, contexts: header.contexts, nodes: header.counts.reduce(0, +))
        guard layout.end == bytes.count else {
            throw ArchiveError(path, "\(damage): it has \(bytes.count) bytes instead of \(layout.end); copy it again.")
        }
        let alphabet = header.characters.unicodeScalars.count
        if let problem = bytes.withUnsafeBytes({ Nodes($0, layout).problem(alphabet: alphabet) }) {
            throw ArchiveError(path, "\(damage): \(problem); train it again.")
        }
        self.init(header: header, path: path, bytes: bytes, layout: layout)
    }

    /// The bytes of the file of a language model.
    package static func encoded(_ header: Header, _ contents: Contents) throws -> [UInt8] {
        func little<T: FixedWidthInteger>(_ values: some Sequence<T>) -> [UInt8] {
            values.flatMap { value in withUnsafeBytes(of: value.littleEndian) { Array($0) } }
        }
        var words = [UInt64](repeating: 0, count: (contents.isContext.count + 63) / 64)
        for (node, isContext) in contents.isContext.enumerated() where isContext {
            words[node / 64] |= 1 << UInt64(node % 64)
        }
        var (ranks, rank) = ([UInt32](), UInt32(1))
        for word in words {
            ranks.append(rank)
            rank += UInt32(word.nonzeroBitCount)
        }
        var body = Array(try JSONText(encoding: header).text.utf8)
        body += repeatElement(UInt8(ascii: " "), count: (8 - body.count % 8) % 8)
        let json = UInt32(body.count)
        body += little(words) + little(contents.firstChildren) + little(contents.suffixes) + little(ranks)
        body += contents.backoffs + contents.symbols + contents.costs
        let checksum = body.withUnsafeBytes { Deflate.checksum([$0]) }
        return magic + little([version, json, checksum]) + body
    }
}
