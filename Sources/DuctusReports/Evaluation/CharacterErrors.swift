import DuctusCharts

/// Which characters were taken for which.
package struct CharacterErrors {
    private var counts: [Unicode.Scalar?: [Unicode.Scalar?: Int]] = [:]

    /// No characters.
    package init() {}

    /// Adds the characters of a text.
    package mutating func add(_ alignment: Alignment) {
        for pair in alignment.pairs { counts[pair.truth, default: [:]][pair.answer, default: 0] += 1 }
    }

    /// A pair of different characters, and how often it occurred.
    package struct Mistake: Equatable, Sendable {
        package let truth: String
        package let answer: String
        package let count: Int
        /// The number of times that the true character occurred; nil for what was added.
        package let total: Int?

        package init(truth: String, answer: String, count: Int, total: Int?) {
            (self.truth, self.answer, self.count, self.total) = (truth, answer, count, total)
        }
    }

    /// All mistakes, the most frequent first.
    package var mistakes: [Mistake] {
        counts.flatMap { truth, answers in
            answers.filter { $0.key != truth }.map { answer, count in
                Mistake(
                    truth: Self.name(truth, "(nothing)"), answer: Self.name(answer, "(nothing)"), count: count,
                    total: truth == nil ? nil : answers.values.reduce(0, +))
            }
        }.sorted { ($1.count, $0.truth, $0.answer) < ($0.count, $1.truth, $1.answer) }
    }

    /// The confusion matrix of the characters with the most errors, in alphabetical order, with columns for all others and for
    /// those that were missed. Nil without errors.
    package func chart(_ title: String, characters limit: Int) -> ConfusionChart? {
        func errors(_ scalar: Unicode.Scalar) -> Int {
            (counts[scalar] ?? [:]).reduce(0) { $0 + ($1.key == scalar ? 0 : $1.value) }
                + counts.reduce(0) { $0 + ($1.key == scalar ? 0 : $1.value[scalar] ?? 0) }
        }
        let known = counts.keys.compactMap(\.self)
        let ranked = known.map { ($0, errors($0)) }.filter { $0.1 > 0 }.sorted { ($1.1, $0.0) < ($0.1, $1.0) }
        let chosen = ranked.prefix(limit).map(\.0).sorted()
        guard !chosen.isEmpty else { return nil }
        let rows = chosen.map { truth -> [Int] in
            let row = counts[truth] ?? [:]
            let inside = chosen.map { row[$0] ?? 0 }
            let missed = row[Unicode.Scalar?.none] ?? 0
            return inside + [row.values.reduce(0, +) - inside.reduce(0, +) - missed, missed]
        }
        return ConfusionChart(
            title, names: chosen.map { Self.name($0, "") }, counts: rows, others: ["…", "–"])
    }

    /// A character as people can see it.
    private static func name(_ scalar: Unicode.Scalar?, _ none: String) -> String {
        guard let scalar else { return none }
        if scalar == " " { return "␣" }
        // A mark alone needs something to stand on.
        return scalar.properties.generalCategory == .nonspacingMark ? "◌\(scalar)" : String(scalar)
    }
}
