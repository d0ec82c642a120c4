import DuctusNetworks
import DuctusTestSupport
import Testing

/// Whole networks against PyTorch: outputs, losses, and the gradient of every parameter.
@Suite struct NetworkGoldenTests {
    /// A network with golden weights.
    struct Model: CustomTestStringConvertible, Sendable {
        let golden: GoldenCase
        let network: any Network
        /// The golden names of our layers.
        let layers: [String: String]

        var testDescription: String { golden.name }

        init(_ golden: GoldenCase) throws {
            self.golden = golden
            let classes = golden.integer("classes")
            func numbered(_ ours: String, _ theirs: String, _ count: Int) -> [String: String] {
                Dictionary(uniqueKeysWithValues: (0..<count).map { ("\(ours).\($0)", "\(theirs)\($0 + 1)") })
            }
            switch golden.name {
            case "mlp":
                network = MLP(.init(classes: classes, width: golden.integer("hidden"), dropout: 0))
                layers = numbered("hidden", "dense", 3).merging(["head": "dense4"]) { $1 }
            case "lenet":
                network = LeNet(
                    .init(
                        classes: classes, filters: golden.integers("channels"), width: golden.integer("hidden"),
                        dropout: 0))
                layers = [:]
            case "crnn":
                let (narrow, wide) = (golden.integers("channels")[0], golden.integers("channels")[1])
                network = CRNN(
                    .init(
                        classes: classes, filters: [narrow, wide, wide, wide, wide], hidden: golden.integer("hidden"))
                )
                layers = numbered("convolutions", "conv", 5).merging(
                    ["normalizations.2": "norm", "recurrent.0": "lstm", "head": "dense"]) { $1 }
            case "unet":
                let depth = golden.integer("depth")
                network = UNet(.init(classes: classes, filters: golden.integer("filters"), depth: depth))
                layers = numbered("encoder", "down", depth + 1).merging(numbered("enlargements", "up", depth)) { $1 }
                    .merging(numbered("decoder", "merge", depth)) { $1 }
            default:
                let dilations = golden.integers("dilations").flatMap { [$0, $0] }
                network = FCN(.init(classes: classes, filters: golden.integer("filters"), dilations: dilations))
                layers = numbered("blocks", "block", dilations.count / 2)
            }
            for (name, parameter) in network.namedParameters { parameter.stored = try golden.tensor(goldenName(name)) }
        }

        /// The golden name of one of our parameters.
        func goldenName(_ name: String) -> String {
            let last = name.split(separator: ".").last.map(String.init) ?? name
            let theirs = [
                "scale": "weight", "shift": "bias", "runningMean": "running_mean",
                "runningVariance": "running_variance",
                "inputWeight": "input_weight", "recurrentWeight": "recurrent_weight",
            ]
            let layer = String(name.dropLast(last.count + 1))
            let renamed = layers.first { layer == $0.key || layer.hasPrefix($0.key + ".") }
            return (renamed.map { $0.value + layer.dropFirst($0.key.count) } ?? layer) + "." + (theirs[last] ?? last)
        }

        func loss(_ output: Tensor<Float>) throws -> Tensor<Float> {
            let labels = try golden.tensor("labels", as: Int32.self)
            guard golden.has("logit_lengths") else { return softmaxCrossEntropy(output, labels) }
            func lengths(_ part: String) throws -> [Int] {
                try golden.tensor(part, as: Int32.self).scalars.map { Int($0) }
            }
            return try ctcLoss(
                output, labels: labels, labelLengths: lengths("label_lengths"), logitLengths: lengths("logit_lengths"),
                blank: golden.integer("blank")
            ).mean()
        }
    }

    static func models(where condition: (Model) -> Bool = { _ in true }) throws -> [Model] {
        try Goldens.cases("networks").map(Model.init).filter(condition)
    }

    @Test(arguments: try models()) func outputAndLossAgreeWithPyTorch(model: Model) throws {
        let output = model.network(try model.golden.tensor("input"))
        #expect(try disagreement(of: output, with: model.golden.tensor("output"), tolerance: 1e-5) == nil)
        #expect(try disagreement(of: model.loss(output), with: model.golden.tensor("loss"), tolerance: 1e-5) == nil)
    }

    /// Training normalizes by the batch, the golden gradients by running statistics, so these are the networks without
    /// batch normalization; `NetworkTests.gradientsAreCorrect` covers the others.
    @Test(arguments: try models { !["crnn", "unet"].contains($0.golden.name) }) func gradientsAgreeWithPyTorch(
        model: Model
    ) throws {
        let input = try model.golden.tensor("input")
        let (loss, gradients) = try valueAndGradient(of: model.network.trainableParameters) {
            try model.loss(model.network(input))
        }
        #expect(try disagreement(of: loss, with: model.golden.tensor("loss"), tolerance: 1e-5) == nil)
        for (name, parameter) in model.network.namedParameters {
            let gradient = try #require(gradients[parameter])
            let expected = try model.golden.tensor("grad_" + model.goldenName(name))
            #expect(disagreement(of: gradient, with: expected, tolerance: 1e-4) == nil, "\(name)")
        }
    }
}
