/// Learning to find the lines on images of pages.
public struct LineDetection: TrainingTask {
    public static let name = LineDetector.task

    /// Where pages come from.
    public struct Source: Configuration {
        /// A kind of data that has pages: `iam`, `alto` or `page`.
        public var kind: Choice = "iam"
        /// `$NAME` at the start stands for an environment variable.
        public var directory = "$DUCTUS_DATA/iam"
        /// The split to train on.
        public var training = "train"
        /// The split that is evaluated after every epoch; none, if absent.
        public var validation: String? = "validation"
        /// At most so many training samples, drawn at random from all views; all, if absent.
        public var limit: Int?
        /// How often a page is seen in an epoch, every time placed anew (`VariedPages`).
        public var views = 1

        public init() {}
        public var problem: String? {
            problem("limit", limit, in: 1...1_000_000_000) ?? problem("views", views, in: 1...100)
        }
    }

    /// Where pages come from.
    public var data = Source()
    /// How maps of pages become the network's input.
    public var input = DetectionInput()

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
