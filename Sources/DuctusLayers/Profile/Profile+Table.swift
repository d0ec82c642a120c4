extension Profile: CustomStringConvertible {
    /// A table: one line per layer and operation, the most expensive first, and sums below. Times are in milliseconds.
    public var description: String {
        func row(_ path: String, _ operation: String, _ calls: Int?, _ cost: Cost) -> [String] {
            let bytes = cost.forwardBytes + cost.backwardBytes
            return [
                path, operation, calls?.grouped ?? "", cost.forwardSeconds.milliseconds,
                cost.backwardSeconds.milliseconds, share(cost.seconds), bytes.bytes,
                cost.multiplyAdds == 0 ? "" : cost.multiplyAdds.grouped,
            ]
        }
        let sorted = lines.enumerated().sorted {
            ($1.element.cost.seconds, $0.offset) < ($0.element.cost.seconds, $1.offset)
        }
        let rest = max(seconds - cost.seconds, 0)
        return TextTable(
            title: "\(seconds.milliseconds) ms",
            head: ["layer", "operation", "calls", "forward", "backward", "share", "memory", "multiply-adds"],
            body: sorted.map { row($0.element.path, $0.element.operation, $0.element.calls, $0.element.cost) },
            totals: [
                row("", "all operations", calls.count, cost),
                ["", "between them", "", rest.milliseconds, "", share(rest), "", ""],
            ], firstNumber: 2
        ).description
    }

    /// The operations one by one, with their settings and shapes, in the order in which they ended.
    public var trace: String {
        calls.map { call in
            let settings = call.attributes.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            let inputs = call.inputs.map(\.description).joined(separator: ", ")
            let name = call.path.isEmpty ? call.operation : "\(call.path) \(call.operation)"
            return ([name] + settings).joined(separator: ", ") + ": \(inputs) → \(call.output)"
        }.joined(separator: "\n")
    }

    /// A part of the whole time, in percent.
    private func share(_ seconds: Double) -> String {
        guard self.seconds > 0 else { return "" }
        let tenths = Int((seconds / self.seconds * 1000).rounded())
        return "\(tenths / 10).\(tenths % 10) %"
    }
}
