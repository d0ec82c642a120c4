#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// The command line of a lab: `LAB [FOLDER] [--full | --smoke]`.
///
/// The folder contains the data sets, each in its own folder; the default is `DUCTUS_DATA`.
public struct Lab {
    /// Whether to train on all data rather than for a few minutes.
    public let isFull: Bool
    /// Whether to only check that every step runs, in seconds and on synthetic data.
    public let isSmoke: Bool
    /// The directory of weights and images; smoke tests have their own.
    public var output: String { isSmoke ? ".build/smoke" : ".build" }

    private let data: String?
    private let isNamed: Bool

    /// Runs a lab; an error is printed and gives the exit status 1.
    public static func run(_ body: (Lab) throws -> Void) {
        do {
            let lab = try Lab(arguments: Array(CommandLine.arguments.dropFirst()))
            try FileManager.default.createDirectory(atPath: lab.output, withIntermediateDirectories: true)
            try body(lab)
        } catch {
            print("\(error)")
            exit(1)
        }
    }

    init(arguments: [String]) throws {
        isFull = arguments.contains("--full")
        isSmoke = arguments.contains("--smoke")
        let folders = arguments.filter { !["--full", "--smoke"].contains($0) }
        guard folders.count <= 1, folders.allSatisfy({ !$0.hasPrefix("-") }), !(isFull && isSmoke) else {
            throw UsageError(
                description: "The arguments of a lab are [FOLDER] [--full | --smoke]; FOLDER contains the data sets.")
        }
        isNamed = !folders.isEmpty
        data = folders.first ?? ProcessInfo.processInfo.environment["DUCTUS_DATA"]
    }

    /// Selects a size or a number of epochs by the options of the lab.
    ///
    /// ```swift
    /// let epochs = lab.scaled(smoke: 1, default: 5, full: 20)
    /// ```
    public func scaled<Value>(smoke: Value, default usual: Value, full: Value) -> Value {
        isSmoke ? smoke : isFull ? full : usual
    }

    /// The folder of a data set: the first of the names that exists. If none does, prints a note and returns nil; the
    /// lab then generates synthetic data, as for `--smoke`.
    ///
    /// - Parameters:
    ///   - names: alternative names of the folder in the folder of the data sets.
    ///   - remedy: what the lab does without the data set, for the note.
    public func folder(_ names: String..., orElse remedy: String = "generates synthetic data") -> String? {
        if isSmoke { return nil }
        let folders = names.compactMap { name in data.map { "\($0)/\(name)" } }
        if let there = folders.first(where: FileManager.default.fileExists) { return there }
        // If a folder was given as an argument, a missing data set is an error.
        if isNamed { return folders.first }
        print("The data set \(names[0]) is missing, so the lab \(remedy); set DUCTUS_DATA to the folder with it.")
        return nil
    }

    struct UsageError: Error, CustomStringConvertible { let description: String }
}
