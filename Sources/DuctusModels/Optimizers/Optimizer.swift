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
    /// The maximum learning rate η, which may be changed between steps.
    public var rate: Double { didSet { check() } }
    /// The learning rate schedule over ``totalSteps``.
    public var schedule: any Schedule { didSet { check() } }
    /// The global norm that gradients are clipped to, above 0; nil for no clipping.
    public var clipNorm: Double? { didSet { check() } }
    /// The length of the schedule in steps. `fit` sets it; custom training loops set it themselves.
    public var totalSteps = 1
    /// The number of steps before the first one of the schedule. `fit` sets it, so that every training has a schedule of
    /// its own; custom training loops set it themselves.
    public var stepsBeforeSchedule = 0
    /// What the rate is multiplied by besides the schedule. `fit` sets it in every epoch, as its callbacks say
    /// (``Callback/rateFactor``).
    public var rateFactor = 1.0
    /// The number of steps taken.
    public package(set) var steps = 0
    /// One array per slot with the elements of all parameters, and what else is kept for a parameter.
    private var slots: [Tensor<Float>]
    private struct Kept {
        /// The offset of its elements.
        let start: Int
        /// The number of steps that it has taken: fewer than the optimizer if it came late or was frozen.
        var steps = 0
    }
    private var places: [ObjectIdentifier: Kept] = [:]
    private struct Group {
        let parameter: Parameter
        let rateFactor: Double
        let rule: any UpdateRule
    }
    private var groups: [ObjectIdentifier: Group] = [:]
    /// The parameters with slots, kept alive, since another parameter could get the identity of a freed one.
    private var known: [Parameter] = []

    /// An optimizer with any update rule. Settings that a configuration file may not have trap.
    ///
    /// ```swift
    /// let optimizer = Optimizer(.adamW(beta1: 0.8, decay: 0.05), rate: 1e-3, schedule: .cosine, clipNorm: 5)
    /// ```
    public init(
        _ rule: some UpdateRule, rate: Double, schedule: some Schedule = .constant, clipNorm: Double? = nil
    ) {
        (self.rule, self.rate, self.schedule, self.clipNorm) = (rule, rate, schedule, clipNorm)
        slots = Array(repeating: .zeros([0]), count: rule.slotCount)
        Self.check(rule)
        check()
    }

    /// Traps if what may be changed is out of range.
    private func check() {
        precondition(rate >= 0, "Optimizer: rate is \(rate); it must be at least 0.")
        precondition(
            clipNorm.map { $0 > 0 } ?? true, "Optimizer: clipNorm is \(clipNorm ?? 0); it must be above 0, or nil.")
        Self.check(schedule)
    }

    /// Traps if the settings of a rule or schedule are out of range.
    private static func check(_ component: any Component) {
        if let problem = component.problem {
            preconditionFailure("Optimizer: of \(type(of: component).name), \(problem).")
        }
    }

    /// Gives parameters a learning rate or an update rule of their own, such as AdamW without decay:
    ///
    /// ```swift
    /// optimizer.group(network.parameters { path, _ in path.hasPrefix("features") }, rateFactor: 0.1)
    /// optimizer.group([network.embedding.weight], rule: .adamW(decay: 0))
    /// ```
    /// A group is configuration, which is not saved with the state. Of several groups with a parameter, the last counts.
    ///
    /// - Parameters:
    ///   - parameters: the parameters of the group.
    ///   - rateFactor: the factor of the learning rate, at least 0.
    ///   - rule: the update rule, with as many slots as ``rule``; that one if nil.
    public mutating func group(_ parameters: [Parameter], rateFactor: Double = 1, rule: (any UpdateRule)? = nil) {
        let rule = rule ?? self.rule
        precondition(
            rule.slotCount == self.rule.slotCount,
            "The rule of a group keeps \(rule.slotCount) values per element, the optimizer \(self.rule.slotCount); they must "
                + "keep the same number.")
        precondition(rateFactor >= 0, "Optimizer: rateFactor is \(rateFactor); it must be at least 0.")
        Self.check(rule)
        for parameter in parameters {
            groups[ObjectIdentifier(parameter)] = Group(parameter: parameter, rateFactor: rateFactor, rule: rule)
        }
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
    public var currentRate: Double {
        rate * rateFactor * schedule.factor(step: steps - stepsBeforeSchedule, of: totalSteps)
    }

    /// Updates every parameter that has a gradient.
    public mutating func step(_ gradients: Gradients) { _ = step(gradients, assigning: []) }

    /// Updates every parameter that has a gradient, and gives others new values at the same time.
    ///
    /// - Parameters:
    ///   - gradients: the gradients.
    ///   - statistics: the new values of other parameters.
    ///   - norm: the global norm of the gradients, if it is known.
    /// - Returns: the global norm of the change of the parameters, if `norm` is given.
    @discardableResult
    package mutating func step(
        _ gradients: Gradients, assigning statistics: [(parameter: Parameter, value: Tensor<Float>)],
        norm: Double? = nil
    ) -> Double? {
        Observation.performing("optimizerStep") { update(gradients, statistics, norm) }
    }

    private mutating func update(
        _ gradients: Gradients, _ statistics: [(parameter: Parameter, value: Tensor<Float>)], _ norm: Double?
    ) -> Double? {
        let scale = clipNorm.map { limit in
            let norm = norm ?? gradients.globalNorm
            return norm > limit ? limit / norm : 1
        }
        let rate = currentRate
        steps += 1
        let parameters = gradients.parameters
        makeRoom(for: parameters)
        for parameter in parameters { places[ObjectIdentifier(parameter)]?.steps += 1 }
        let dense = gradients.entries.map { $0.gradient.dense() }
        let kept = parameters.compactMap { places[ObjectIdentifier($0)] }
        let chunks = Chunk.all(of: dense.map(\.count))
        let own = parameters.map { groups[ObjectIdentifier($0)] }
        var squares: [Double] = []
        Tensor.withUnsafeMutablePointers(to: &slots) { [rule] slots in
            withExtendedLifetime(dense) {
                let g = dense.map(\.base)
                Parameter.update(parameters, assigning: statistics) { p in
                    func update(_ chunk: Chunk) {
                        let elements = UpdateElements(
                            parameters: .init(start: p[chunk.array] + chunk.start, count: chunk.count),
                            gradients: .init(start: g[chunk.array] + chunk.start, count: chunk.count),
                            slots: slots.map {
                                .init(start: $0 + kept[chunk.array].start + chunk.start, count: chunk.count)
                            },
                            isVector: dense[chunk.array].rank <= 1)
                        let group = own[chunk.array]
                        (group?.rule ?? rule).update(
                            elements, rate: rate * (group?.rateFactor ?? 1), step: kept[chunk.array].steps,
                            scale: scale ?? 1)
                    }
                    if norm == nil { return chunks.parallelForEach(update) }
                    squares = chunks.parallelMap { chunk in
                        sumOfSquaredChanges(p[chunk.array] + chunk.start, chunk.count) { update(chunk) }
                    }
                }
            }
        }
        // Summed in the order of the parameters, so that the norm is the same for every number of threads.
        return norm == nil ? nil : squares.reduce(0, +).squareRoot()
    }

    /// Adds slots of zeros for new parameters.
    private mutating func makeRoom(for parameters: [Parameter]) {
        let length = slots.first?.count ?? 0
        var end = length
        for parameter in parameters where places[ObjectIdentifier(parameter)] == nil {
            places[ObjectIdentifier(parameter)] = Kept(start: end)
            known.append(parameter)
            end += parameter.shape.elementCount
        }
        if end > length { slots = slots.map { .concatenated([$0, .zeros([end - length])], axis: 0) } }
    }

    // MARK: Saving

    /// The numbers of steps that a file may have; none of them overflows.
    static let possibleSteps = 0...1 << 40

    /// Saves the state to an archive: the number of steps, and what is kept for the parameters of a network.
    ///
    /// ```swift
    /// var archive = TensorArchive()
    /// network.save(to: &archive)
    /// optimizer.save(to: &archive, of: network)
    /// try archive.write(to: "state.safetensors")
    /// ```
    public func save(to archive: inout TensorArchive, of network: some Module) {
        archive.metadata["steps"] = "\(steps)"
        save(to: &archive, parameters: network.namedParameters)
    }

    /// Loads the state that ``save(to:of:)`` has saved. Training then continues exactly as it would have.
    /// - Throws: `ArchiveError` if something is missing or has another shape, or is the state of another update rule; nothing is
    ///   changed then.
    public mutating func load(from archive: TensorArchive, of network: some Module) throws {
        guard let steps = archive.metadata["steps"].flatMap({ Int($0) }), Self.possibleSteps ~= steps else {
            throw ArchiveError(
                archive.path, "has no state of an optimizer: metadata \"steps\" is missing or no number.")
        }
        let saved = network.namedParameters.filter {
            rule.slotCount == 0 || archive.shape(of: "optimizer.0.\($0.name)") != nil
        }
        guard steps == 0 || !saved.isEmpty else {
            throw ArchiveError(archive.path, "has nothing that the optimizer keeps for a parameter of this network.")
        }
        try load(from: archive, parameters: saved, steps: steps)
    }

    /// Saves the slots to an archive, whose they are, and the steps of parameters that have not taken all of them.
    package func save(to archive: inout TensorArchive, parameters: [(name: String, parameter: Parameter)]) {
        archive.metadata[Self.ruleKey] = owner
        for (name, parameter) in parameters where parameter.isTrainable {
            let kept = places[ObjectIdentifier(parameter)]
            let taken = kept?.steps ?? 0
            if taken != steps { archive.set(Self.stepsKey(name), to: Tensor(Int32(clamping: taken))) }
            guard let start = kept?.start else { continue }
            for (index, slot) in slots.enumerated() {
                let tensor = slot.sliced(start..<start + parameter.shape.elementCount, axis: 0)
                archive.set("optimizer.\(index).\(name)", to: tensor.reshaped(to: parameter.shape))
            }
        }
    }

    package mutating func load(
        from archive: TensorArchive, parameters: [(name: String, parameter: Parameter)], steps: Int
    ) throws {
        // Files of older versions do not name it.
        if let other = archive.metadata[Self.ruleKey], other != owner {
            throw ArchiveError(
                archive.path,
                "has the state of the optimizer \(other), not of \(owner); use \(other), or load only the weights.")
        }
        // Before its first step a parameter has no slots.
        let saved = try parameters.filter(\.parameter.isTrainable).map { name, parameter in
            (name: name, parameter: parameter, steps: try Self.steps(of: name, in: archive, all: steps))
        }.filter { $0.steps > 0 }
        slots = try slots.indices.map { index in
            try .concatenated(
                [.zeros([0])]
                    + saved.map { name, parameter, _ in
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
        (places, known) = ([:], saved.map(\.parameter))
        var end = 0
        for (_, parameter, taken) in saved {
            places[ObjectIdentifier(parameter)] = Kept(start: end, steps: taken)
            end += parameter.shape.elementCount
        }
        self.steps = steps
    }

    private static let ruleKey = "optimizer"

    /// The name of the rule that the slots are of: AdamW keeps what Adam keeps.
    private var owner: String { rule is AdamW ? Adam.name : type(of: rule).name }

    private static func stepsKey(_ name: String) -> String { "optimizer.steps.\(name)" }

    /// The number of steps that a parameter has taken: all, unless the archive has another number.
    private static func steps(of name: String, in archive: TensorArchive, all: Int) throws -> Int {
        let key = stepsKey(name)
        guard archive.shape(of: key) != nil else { return all }
        let numbers = try archive.tensor(key, as: Int32.self).scalars.map { Int($0) }
        guard numbers.count == 1, 0...all ~= numbers[0] else {
            throw ArchiveError(archive.path, "\"\(key)\" is not one number of steps from 0 to \(all).")
        }
        return numbers[0]
    }
}

/// Σ (new − old)² over elements that `body` changes, while both are in the cache.
private func sumOfSquaredChanges(_ elements: UnsafeMutablePointer<Float>, _ count: Int, _ body: () -> Void) -> Double {
    withUnsafeTemporaryAllocation(of: Float.self, capacity: count) { old in
        guard let change = old.baseAddress else { return 0 }
        change.initialize(from: elements, count: count)
        body()
        for index in 0..<count { change[index] = elements[index] - change[index] }
        return Float.kernels.sum_of_squares(count, change)
    }
}
