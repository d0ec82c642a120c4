/// Normalization of groups of channels of every sample over all positions, with an activation (Wu and He 2018): an
/// alternative to batch normalization for small batches. Training and inference compute the same.
///
/// ```swift
/// let layer = GroupNorm(64, groups: 8, activation: .relu)
/// layer(Tensor.zeros([2, 28, 28, 64])).shape   // [2, 28, 28, 64]
/// ```
public struct GroupNorm: Layer, CustomStringConvertible, Placed {
    /// γ, `[channels]`, initially 1.
    public let scale: Parameter
    /// β, `[channels]`, initially 0.
    public let shift: Parameter
    /// The number of groups, equal runs of consecutive channels.
    public let groups: Int
    /// Added to the variance for numerical stability.
    public let epsilon: Double
    /// Applied to the output.
    public let activation: Activation
    let place = Place()

    /// Normalizes `channels` channels, the length of the last axis, which `groups` must divide.
    public init(_ channels: Int, groups: Int, epsilon: Double = 1e-5, activation: Activation = .identity) {
        precondition(
            groups > 0 && channels.isMultiple(of: groups),
            "GroupNorm: \(channels) channels cannot be divided into \(groups) groups.")
        scale = Parameter(.ones([channels]))
        shift = Parameter(.zeros([channels]))
        (self.groups, self.epsilon, self.activation) = (groups, epsilon, activation)
    }

    public func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> {
        expect(
            x.rank >= 2 && x.shape[x.rank - 1] == scale.shape[0],
            "input is \(x.shape); it must be [batch, …, \(scale.shape[0])]")
        return listed {
            groupNormalization(
                x, groups: groups, scale: scale.value, shift: shift.value, epsilon: epsilon, activation: activation)
        }
    }

    public var description: String { "GroupNorm \(scale.shape[0]), \(groups) groups" }
}
