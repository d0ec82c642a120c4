/// Updates parameters by their gradients.
///
/// ```swift
/// var optimizer = Optimizer.adamW(rate: 1e-3)
/// let (loss, gradients) = valueAndGradient(of: network) { … }
/// optimizer.step(gradients)
/// ```
public struct Optimizer: Sendable {
    /// The update rule.
    public let rule: any UpdateRule
    /// The maximum learning rate η.
    public let rate: Double
    /// The learning rate schedule over ``totalSteps``.
    public let schedule: any Schedule
    /// The global norm that gradients are clipped to; nil for no clipping.
    public let clipNorm: Double?
    /// The length of the schedule in steps. `fit` sets it; custom training loops set it themselves.
    public var totalSteps = 1
    /// The number of steps taken.
    public package(set) var steps = 0
    /// One array per slot with the elements of all parameters, and the offsets of the parameters.
    private var slots: [Tensor<Float>]
    private var places: [ObjectIdentifier: Int] = [:]

    /// An optimizer with any update rule.
    ///
    /// ```swift
    /// let optimizer = Optimizer(.adamW(beta1: 0.8, decay: 0.05), rate: 1e-3, schedule: .cosine, clipNorm: 5)
    /// ```
    public init(
        _ rule: some UpdateRule, rate: Double, schedule: some Schedule = .constant, clipNorm: Double? = nil
    ) {
        (self.rule, self.rate, self.schedule, self.clipNorm) = (rule, rate, schedule, clipNorm)
        slots = Array(repeating: .zeros([0]), count: rule.slotCount)
    }

    /// Gradient descent, optionally with momentum, typically 0.9, or Nesterov momentum; see ``SGD``.
    public static func sgd(
        rate: Double, momentum: Double = 0, nesterov: Bool = false, schedule: some Schedule = .constant
    ) -> Optimizer {
        Optimizer(.sgd(momentum: momentum, nesterov: nesterov), rate: rate, schedule: schedule)
    }

    /// RMSprop; see ``RMSprop``.
    public static func rmsprop(rate: Double, schedule: some Schedule = .constant) -> Optimizer {
        Optimizer(.rmsprop(), rate: rate, schedule: schedule)
    }

    /// Adam; a typical rate is 1e-3. See ``Adam``.
    public static func adam(rate: Double, schedule: some Schedule = .constant, clipNorm: Double? = nil) -> Optimizer {
        Optimizer(.adam(), rate: rate, schedule: schedule, clipNorm: clipNorm)
    }

    /// Adam with decoupled weight decay; see ``AdamW``.
    public static func adamW(
        rate: Double, decay: Double = 0.01, schedule: some Schedule = .constant, clipNorm: Double? = nil
    ) -> Optimizer {
        Optimizer(.adamW(decay: decay), rate: rate, schedule: schedule, clipNorm: clipNorm)
    }

    /// The learning rate of the next step.
    public var currentRate: Double { rate * schedule.factor(step: steps, of: totalSteps) }

    /// Updates every parameter that has a gradient.
    public mutating func step(_ gradients: Gradients) {
        let norm = clipNorm == nil ? 0 : gradients.globalNorm
        let scale = clipNorm.map { norm > $0 ? $0 / norm : 1 } ?? 1
        let rate = currentRate
        steps += 1
        makeRoom(for: gradients.entries.map(\.parameter))
        // Parameters, gradients, and slots outlive their pointers and are not written elsewhere.
        let dense = gradients.entries.map { $0.gradient.dense() }
        withExtendedLifetime((gradients, dense)) {
            let g = dense.map { $0.withUnsafeBuffer { $0.baseAddress! } }
            let p = gradients.entries.map { $0.parameter.withUnsafeMutableBuffer { $0.baseAddress! } }
            let state = slots.indices.map { slots[$0].withUnsafeMutableBuffer { $0.baseAddress! } }
            let starts = gradients.entries.map { places[ObjectIdentifier($0.parameter)]! }
            Chunk.all(of: dense.map(\.count)).parallelForEach { [rule, steps] chunk in
                let elements = UpdateElements(
                    parameters: .init(start: p[chunk.array] + chunk.start, count: chunk.count),
                    gradients: .init(start: g[chunk.array] + chunk.start, count: chunk.count),
                    slots: state.map { .init(start: $0 + starts[chunk.array] + chunk.start, count: chunk.count) },
                    isVector: dense[chunk.array].rank == 1)
                rule.update(elements, rate: rate, step: steps, scale: scale)
            }
        }
    }

    /// Adds slots of zeros for new parameters.
    private mutating func makeRoom(for parameters: [Parameter]) {
        let length = slots.first?.count ?? 0
        var end = length
        for parameter in parameters where places[ObjectIdentifier(parameter)] == nil {
            places[ObjectIdentifier(parameter)] = end
            end += parameter.shape.elementCount
        }
        if end > length { slots = slots.map { .concatenated([$0, .zeros([end - length])], axis: 0) } }
    }

    // MARK: Saving

    /// Saves the slots to an archive.
    package func save(to archive: inout TensorArchive, parameters: [(name: String, parameter: Parameter)]) {
        for (name, parameter) in parameters {
            guard let place = places[ObjectIdentifier(parameter)] else { continue }
            for (index, slot) in slots.enumerated() {
                let tensor = slot.sliced(place..<place + parameter.shape.elementCount, axis: 0)
                archive.set("optimizer.\(index).\(name)", to: tensor.reshaped(to: parameter.shape))
            }
        }
    }

    package mutating func load(
        from archive: TensorArchive, parameters: [(name: String, parameter: Parameter)], steps: Int
    ) throws {
        // Before the first step there are no slots.
        let saved = steps > 0 ? parameters.filter(\.parameter.isTrainable) : []
        slots = try slots.indices.map { index in
            try .concatenated(
                [.zeros([0])]
                    + saved.map { name, parameter in
                        let slot = "optimizer.\(index).\(name)"
                        let tensor = try archive.tensor(slot, as: Float.self)
                        guard tensor.shape == parameter.shape else {
                            throw ArchiveError(
                                archive.path,
                                "\"\(slot)\" has shape \(tensor.shape); the network needs \(parameter.shape).")
                        }
                        return tensor.flattened()
                    }, axis: 0)
        }
        places = [:]
        var end = 0
        for (_, parameter) in saved {
            places[ObjectIdentifier(parameter)] = end
            end += parameter.shape.elementCount
        }
        self.steps = steps
    }
}
