extension GradientCheck {
    /// Compares the gradients of a layer of one's own with central differences.
    ///
    /// ```swift
    /// let check = GradientCheck(of: Scale(), at: .normal([2, 3], using: &random))
    /// check.worst < 1e-2                        // true
    /// ```
    /// Layers compute in single precision, so that errors up to about 1e-2 are those of rounding; a wrong gradient has larger
    /// ones. The layer is called as in training, with the same noise every time, and is left as it was. It must be
    /// differentiable at its input and parameters. `GradientCheck.input` is 0 for the input, then counts the trainable parameters.
    public init(of layer: some Layer, at input: Tensor<Float>, step: Float = 2e-3, seed: UInt64 = 7) {
        let place = Parameter(input)
        let parameters = [place] + layer.trainableParameters
        let values = parameters.map(\.stored)
        let noise = RandomStream(seed: seed).split(1)
        var random = RandomStream(seed: seed)
        let weights = Tensor<Float>.normal(Training.run(noise, nil) { layer(input) }.0.shape, using: &random)
        func value(_ values: [Tensor<Float>]) -> Double {
            let moved = zip(parameters, values).map { (parameter: $0, value: $1) }
            let output = Snapshot(of: layer, values: moved)({ layer in Training.run(noise, nil) { layer(values[0]) }.0 }
            )
            return zip(output.scalars, weights.scalars).reduce(0) { $0 + Double($1.0) * Double($1.1) }
        }
        let gradients = trainingStep(of: parameters, random: noise) { (layer(place.value) * weights).sum() }.gradients
        var (worst, number, element) = (0.0, 0, 0)
        for (index, parameter) in parameters.enumerated() {
            let analytic = (gradients[parameter] ?? .zeros(parameter.shape)).scalars
            for e in analytic.indices {
                func shifted(_ by: Float) -> Double {
                    var moved = values
                    moved[index].withUnsafeMutableBuffer { $0[e] += by }
                    return value(moved)
                }
                let numeric = (shifted(step) - shifted(-step)) / Double(2 * step)
                let error = abs(Double(analytic[e]) - numeric) / (1 + abs(numeric))
                // NaN is the worst.
                if !worst.isNaN, !(error <= worst) { (worst, number, element) = (error, index, e) }
            }
        }
        self.init(worst: worst, input: number, element: element)
    }
}
