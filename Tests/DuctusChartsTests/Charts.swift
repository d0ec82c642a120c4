import DuctusCharts

/// One chart of every kind, and those of too little data.
enum Charts {
    static var all: [(name: String, chart: any Chart)] {
        [
            ("lines", lines), ("log", logarithmic), ("bars", bars), ("histogram", histogram), ("scatter", scatter),
            ("reliability", reliability), ("confusion", confusion), ("parallel", parallel),
        ]
    }

    static var empty: [any Chart] {
        [
            LineChart("Nothing", x: "epoch"), BarChart("Nothing"), HistogramChart("Nothing", x: "length", []),
            ScatterChart("Nothing", x: "rate", y: "accuracy"), ReliabilityChart("Nothing", []),
            ConfusionChart("Nothing", names: [], counts: []), ParallelChart("Nothing", axes: [], names: []),
        ]
    }

    private static var lines: LineChart {
        var chart = LineChart("Character accuracy", x: "epoch", y: "validation")
        for (number, name) in ["plain", "distorted", "a network with <a long> name & no LSTM"].enumerated() {
            let values = (1...20).map { epoch -> Double in
                let noise = Double(epoch * 7 % 3) / 100
                return 0.9 - 0.5 / Double(epoch) - 0.05 * Double(number) + noise
            }
            chart.add(name, values, best: values.indices.max { values[$0] < values[$1] })
        }
        return chart
    }

    private static var logarithmic: LineChart {
        var chart = LineChart("Training loss", x: "step", scaleY: .logarithmic)
        var random = RandomStream(seed: 1)
        func mean(_ step: Double) -> Double { 90 / (1 + step / 60) }
        let steps = (1...5000).map { step -> (x: Double, y: Double) in
            let noise = 0.8 + 0.4 * random.uniform()
            return (Double(step), mean(Double(step)) * noise)
        }
        chart.add("steps", steps, color: 0, opacity: 0.35)
        let means = stride(from: 50.0, to: 5000, by: 100).map { (x: $0, y: mean($0)) }
        chart.add("mean of 100", means)
        return chart
    }

    private static var bars: BarChart {
        var chart = BarChart("Character error rate by writer", x: "character error rate")
        for (number, name) in ["000", "a01", "a writer with a long name", "b04", "c06"].enumerated() {
            let rate = 0.03 + 0.02 * Double(number)
            chart.add(name, rate, interval: rate * 0.7...rate * 1.4)
        }
        return chart
    }

    private static var histogram: HistogramChart {
        var random = RandomStream(seed: 2)
        let lengths = (0..<2000).map { _ -> Double in
            let spread = random.uniform() + random.uniform() - 1
            return 40 + 20 * spread
        }
        return HistogramChart("Lengths of lines", x: "characters", lengths)
    }

    private static var scatter: ScatterChart {
        var chart = ScatterChart("Sweep", x: "training.rate", y: "characterAccuracy", scaleX: .logarithmic)
        for number in 0..<16 {
            let rate = 0.0001 * Double(1 << (number / 2))
            chart.add(rate, 0.9 - abs(Double(number) - 9) * 0.03, name: "run \(number)", isBest: number == 9)
        }
        return chart
    }

    private static var reliability: ReliabilityChart {
        ReliabilityChart(
            "Confidence of words", y: "share of right words",
            (0..<10).map { bin -> ReliabilityChart.Bin in
                let confidence = (Double(bin) + 0.5) / 10
                let accuracy = confidence * (0.6 + 0.4 * confidence)
                return .init(count: bin == 2 ? 0 : 10 + bin * bin * 20, confidence: confidence, accuracy: accuracy)
            })
    }

    private static var confusion: ConfusionChart {
        let names = ["a", "e", "i", "l", "o", "&"]
        let counts = names.indices.map { row -> [Int] in
            (0...names.count).map { column -> Int in
                let isMistake = (column * 5 + row * 3) % 7 == 0
                return column == row ? 90 + row : isMistake ? 4 + row : 0
            }
        }
        return ConfusionChart("Characters", names: names, counts: counts, others: ["∅"])
    }

    private static var parallel: ParallelChart {
        let numbers = Array(0..<12)
        let rates = numbers.map { 0.0001 * Double(1 << ($0 % 4)) }
        let networks = numbers.map { ["crnn", "lineLSTM", "transformer"][$0 % 3] }
        let dropouts = numbers.map { Double($0) / 24 }
        let accuracies = numbers.map { number -> Double in 0.5 + Double(number * 5 % 12) / 30 }
        return ParallelChart(
            "Sweep",
            axes: [
                .numbers("training.rate", rates, .logarithmic), .names("network.name", networks),
                .numbers("network.dropout", dropouts), .numbers("characterAccuracy", accuracies),
            ], names: numbers.map { "run \($0)" }, best: 7)
    }
}
