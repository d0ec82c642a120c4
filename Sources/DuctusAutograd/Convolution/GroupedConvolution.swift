/// Convolution of groups of channels: each group of outputs is computed from one group of inputs. Channels of a group are
/// consecutive.
struct GroupedConvolution<Scalar: FloatingScalar> {
    /// The convolution of all channels, were they one group.
    let whole: Convolution<Scalar>
    let groups: Int

    var window: Window { whole.window }
    var inputs: Int { window.channels / groups }
    var outputs: Int { whole.outputs / groups }
    var taps: Int { window.kernel.height * window.kernel.width }

    /// Multiply-adds of the output.
    private var multiplyAdds: Int { whole.pixels * whole.outputs * taps * inputs }

    /// How a grouped convolution is computed.
    enum Algorithm {
        /// Every channel is a group: vectors run over the channels.
        case depthwise
        /// Groups are large enough to be convolutions of their own.
        case separate
        /// An implicit matrix product per block of groups; see ``groupsPerBlock``.
        case blocks
    }

    var algorithm: Algorithm {
        // The kernels for depthwise convolutions need an image.
        if inputs == 1, outputs == 1, window.input.height > 0, window.input.width > 0 { return .depthwise }
        // Winograd's algorithm is worth copying the channels of a group.
        let least = window.kernel == 3 && window.stride == 1 ? 32 : 64
        return min(inputs, outputs) >= least ? .separate : .blocks
    }

    // MARK: Separate

    private func separately(_ body: (Convolution<Scalar>, Int) -> Tensor<Scalar>) -> [Tensor<Scalar>] {
        var window = window
        window.channels = inputs
        return (0..<groups).map { body(Convolution(window: window, images: whole.images, outputs: outputs), $0) }
    }

    /// The channels of one group.
    private func part(_ x: Tensor<Scalar>, _ group: Int) -> Tensor<Scalar> {
        let count = x.shape[x.rank - 1] / groups
        return x.sliced(group * count..<(group + 1) * count, axis: -1).dense()
    }

    // MARK: Products

    func output(
        _ x: Tensor<Scalar>, _ weight: Tensor<Scalar>, _ packed: PackedWeights<Scalar>, _ bias: Tensor<Scalar>?,
        _ activation: Activation
    ) -> Tensor<Scalar> {
        if algorithm != .separate { Observation.observer?.didMultiply(multiplyAdds) }
        switch algorithm {
        case .depthwise: return depthwiseRows(x, weight, bias, activation, isAdjoint: false)
        case .blocks: return blockOutput(x, packed(.panels) { panels(weight) }, bias, activation)
        case .separate:
            let parts = separately { convolution, group in
                convolution.output(
                    part(x, group), part(weight, group), PackedWeights(), bias.map { part($0, group) }, activation)
            }
            return .concatenated(parts, axis: 3)
        }
    }

    /// `[taps · in / groups, out]`
    func weightGradient(_ x: Tensor<Scalar>, _ gradient: Tensor<Scalar>) -> Tensor<Scalar> {
        switch algorithm {
        case .depthwise: return depthwiseWeightGradient(x, gradient)
        case .blocks: return blockWeightGradient(x, gradient)
        case .separate:
            let parts = separately { $0.weightGradient(part(x, $1), part(gradient, $1)) }
            return .concatenated(parts, axis: 1)
        }
    }

    func inputGradient(_ gradient: Tensor<Scalar>, _ weight: Tensor<Scalar>) -> Tensor<Scalar> {
        switch algorithm {
        case .depthwise: return depthwiseRows(gradient, weight, nil, .identity, isAdjoint: true)
        case .separate:
            return .concatenated(
                separately { $0.inputGradient(part(gradient, $1), part(weight, $1)) }, axis: 3)
        case .blocks:
            guard let adjoint else {
                return .concatenated(
                    separately { $0.inputGradient(part(gradient, $1), part(weight, $1)) }, axis: 3)
            }
            let spread = gradient.spread(window.stride)
            return GroupedConvolution(whole: adjoint, groups: groups).output(
                spread, adjointWeights(weight), PackedWeights(), nil, .identity)
        }
    }
}
