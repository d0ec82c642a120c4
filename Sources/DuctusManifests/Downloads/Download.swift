#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// The download of a file from the first of several addresses that has it.
///
/// An interrupted download continues where it ended, in this program or a later one, as long as the server confirms that
/// its file is still the same, or the hash of the file is known, which then decides. A file of another size or hash than
/// the manifest states is never kept.
struct Download {
    let source: DataManifest.Source
    /// Where the part is kept until it is complete.
    let path: String
    let policy: DownloadPolicy
    let progress: @Sendable (Int, Int?) -> Void

    /// Downloads the file to ``path``.
    ///
    /// - Returns: its hash.
    /// - Throws: ``DownloadError`` with what every address answered; `FileError` if the disk is full.
    func run() throws -> ContentHash {
        let part = try PartialFile(path)
        var problems: [String] = []
        for url in source.urls {
            do {
                let hash = try run(url, part)
                try part.complete()
                return hash
            } catch let problem as TransferProblem {
                problems.append("\(url) \(problem.clause)")
            }
        }
        throw DownloadError(file: source.file, problems: problems)
    }

    private func run(_ url: String, _ part: PartialFile) throws -> ContentHash {
        if let bytes = source.bytes, part.count > bytes { try part.restart(from: nil) }
        var (failures, most, mayContinue) = (0, part.count, true)
        while true {
            // A part from elsewhere, or one that the server cannot recognize, is of use only if the hash can tell.
            let isKnown = source.sha256 != nil || part.origin?.url == url && part.origin?.validator != nil
            if part.count > 0, !isKnown || !mayContinue { try part.restart(from: nil) }
            let start = part.count
            do {
                if source.bytes.map({ part.count < $0 }) ?? true || part.count == 0 {
                    try Transfer(url, part: part, size: source.bytes, policy: policy, progress: progress).run()
                }
                return try verify(part)
            } catch let problem as TransferProblem {
                switch problem.remedy {
                case .none: throw problem
                case .restart:
                    try part.restart(from: nil)
                    // A whole file that is wrong will not be right the next time.
                    if start == 0 { throw problem }
                    (most, mayContinue) = (0, false)
                case .retry(let pause):
                    if part.count > most {
                        (failures, most) = (0, part.count)
                    }
                    failures += 1
                    guard failures < policy.attempts else { throw problem }
                    Self.sleep(pause.map { min($0, policy.maximumPause) } ?? policy.pause(after: failures))
                }
            }
        }
    }

    private func verify(_ part: PartialFile) throws -> ContentHash {
        if let bytes = source.bytes, part.count != bytes {
            throw TransferProblem("has a file of \(part.count) bytes in place of \(bytes)", .restart)
        }
        let hash = try ContentHash(contentsOf: path)
        if let expected = source.sha256, hash.description != expected.lowercased() {
            throw TransferProblem("has a file with the SHA-256 \(hash) in place of \(expected)", .restart)
        }
        return hash
    }

    static func sleep(_ duration: Duration) {
        usleep(UInt32(clamping: Int(duration / .microseconds(1))))
    }
}

/// Why an address did not give the file.
struct TransferProblem: Error {
    enum Remedy {
        /// The address is given up.
        case none
        /// The part is wrong; the file is downloaded from its beginning.
        case restart
        /// The same again, after a pause, which the server may have asked for.
        case retry(after: Duration?)
    }

    /// What happened, as a clause whose subject is the address.
    let clause: String
    let remedy: Remedy

    init(_ clause: String, _ remedy: Remedy) { (self.clause, self.remedy) = (clause, remedy) }
}
