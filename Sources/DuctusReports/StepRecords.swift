import DuctusHandwriting

/// What was measured in the steps of a run: the lines of `metrics.jsonl` that have `training`.
package struct StepRecords: Sendable {
    /// The file in the directory of a run.
    static let fileName = "metrics.jsonl"

    /// The values by name, with the number of the step.
    package private(set) var series: [String: [(x: Double, y: Double)]] = [:]

    /// The steps of a run; none if it did not record them.
    ///
    /// A line that is not complete was being written when the run was killed, and does not count. A step that is recorded
    /// again, after a run was resumed, replaces the steps from it onward.
    package init(of directory: String) throws(FileError) {
        let path = "\(directory)/\(Self.fileName)"
        guard File.exists(path) else { return }
        for line in try File.readBytes(path).split(separator: UInt8(ascii: "\n")) {
            guard let members = try? JSONText(parsing: line).object, let step = members["step"]?.number,
                let measured = members["training"]?.object
            else { continue }
            for (name, value) in measured {
                // JSON has no numbers that are not finite; they are strings there.
                guard let number = value.number ?? value.string.flatMap({ Double($0) }) else { continue }
                while let last = series[name]?.last, last.x >= step { series[name]?.removeLast() }
                series[name, default: []].append((step, number))
            }
        }
    }
}

extension [(x: Double, y: Double)] {
    /// The means of consecutive points, at most `count` of them.
    package func means(_ count: Int) -> [(x: Double, y: Double)] {
        let finite = filter { $0.y.isFinite }
        let parts = Swift.min(count, finite.count)
        return (0..<parts).map { part in
            let slice = finite[finite.count * part / parts..<finite.count * (part + 1) / parts]
            let size = Double(slice.count)
            return (slice.reduce(0) { $0 + $1.x } / size, slice.reduce(0) { $0 + $1.y } / size)
        }
    }
}
