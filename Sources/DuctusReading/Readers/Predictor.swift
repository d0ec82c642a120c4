/// A network with its preprocessing and decoding.
///
/// A predictor needs nothing but weights: no data set, loss, or optimizer. Evaluations use predictors, so that models are
/// measured end to end.
public protocol Predictor<Input, Output>: Sendable {
    /// The input, such as an image.
    associatedtype Input
    /// The output, such as a text.
    associatedtype Output

    /// The outputs in the order of the inputs.
    func predict(_ inputs: [Input]) -> [Output]
}

extension Predictor {
    /// The output for one input.
    public func predict(_ input: Input) -> Output { predict([input])[0] }
}
