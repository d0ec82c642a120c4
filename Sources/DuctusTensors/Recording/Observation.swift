import Synchronization

/// Follows a computation as it runs; used for network summaries.
package protocol Observer: AnyObject, Sendable {
    /// A product performed `count` multiply-adds.
    func didMultiply(_ count: Int)
    /// A parameter was read.
    func didRead(_ parameter: AnyObject)
}

/// The observer of the operations in this task. Without any observer, the check costs one load.
package enum Observation {
    private static let running = Atomic(0)
    @TaskLocal private static var current: (any Observer)?

    package static var observer: (any Observer)? { running.load(ordering: .relaxed) == 0 ? nil : current }

    package static func with<Result>(_ observer: any Observer, _ body: () throws -> Result) rethrows -> Result {
        running.add(1, ordering: .relaxed)
        defer { running.subtract(1, ordering: .relaxed) }
        return try $current.withValue(observer, operation: body)
    }
}
