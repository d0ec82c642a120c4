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

/// How a lab was called: `LAB [FOLDER] [--full]`.
///
/// The folder holds the data sets, each in a folder of its own; without it, `DUCTUS_DATA` names it.
public struct Lab {
    /// Whether to train on everything rather than for a few minutes.
    public let isFull: Bool
    /// Where weights and pictures go.
    public let output = ".build"

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
        let folders = arguments.filter { $0 != "--full" }
        guard folders.count <= 1, folders.allSatisfy({ !$0.hasPrefix("-") }) else {
            throw UsageError(description: "A lab takes the folder of the data sets and --full, both optional.")
        }
        isFull = arguments.contains("--full")
        isNamed = !folders.isEmpty
        data = folders.first ?? ProcessInfo.processInfo.environment["DUCTUS_DATA"]
    }

    /// Where a data set is. `nil`, and a word about it, where it is not: then the lab draws its own.
    public func folder(_ name: String) -> String? {
        if let data, isNamed || FileManager.default.fileExists(atPath: "\(data)/\(name)") { return "\(data)/\(name)" }
        print("There is no data set \(name), so the lab draws its own; name the folder that holds it in DUCTUS_DATA.")
        return nil
    }

    struct UsageError: Error, CustomStringConvertible { let description: String }
}
