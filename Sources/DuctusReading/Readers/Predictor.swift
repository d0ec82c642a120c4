
/// A network together with what turns the real world into its input and its output back into the real world.
///
/// A predictor needs weights and nothing else: no data set, no loss, no optimizer. Whatever evaluates or serves works
/// with predictors, so a model can be judged end to end while it trains.
public protocol Predictor<Input, Output>: Sendable {
    /// What the real world has: an image, for instance.
    associatedtype Input
    /// What it wants: a text, for instance.
    associatedtype Output

    /// Outputs in the order of the inputs.
    func predict(_ inputs: [Input]) -> [Output]
}

extension Predictor {
    /// The output for one input.
    public func predict(_ input: Input) -> Output { predict([input])[0] }
}
