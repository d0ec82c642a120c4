import DuctusModels
import DuctusTestSupport
import Testing

@Suite struct OptimizerTests {
    /// The optimizer of a golden case; RMSprop with momentum does not exist here.
    static func optimizer(_ golden: GoldenCase) -> Optimizer? {
        let attributes = golden.attributes.compactMapValues { value in
            if case .number(let text) = value { Double(text) } else { nil }
        }
        func number(_ key: String) -> Double { attributes[key] ?? 0 }
        switch golden.operation {
        case "sgd":
            return Optimizer(
                .sgd(momentum: number("momentum"), nesterov: golden.flag("nesterov"), decay: number("weight_decay")),
                rate: number("learning_rate"))
        case "rmsprop" where number("momentum") == 0:
            return Optimizer(.rmsprop(rho: number("decay"), epsilon: number("epsilon")), rate: number("learning_rate"))
        case "adam":
            return Optimizer(
                .adam(beta1: number("beta1"), beta2: number("beta2"), epsilon: number("epsilon")),
                rate: number("learning_rate"))
        case "adamw":
            return Optimizer(
                .adamW(
                    beta1: number("beta1"), beta2: number("beta2"), epsilon: number("epsilon"),
                    decay: number("weight_decay")),
                rate: number("learning_rate"))
        default: return nil
        }
    }

    /// Gradients that are exactly the given ones.
    static func gradients(_ given: [(Parameter, Tensor<Float>)]) -> Gradients {
        valueAndGradient(of: given.map(\.0)) {
            given.map { ($0.value * $1).sum() }.reduce(Tensor(0)) { $0 + $1 }
        }.gradients
    }

    @Test(arguments: try Goldens.cases("optimizers").filter { optimizer($0) != nil })
    func trajectoriesAgreeWithPyTorch(golden: GoldenCase) throws {
        var optimizer = try #require(Self.optimizer(golden))
        let parameter = Parameter(try golden.tensor("parameter"))
        let (gradients, trajectory) = (try golden.tensor("gradients"), try golden.tensor("trajectory"))
        for step in 0..<gradients.shape[0] {
            optimizer.step(Self.gradients([(parameter, gradients.row(step))]))
            let problem = disagreement(of: parameter.stored, with: trajectory.row(step), tolerance: 1e-6)
            #expect(problem == nil, "step \(step + 1)")
        }
        #expect(optimizer.steps == 10)
    }

    /// Algorithm 2 of Chen et al. (2023) in double precision.
    @Test func lionFollowsItsDefinition() {
        var optimizer = Optimizer(.lion(beta1: 0.9, beta2: 0.99, decay: 0.1), rate: 0.01)
        let parameter = Parameter([1, -2, 0.5])
        var (p, m): ([Double], [Double]) = ([1, -2, 0.5], [0, 0, 0])
        for gradient in [[0.3, -1, 0], [-0.02, 4, 0.1], [-2, 0.5, 0]] as [[Double]] {
            optimizer.step(Self.gradients([(parameter, Tensor(gradient.map { Float($0) }))]))
            for index in p.indices {
                let direction = 0.9 * m[index] + 0.1 * gradient[index]
                let sign: Double = direction > 0 ? 1 : direction < 0 ? -1 : 0
                p[index] -= 0.01 * (sign + 0.1 * p[index])
                m[index] = 0.99 * m[index] + 0.01 * gradient[index]
            }
        }
        let expected = Tensor(p.map { Float($0) })
        #expect(disagreement(of: parameter.stored, with: expected, tolerance: 1e-6) == nil)
    }

    @Test(arguments: try Goldens.cases("optimizers").filter { $0.operation == "clipping" })
    func clippingAgreesWithPyTorch(golden: GoldenCase) throws {
        let (first, second) = (Parameter(.zeros([2, 3])), Parameter(.zeros([4])))
        var gradients = Self.gradients([
            (first, try golden.tensor("first")), (second, try golden.tensor("second")),
        ])
        let norm = try Double(golden.tensor("norm").item())
        let maximum = golden.name == "clipping.above" ? 1.0 : 100
        #expect(abs(gradients.globalNorm - norm) < 1e-6 * norm)
        // An optimizer with this limit moves by the clipped gradients.
        var optimizer = Optimizer(.sgd(), rate: 1, clipNorm: maximum)
        optimizer.step(gradients)
        gradients.clip(toNorm: maximum)
        for (parameter, name) in [(first, "clipped_first"), (second, "clipped_second")] {
            let clipped = try #require(gradients[parameter])
            // PyTorch divides by norm + 1e-6.
            #expect(try disagreement(of: clipped, with: golden.tensor(name), tolerance: 2e-6) == nil)
            #expect(disagreement(of: -parameter.stored, with: clipped, tolerance: 1e-6) == nil)
        }
    }

    /// The bias of its moments depends on the steps that a parameter has taken, as in PyTorch.
    @Test func parametersThatComeLateBeginLikeOthers() {
        let (early, late) = (Parameter(.zeros([1])), Parameter(.zeros([1])))
        var optimizer = Optimizer.adam(rate: 0.125)
        for _ in 0..<5 { optimizer.step(Self.gradients([(early, [1])])) }
        optimizer.step(Self.gradients([(early, [1]), (late, [1])]))
        #expect(abs(late.stored.item() + 0.125) < 1e-6)
        #expect(optimizer.steps == 6)
    }

    @Test func pausesChangeNothing() {
        let (steady, pausing, other) = (Parameter(.zeros([1])), Parameter(.zeros([1])), Parameter(.zeros([1])))
        var (optimizer, another) = (Optimizer.adam(rate: 0.1), Optimizer.adam(rate: 0.1))
        for number in 0..<6 {
            let gradient = Tensor<Float>([Float(number)])
            optimizer.step(Self.gradients([(steady, gradient)]))
            another.step(Self.gradients([(pausing, gradient)]))
            another.step(Self.gradients([(other, gradient)]))
        }
        #expect(pausing.stored == steady.stored)
    }

    /// Clipping must not divide by a norm of zero.
    @Test func clippingLeavesZeroGradientsAlone() {
        let parameter = Parameter(.zeros([3]))
        var gradients = Self.gradients([(parameter, .zeros([3]))])
        gradients.clip(toNorm: 1)
        #expect(gradients[parameter] == .zeros([3]))
        #expect(gradients.globalNorm == 0)
    }
}

/// What a configuration file may not have traps in code.
@Suite struct OptimizerTrapTests {
    private static func message(_ result: ExitTest.Result?) -> String {
        String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
    }

    @Test func rulesAreChecked() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Optimizer(.adam(beta1: 1), rate: 0.1)
        }
        #expect(Self.message(result).contains("Optimizer: of adam, key \"beta1\" is 1.0; it must be 0.0 to"))
    }

    @Test func rulesOfGroupsAreChecked() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var optimizer = Optimizer.adamW(rate: 0.1)
            optimizer.group([Parameter(.zeros([1]))], rule: .adamW(decay: 2))
        }
        #expect(Self.message(result).contains("Optimizer: of adamW, key \"decay\" is 2.0; it must be 0.0 to 1.0."))
    }

    @Test func schedulesAreChecked() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            var optimizer = Optimizer.sgd(rate: 0.1)
            optimizer.schedule = .steps(parts: 0, factor: 0.1)
        }
        #expect(Self.message(result).contains("Optimizer: of steps, key \"parts\" is 0; it must be 1 to 1000000."))
    }

    @Test func normsAreAboveZero() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            _ = Optimizer.adam(rate: 0.1, clipNorm: -1)
        }
        #expect(Self.message(result).contains("Optimizer: clipNorm is -1.0; it must be above 0, or nil."))
    }
}

@Suite struct ScheduleTests {
    static let all: [any Schedule] = [
        .constant, .cosine, .oneCycle(warmup: 0.2), .oneCycle(warmup: 0), .oneCycle(warmup: 1),
        .steps(parts: 3, factor: 0.1),
    ]

    @Test(arguments: all.indices, [1, 2, 7, 100]) func factorsStayBetweenZeroAndOne(index: Int, total: Int) {
        let schedule = Self.all[index]
        // Custom training loops may continue after the end.
        for step in 0..<total + 3 {
            let factor = schedule.factor(step: step, of: total)
            #expect((0...1).contains(factor), "step \(step)")
        }
        #expect(schedule.factor(step: total + 2, of: total) == schedule.factor(step: total - 1, of: total))
    }

    private func factors(_ schedule: some Schedule) -> [Double] { (0..<101).map { schedule.factor(step: $0, of: 101) } }
    private func falls(_ values: some Sequence<Double>) -> Bool {
        zip(values, values.dropFirst()).allSatisfy { $0 > $1 }
    }

    @Test func constantNeverChanges() { #expect(Set(factors(.constant)) == [1]) }

    @Test func cosineDecaysToZero() {
        let factors = factors(.cosine)
        #expect(factors[0] == 1)
        #expect(abs(factors[50] - 0.5) < 1e-12)
        #expect(factors[100] == 0)
        #expect(falls(factors))
    }

    @Test func oneCycleRisesThenFalls() {
        let factors = factors(.oneCycle(warmup: 0.2))
        #expect(abs(factors[0] - 0.04) < 1e-12)
        #expect(factors[20] == 1)
        #expect(abs(factors[100] - 1e-4) < 1e-12)
        #expect(falls(factors[...20].reversed()))
        #expect(falls(factors[20...]))
    }

    @Test func stepsMultiplyTheRateByAFactor() {
        let factors = factors(.steps(parts: 3, factor: 0.1))
        for (step, expected) in [(0, 1), (33, 1), (34, 0.1), (66, 0.1), (67, 0.01), (100, 0.01)] {
            #expect(abs(factors[step] - expected) < 1e-12, "step \(step)")
        }
    }

    @Test func scheduleSetsTheRateOfTheNextStep() {
        var optimizer = Optimizer.sgd(rate: 0.5, schedule: .cosine)
        optimizer.totalSteps = 3
        let parameter = Parameter(.zeros([1]))
        let moves = (0..<3).map { _ in
            let (before, rate) = (parameter.stored, optimizer.currentRate)
            optimizer.step(OptimizerTests.gradients([(parameter, [1])]))
            #expect((before - parameter.stored).item() == Float(rate))
            return rate
        }
        #expect(moves == [0.5, 0.25, 0])
    }
}
