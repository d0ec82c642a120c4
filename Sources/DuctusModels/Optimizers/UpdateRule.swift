/// The update rule of an optimizer. Its properties are its hyperparameters.
///
/// ```swift
/// struct SignDescent: UpdateRule {
///     static let name = "sign"
///     var slotCount: Int { 0 }
///     func update(_ elements: UpdateElements, rate: Double, step: Int, scale: Double) {
///         for index in elements.gradients.indices where elements.gradients[index] != 0 {
///             elements.parameters[index] -= elements.gradients[index] > 0 ? Float(rate) : Float(-rate)
///         }
///     }
/// }
/// Registries.optimizers.register(SignDescent.self)           // "optimizer": "sign"
/// let optimizer = Optimizer(SignDescent(), rate: 1e-3)
/// ```
public protocol UpdateRule: Component {
    /// The number of values kept per parameter element between steps, such as moments. They are initially zero.
    var slotCount: Int { get }

    /// Updates elements. Called concurrently, with disjoint elements.
    ///
    /// - Parameters:
    ///   - elements: parameters, gradients, and slots.
    ///   - rate: the learning rate η of the step.
    ///   - step: the number of the step, from 1; only steps in which the parameter has a gradient count.
    ///   - scale: the factor of gradient clipping, which gradients must be multiplied by.
    func update(_ elements: UpdateElements, rate: Double, step: Int, scale: Double)
}

/// Elements to be updated. The buffers are valid only during the call.
public struct UpdateElements {
    /// The parameters.
    public let parameters: UnsafeMutableBufferPointer<Float>
    /// The gradients of the parameters.
    public let gradients: UnsafeBufferPointer<Float>
    /// The values kept between steps, one buffer per slot.
    public let slots: [UnsafeMutableBufferPointer<Float>]
    /// Whether the parameter has at most one axis, as biases and the scales and shifts of normalizations have.
    public let isVector: Bool
}

extension Registries {
    /// The optimizers that configuration files can choose.
    public static let optimizers = Registry<any Component.Type>(
        "optimizer", [SGD.self, RMSprop.self, Adam.self, AdamW.self, Lion.self]
    ) { $0.name }
}
