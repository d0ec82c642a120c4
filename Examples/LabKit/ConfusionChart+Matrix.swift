import Ductus
import DuctusCharts

extension ConfusionChart {
    /// The chart of a confusion matrix.
    public init(_ title: String, _ matrix: ConfusionMatrix) {
        let names = matrix.classNames
        self.init(
            title, names: names, counts: names.indices.map { truth in names.indices.map { matrix[truth, $0] } })
    }
}
