/// How an optimizer moves parameters against their gradients. Its properties are its hyper-parameters.
///
/// ```swift
/// struct SignDescent: UpdateRule {
///     static let name = "sign"
///     let slotCount = 0
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
    /// Numbers kept for every element of a parameter from step to step, such as moments; they begin as zeros.
    var slotCount: Int { get }

    /// Moves some elements. Called on several threads at once, with different elements.
    ///
    /// - Parameters:
    ///   - elements: parameters, gradients and slots.
    ///   - rate: the learning rate η of this step.
    ///   - step: the number of this step, from 1.
    ///   - scale: what gradients are to be multiplied by first, because of clipping.
    func update(_ elements: UpdateElements, rate: Double, step: Int, scale: Double)
}

/// Elements of parameters that are moved together. The memory is valid during the call that it is handed to.
public struct UpdateElements {
    /// What is moved.
    public let parameters: UnsafeMutableBufferPointer<Float>
    /// The gradient of each element.
    public let gradients: UnsafeBufferPointer<Float>
    /// What is kept of each element, slot by slot.
    public let slots: [UnsafeMutableBufferPointer<Float>]
    /// Whether the parameter has one axis, as biases and the scales and shifts of normalizations have.
    public let isVector: Bool
}

extension Registries {
    /// The optimizers that files can choose.
    public static let optimizers = Registry<any Component.Type>(
        "optimizer", [SGD.self, RMSprop.self, Adam.self, AdamW.self]
    ) { $0.name }
}
