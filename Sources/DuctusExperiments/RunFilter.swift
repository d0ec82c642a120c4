/// A condition on a value of a run, such as `training.rate >= 1e-3` or `network = crnn`.
public struct RunFilter: Sendable {
    /// The comparisons, those of two characters first.
    private enum Operator: String, CaseIterable {
        case notEqual = "!="
        case atMost = "<="
        case atLeast = ">="
        case identical = "=="
        case equal = "="
        case less = "<"
        case greater = ">"
    }

    /// The key of the value: a metric of the best epoch, or a key of the configuration.
    public let key: String
    private let comparison: Operator
    private let value: JSONText

    /// - Parameter text: key, operator (`=`, `!=`, `<`, `<=`, `>`, `>=`), and value.
    /// - Throws: ``UsageError`` if a part is missing.
    public init(_ text: String) throws(UsageError) {
        let start = text.firstIndex { "=!<>".contains($0) } ?? text.endIndex
        let comparison = Operator.allCases.first { text[start...].hasPrefix($0.rawValue) }
        let key = text[..<start].trimmed
        let value = text[start...].dropFirst(comparison?.rawValue.count ?? 0).trimmed
        guard let comparison, !key.isEmpty, !value.isEmpty else {
            throw UsageError(
                "The filter \"\(text)\" must be KEY OP VALUE with one of =, !=, <, <=, >, >=, such as "
                    + "'training.rate >= 0.001'.")
        }
        (self.key, self.comparison) = (key, comparison)
        self.value = (try? JSONText(parsing: Array(value.utf8))) ?? .string(value)
    }

    /// Whether a run meets the condition. A run without the value meets only `!=`.
    public func accepts(_ run: RunSummary) -> Bool {
        let order = run.value(key).flatMap { $0.order(relativeTo: value) }
        return switch comparison {
        case .equal, .identical: order == 0
        case .notEqual: order != 0
        case .less: order == -1
        case .atMost: order == -1 || order == 0
        case .greater: order == 1
        case .atLeast: order == 1 || order == 0
        }
    }
}

extension [RunSummary] {
    /// Sorts by the value of a key. Runs without it come last.
    package func sorted(by key: String, descending: Bool = false) -> [RunSummary] {
        let values = map { $0.value(key) == .null ? nil : $0.value(key) }
        return indices.sorted { first, second in
            guard let one = values[first], let other = values[second] else {
                return values[first] != nil && values[second] == nil
            }
            return one.order(relativeTo: other) == (descending ? 1 : -1)
        }.map { self[$0] }
    }

    /// Checks that a run has a value for the key.
    /// - Throws: ``UsageError`` with the nearest key of all runs.
    package func checkKey(_ key: String) throws(UsageError) {
        guard !isEmpty, !contains(where: { $0.value(key) != nil }) else { return }
        let keys = reduce(into: Set<String>()) { $0.formUnion($1.keys) }
        throw UsageError(
            "No run has a metric or configuration key \"\(key)\"\(suggestion(for: key, among: keys)); "
                + "`ductus runs show RUN` lists those of a run.")
    }
}

extension JSONText {
    /// −1, 0, or 1: numbers by size, everything else by its text; nil for a number and something else.
    fileprivate func order(relativeTo other: JSONText) -> Int? {
        if let one = number, let two = other.number { return one < two ? -1 : one > two ? 1 : 0 }
        guard number == nil, other.number == nil else { return nil }
        let (one, two) = (string ?? text, other.string ?? other.text)
        return one < two ? -1 : one > two ? 1 : 0
    }
}

extension Substring {
    fileprivate var trimmed: String {
        var text = drop { $0.isWhitespace }
        while text.last?.isWhitespace == true { text.removeLast() }
        return String(text)
    }
}
