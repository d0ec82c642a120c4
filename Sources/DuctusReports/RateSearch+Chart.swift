import DuctusCharts
import DuctusHandwriting

extension RateSearch {
    /// The loss by the learning rate, with the suggestion marked.
    public var chart: LineChart {
        let summary = suggestion.map { ", which falls fastest at a rate of \(Float($0))" } ?? ""
        var chart = LineChart("Loss at rising rates\(summary)", x: "learning rate", scaleX: .logarithmic)
        chart.add(
            "", points.map { (x: $0.rate, y: $0.loss) },
            best: suggestion.flatMap { rate in
                points.indices.min { abs(points[$0].rate - rate) < abs(points[$1].rate - rate) }
            })
        return chart
    }
}
