#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// The origin of a training run besides its configuration: data, code, machine, and seed. What is optional is absent in the
/// files of older versions.
public struct Provenance: Sendable, Codable, Equatable {
    /// The time at which training started, in ISO 8601.
    public let created: String
    /// The version of Ductus.
    public let ductus: String
    /// The commit of the Git repository that contains the working directory; nil outside one.
    public let commit: String?
    /// Whether files of that repository had been changed since the commit; nil without Git.
    public let isModified: Bool?
    /// The version of the Swift compiler that Ductus was built with.
    public let compiler: String?
    /// The BLAS library, with the processor that its kernels were chosen for.
    public let blas: String?
    /// The instruction set of the other kernels.
    public let instructionSet: String?
    /// The operating system and the processor's architecture.
    public let machine: String
    /// The number of processors.
    public let processors: Int?
    /// The number of threads. Results do not depend on it.
    public let threads: Int
    /// The seed of initial weights, order, augmentation, and dropout.
    public let seed: UInt64
    /// The validation value that determines the best epoch, which the task chooses if the configuration does not.
    public let monitor: String?
    /// The versions of the data: hashes of what was read.
    public let data: [DataVersion]
    /// The data sets with manifests that the data are from.
    public let dataSets: [DataSetVersion]?

    package init(
        of experiment: Experiment, monitor: String? = nil, data: [DataVersion], dataSets: [DataSetVersion] = []
    ) {
        created = Date.now.formatted(.iso8601)
        ductus = Release.version
        commit = Repository.commit
        isModified = commit == nil ? nil : Repository.isModified
        (compiler, blas, instructionSet) = (Release.compiler, Machine.blas, Machine.instructionSet)
        machine = "\(Self.system) \(Self.architecture)"
        processors = ProcessInfo.processInfo.activeProcessorCount
        (threads, seed, self.monitor) = (Threads.count, experiment.training.seed, monitor)
        (self.data, self.dataSets) = (data, dataSets)
    }

    /// What has changed since the run started, one sentence each.
    package func differences(from start: Provenance) -> [String] {
        var sentences: [String] = []
        if ductus != start.ductus {
            sentences.append("The run was started with Ductus \(start.ductus); this is Ductus \(ductus).")
        }
        if let old = start.commit, let new = commit, old != new {
            sentences.append("The run was started at the commit \(old.prefix(12)); this is \(new.prefix(12)).")
        }
        let parts = [
            ("compiler", start.compiler, compiler), ("BLAS", start.blas, blas),
            ("instruction set", start.instructionSet, instructionSet),
        ]
        for case (let part, let old?, let new?) in parts where old != new {
            sentences.append(
                "The run was started with the \(part) \(old); this is \(new), so that the last bits of weights may differ."
            )
        }
        for (old, new) in zip(start.dataSets ?? [], dataSets ?? []) where old != new {
            sentences.append(
                "The data set was \(old.summary) when the run was started; it is \(new.summary) now.")
        }
        // Two data sets may have the same name, but a configuration reads its data in a fixed order.
        for (old, new) in zip(start.data, data) where old != new {
            sentences.append(
                "The data “\(new.name)” have changed since the run was started: \(old.summary) then, \(new.summary) now."
            )
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

extension DataVersion {
    var summary: String { "\(samples) sample\(samples == 1 ? "" : "s") (version \(version.prefix(12)))" }
}

/// The Git repository that contains the working directory.
private enum Repository {
    /// The hash of the current commit.
    static var commit: String? {
        // From the working directory upward.
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

    /// Whether files under version control have changed since the commit; nil if Git cannot tell.
    static var isModified: Bool? {
        let command = ["git", "--no-optional-locks", "status", "--porcelain", "--untracked-files=no"]
        return (try? SystemProgram.run(command, input: [], maximumBytes: 1 << 24, seconds: 10)).map { !$0.isEmpty }
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
