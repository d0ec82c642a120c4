/// Losses of outputs and `Batch.targets`, and of logits and labels that are not equally frequent.
extension Loss {
    /// The mean softmax cross-entropy over all labels that are not ignored, with label smoothing; see
    /// `softmaxCrossEntropy(_:_:ignoring:smoothing:)`.
    public static func softmaxCrossEntropy(smoothing: Double = 0, ignoring ignored: Int32? = nil) -> Loss {
        Loss("softmaxCrossEntropy") {
            DuctusAutograd.softmaxCrossEntropy($0, $1.labels, ignoring: ignored, smoothing: smoothing)
        }
    }

    /// The mean squared error of outputs and targets, which have one shape: for regression.
    public static let meanSquaredError = ofTargets("meanSquaredError") { DuctusAutograd.meanSquaredError($0, $1) }

    /// The mean Huber loss of outputs and targets, which have one shape: for regression with outliers; see
    /// `huberLoss(_:_:delta:)`.
    public static func huber(delta: Double = 1) -> Loss { ofTargets("huber") { huberLoss($0, $1, delta: delta) } }

    /// The mean binary cross-entropy of logits and targets from 0 to 1, which have one shape: for labels that do not
    /// exclude each other; see `binaryCrossEntropy(_:_:)`.
    public static let binaryCrossEntropy = ofTargets("binaryCrossEntropy") { DuctusAutograd.binaryCrossEntropy($0, $1) }

    /// The mean focal loss; see `focalLoss(_:_:gamma:)`.
    public static func focal(gamma: Double = 2) -> Loss {
        Loss("focal") { focalLoss($0, $1.labels, gamma: gamma) }
    }

    /// The soft Dice loss over all labels of the batch; see `diceLoss(_:_:smoothing:)`.
    public static func dice(smoothing: Double = 1) -> Loss {
        Loss("dice") { diceLoss($0, $1.labels, smoothing: smoothing) }
    }

    private static func ofTargets(
        _ name: String, _ function: @escaping @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Float>
    ) -> Loss {
        Loss(name) { output, batch in
            guard let targets = batch.targets else {
                preconditionFailure(
                    "\(name): the targets are missing; samples need `targets`, of shape \(output.shape) for a batch.")
            }
            return function(output, targets)
        }
    }
}
