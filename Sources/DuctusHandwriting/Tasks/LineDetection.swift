/// Training a detector of the lines on pages.
public struct LineDetection: TrainingTask {
    public static let name = LineDetector.task

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
        /// The maximum number of training samples, drawn at random from all views; all of them if absent.
        public var limit: Int?
        /// The number of views of every page in an epoch, each with another placement (`VariedPages`).
        public var views = 1

        /// The defaults.
        public init() {}

        public var problem: String? {
            problem("limit", limit, in: 1...1_000_000_000) ?? problem("views", views, in: 1...100)
        }
    }

    /// The data set.
    public var data = Source()
    /// The preprocessing of pages.
    public var input = DetectionInput()

    /// The defaults.
    public init() {}

    public var problem: String? { problem("data", data) ?? problem("input", input) }

    public func prepare(_ preparation: Preparation) throws -> TrainingPlan {
        let network = try preparation.network(
            classes: LineDetector.classes, as: (any ConfigurableNetwork & PixelNetwork).self, "pixel classifier")
        let (directory, seed) = (try preparation.path(data.directory), preparation.experiment.training.seed)
        try preparation.kind(data.kind, with: "pages", as: (any PageDataKind).self)
        func pages(_ split: String) throws -> DetectionDataset {
            try DetectionDataset(kind: data.kind, directory: directory, split: split, input: input)
        }
        let training = try pages(data.training)
        let validation = try data.validation.map { try pages($0) }
        let views = VariedPages(training, views: data.views, input: input, seed: seed)
        return TrainingPlan(
            network, model: try LineDetector.model(network, input: input), loss: .softmaxCrossEntropy,
            metrics: [.accuracy],
            training: preparation.trainingBatches(
                try preparation.examples(
                    views.sampled(data.limit ?? .max, seed: seed),
                    named: "pages of \(data.kind.name) \(data.training)")),
            validation: try validation.map {
                preparation.validationBatches(
                    try preparation.examples($0, named: "pages of \(data.kind.name) \(data.validation ?? "")"))
            })
    }
}
