import DuctusCharts
import DuctusHandwriting

extension Sweep {
    /// The results of a sweep: points for a single key of numbers, and otherwise lines across one axis for each key. The best
    /// trial stands out.
    public func chart(of results: [SweepResult]) -> any Chart {
        let shown = results.filter { $0.value != nil }
        let monitor = shown.first?.monitor ?? "best"
        let names = shown.map { "trial \($0.trial.number + 1)" }
        let columns = keys.indices.map { key in shown.map { $0.trial.values[key] } }
        let kinds = keys.map { isLogarithmic($0) ? Scale.Kind.logarithmic : .linear }
        if keys.count == 1, columns[0].allSatisfy({ $0.number != nil }) {
            var chart = ScatterChart("Trials of \(name)", x: keys[0], y: monitor, scaleX: kinds[0])
            for (number, result) in shown.enumerated() {
                chart.add(
                    columns[0][number].number ?? .nan, result.value ?? .nan, name: names[number], isBest: number == 0)
            }
            return chart
        }
        let axes = keys.indices.map { key -> ParallelChart.Axis in
            let values = columns[key].compactMap(\.number)
            return values.count == shown.count
                ? .numbers(keys[key], values, kinds[key])
                : .names(keys[key], columns[key].map { $0.string ?? $0.text })
        }
        return ParallelChart(
            "Trials of \(name)", axes: axes + [.numbers(monitor, shown.map { $0.value ?? .nan })], names: names,
            best: shown.isEmpty ? nil : 0)
    }
}
