/// Training a detector of the baselines of lines, on views of pages that are new in every epoch (`PageViews`).
public struct BaselineDetection: TrainingTask {
    public static let name = BaselineDetector.task

    /// The data set.
    public struct Source: Configuration {
        /// A kind of data with pages, such as `iam`, `alto`, or `page`.
        public var kind: Choice = "iam"
        /// The directory. An environment variable `$NAME` at the start is replaced.
        public var directory = "$DUCTUS_DATA/iam"
        /// The training split.
        public var training = "train"
        /// The validation split; no validation if absent.
        public var validation: String? = "validation"
        /// Additional data: both splits of other data sets.
        public var extra: [LineRecognition.Extra] = []
        /// The number of views in an epoch.
        public var views = 4096
        /// The number of views that are validated on.
        public var validationViews = 256
        /// The width and height of views in pixels.
        public var side = 384

        /// The defaults.
        public init() {}

        public var problem: String? {
            problem("views", views, in: 1...100_000_000) ?? problem("validationViews", validationViews, in: 1...100_000)
                ?? (side.isMultiple(of: 64) ? problem("side", side, in: 64...4096) : "\"side\" is no multiple of 64")
        }
    }

    /// The data set.
    public var data = Source()
    /// The preprocessing of pages.
    public var input = BaselineInput()

    /// The defaults.
    public init() {}

    public var problem: String? { problem("data", data) ?? problem("input", input) }

    public func prepare(_ preparation: Preparation) throws -> TrainingPlan {
        let network = try preparation.network(
            classes: BaselineMap.channels, as: (any ConfigurableNetwork & PixelNetwork).self, "pixel classifier")
        let training = preparation.experiment.training
        for kind in [data.kind] + data.extra.map(\.kind) {
            try preparation.kind(kind, with: "pages", as: (any PageDataKind).self)
        }
        func batches(_ split: String, views: Int, isTraining: Bool) throws -> BatchLoader {
            var sets: [[InkPage]] = []
            for (kind, directory) in [(data.kind, data.directory)] + data.extra.map({ ($0.kind, $0.directory) }) {
                let set = try DetectionDataset(kind: kind, directory: preparation.path(directory), split: split)
                try preparation.record(set, named: "pages of \(kind.name) \(split)")
                sets.append(try set.inkPages())
            }
            let views = (count: views, PageViews(sets, side: data.side, input: input, seed: training.seed))
            return BatchLoader(
                widths: [Int](repeating: data.side, count: views.count), batchSize: training.batchSize,
                shuffles: isTraining, seed: training.seed, name: { "view \($0)" },
                example: { index, epoch in views.1.example(index, epoch: isTraining ? epoch : 0) })
        }
        return TrainingPlan(
            network, model: try BaselineDetector.model(network, input: input), loss: .baselines, metrics: [],
            training: try batches(data.training, views: data.views, isTraining: true),
            validation: try data.validation.map { try batches($0, views: data.validationViews, isTraining: false) })
    }
}

extension DetectionDataset {
    /// The pages of the split that have an image, as ink; lines small enough for ``PageViews``.
    package func inkPages() throws -> [InkPage] {
        let present = pages.filter(\.hasImage)
        let results = parallelMap(present.count) { index in
            Result {
                let image = try present[index].image()
                return InkPage(image, lines: present[index].lines(on: image)).scaled(toLineHeight: PageViews.tallest)
            }
        }
        return try results.map { try $0.get() }
    }
}

extension Loss {
    /// The loss of a detector of baselines: softmax cross-entropy of the classes, in which pixels of lines count five
    /// times as much as background, plus the absolute errors of the heights on baselines, in units of
    /// `BaselineMap.heightUnit`:
    ///
    ///     Σ w(c) (−log p_c) / Σ w(c) + ½ Σ_baseline (|a − â| + |d − d̂|) / n
    package static let baselines = Loss("baselines") { output, batch in
        let count = batch.labels.count
        let channels = BaselineMap.channels
        precondition(
            output.count == count * channels, "Baselines: output is \(output.shape); labels \(batch.labels.shape).")
        let targets = batch.labels.scalars.map { BaselineTarget(label: $0) }
        let weights = targets.map { $0.kind == .background ? Float(1) : 5 }
        let total = weights.reduce(0, +)
        let lines = Float(max(targets.count { $0.kind == .baseline }, 1))
        var loss = 0.0
        let gradient = Tensor<Float>(shape: output.shape) { gradient in
            gradient.zero()
            output.withUnsafeBuffer { values in
                // In a fixed number of parts, so that the sum does not depend on the number of threads.
                let parts = 32
                let sums = parallelMap(parts) { part -> Double in
                    var sum = 0.0
                    for pixel in part * count / parts..<(part + 1) * count / parts {
                        let (index, target) = (pixel * channels, targets[pixel])
                        let top = max(values[index], values[index + 1], values[index + 2])
                        let (a, b, c) = (
                            exponential(Double(values[index] - top)), exponential(Double(values[index + 1] - top)),
                            exponential(Double(values[index + 2] - top))
                        )
                        let all = a + b + c
                        let share = weights[pixel] / total
                        let kind = target.kind.rawValue
                        sum += Double(share) * (logarithm(all) - Double(values[index + kind] - top))
                        gradient[index] = share * Float(a / all)
                        gradient[index + 1] = share * Float(b / all)
                        gradient[index + 2] = share * Float(c / all)
                        gradient[index + kind] -= share
                        guard target.kind == .baseline else { continue }
                        for (offset, height) in [(3, target.ascent), (4, target.descent)] {
                            let error = values[index + offset] - Float(height) / BaselineMap.heightUnit
                            sum += Double(abs(error) * 0.5 / lines)
                            gradient[index + offset] = (error > 0 ? 0.5 : -0.5) / lines
                        }
                    }
                    return sum
                }
                loss = sums.reduce(0, +)
            }
        }
        return Tensor(Float(loss)).recorded(from: output) { gradient * $0 }
    }
}
