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

/// How a lab was called: `LAB [FOLDER] [--full | --smoke]`.
///
/// The folder holds the data sets, each in a folder of its own; without it, `DUCTUS_DATA` names it.
public struct Lab {
    /// Whether to train on everything rather than for a few minutes.
    public let isFull: Bool
    /// Whether to go through every step once, in seconds and on drawn data: nothing is learned but that it runs.
    public let isSmoke: Bool
    /// Where weights and pictures go; those of a smoke test replace no others.
    public var output: String { isSmoke ? ".build/smoke" : ".build" }

    private let data: String?
    private let isNamed: Bool

    /// Runs a lab; an error becomes one sentence and the exit status 1.
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
                description: "A lab takes the folder of the data sets, and --full or --smoke; all are optional.")
        }
        isNamed = !folders.isEmpty
        data = folders.first ?? ProcessInfo.processInfo.environment["DUCTUS_DATA"]
    }

    /// A size or a number of epochs, as the lab was called.
    ///
    /// ```swift
    /// let epochs = lab.scaled(smoke: 1, default: 5, full: 20)
    /// ```
    public func scaled<Value>(smoke: Value, default usual: Value, full: Value) -> Value {
        isSmoke ? smoke : isFull ? full : usual
    }

    /// Where a data set is, under the first of its names that is there. `nil`, and a word about it, where none is: then
    /// the lab draws its own, as it does for `--smoke`.
    ///
    /// - Parameters:
    ///   - names: of folders in the folder of the data sets.
    ///   - remedy: what the lab does without.
    public func folder(_ names: String..., orElse remedy: String = "draws its own") -> String? {
        if isSmoke { return nil }
        let folders = names.compactMap { name in data.map { "\($0)/\(name)" } }
        if let there = folders.first(where: FileManager.default.fileExists) { return there }
        // Whoever names a folder is told what is missing in it.
        if isNamed { return folders.first }
        print("There is no data set \(names[0]), so the lab \(remedy); DUCTUS_DATA names the folder that holds it.")
        return nil
    }

    struct UsageError: Error, CustomStringConvertible { let description: String }
}
