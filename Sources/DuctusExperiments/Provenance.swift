#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Where a training run comes from, beside its configuration: data, code, machine and seed. What came of them is its
/// history and its weights.
public struct Provenance: Sendable, Codable, Equatable {
    /// When the run began, in ISO 8601.
    public let created: String
    /// The version of Ductus.
    public let ductus: String
    /// The commit of the repository that the program was started in; nil outside one.
    public let commit: String?
    /// The operating system and the processor's architecture.
    public let machine: String
    /// Threads that were used. Results do not depend on them.
    public let threads: Int
    /// What first weights, order, augmentation and dropout follow from.
    public let seed: UInt64
    /// The data that were read, with their versions.
    public let data: [DataVersion]

    init(of experiment: Experiment, data: [DataVersion]) {
        created = Date.now.formatted(.iso8601)
        ductus = Release.version
        commit = Repository.commit
        machine = "\(Self.system) \(Self.architecture)"
        (threads, seed, self.data) = (Threads.count, experiment.training.seed, data)
    }

    /// What is not as it was, a sentence each.
    func differences(from other: Provenance) -> [String] {
        var sentences: [String] = []
        if ductus != other.ductus {
            sentences.append("The run began with Ductus \(other.ductus); this is \(ductus).")
        }
        for part in data {
            if let before = other.data.first(where: { $0.name == part.name }), before != part {
                sentences.append(
                    "The data “\(part.name)” are not those that the run began with: "
                        + "\(before.samples) samples, version \(before.version.prefix(12)), then; "
                        + "\(part.samples) samples, version \(part.version.prefix(12)), now.")
            }
        }
        return sentences
    }

    private static var system: String {
        #if os(macOS)
            "macOS"
        #elseif os(Linux)
            "Linux"
        #else
            "other"
        #endif
    }

    private static var architecture: String {
        #if arch(x86_64)
            "x86_64"
        #elseif arch(arm64)
            "arm64"
        #else
            "other"
        #endif
    }
}

/// The Git repository that the program was started in.
private enum Repository {
    /// The commit that is checked out, as 40 digits.
    static var commit: String? {
        // From the current directory upward; a checkout is no deeper than this.
        var directory = "."
        for _ in 0..<32 {
            if let head = text("\(directory)/.git/HEAD") {
                guard head.hasPrefix("ref: ") else { return head }
                let reference = String(head.dropFirst(5))
                return text("\(directory)/.git/\(reference)") ?? packed(reference, in: directory)
            }
            directory += "/.."
        }
        return nil
    }

    private static func packed(_ reference: String, in directory: String) -> String? {
        text("\(directory)/.git/packed-refs")?.split(separator: "\n").first { $0.hasSuffix(" \(reference)") }
            .map { String($0.prefix(40)) }
    }

    private static func text(_ path: String) -> String? {
        guard let bytes = try? File.readBytes(path, maximumBytes: 1 << 24) else { return nil }
        let text = String(decoding: bytes, as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }
}
