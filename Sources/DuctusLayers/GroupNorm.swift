/// Normalisation of groups of channels of every sample over all its positions, with an activation (Wu and He 2018):
/// like batch normalisation, for batches that are too small for it. Nothing differs between training and inference.
///
/// ```swift
/// let layer = GroupNorm(64, groups: 8, activation: .relu)
/// layer(Tensor.zeros([2, 28, 28, 64])).shape   // [2, 28, 28, 64]
/// ```
public struct GroupNorm: Layer, CustomStringConvertible, Placed {
    /// γ, `[channels]`: ones at first.
    public let scale: Parameter
    /// β, `[channels]`: zeros at first.
    public let shift: Parameter
    /// How many groups share the channels evenly, one after the other.
    public let groups: Int
    /// What keeps variances of 0 from being divided by.
    public let epsilon: Double
    /// Applied to the output.
    public let activation: Activation
    let place = Place()

    /// Normalises `channels`, the length of the last axis, which `groups` must divide.
    public init(_ channels: Int, groups: Int, epsilon: Double = 1e-5, activation: Activation = .identity) {
        precondition(
            groups > 0 && channels.isMultiple(of: groups),
            "GroupNorm: \(channels) channels cannot be shared by \(groups) groups.")
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
