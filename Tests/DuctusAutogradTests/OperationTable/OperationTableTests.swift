import DuctusAutograd
import DuctusTestSupport
import Testing

/// What every operation of the table must do.
@Suite struct OperationTableTests {
    @Test(arguments: Operation.all) func valuesEqualTheDefinition(operation: Operation) {
        for trial in operation.trials where trial.isOrdinary {
            expectDefinition(operation, trial)
        }
    }

    @Test(arguments: Operation.all) func specialNumbersEqualTheDefinition(operation: Operation) {
        for trial in operation.trials where trial.isSpecial {
            expectDefinition(operation, trial)
        }
    }

    private func expectDefinition(_ operation: Operation, _ trial: Trial) {
        let inputs = trial.inputs()
        let expected = trial.definition(inputs.map { Plain($0) })
        let problem = operation.tolerance.disagreement(of: trial.function(inputs), with: expected, at: inputs)
        #expect(problem == nil, "\(trial)")
    }

    @Test(arguments: Operation.all) func gradientsEqualDifferencesOfTheDefinition(operation: Operation) {
        for trial in operation.trials where trial.isOrdinary {
            let inputs = trial.inputs()
            // Differences take two evaluations for every element.
            guard inputs.allSatisfy({ $0.count <= 64 }) else { continue }
            let (value, pullback) = valueAndPullback(at: inputs, trial.function)
            let upstream = Trial.upstream(value.shape)
            let numeric = trial.differences(at: inputs, upstream)
            for (number, (found, expected)) in zip(pullback(upstream), numeric).enumerated() {
                let problem = disagreement(of: found, with: expected, tolerance: 1e-4)
                #expect(problem == nil, "\(trial), input \(number)")
            }
        }
    }

    /// Transposed inputs, inputs with gaps, and reversed ones.
    @Test(arguments: Operation.all) func resultsDoNotDependOnTheLayout(operation: Operation) {
        for trial in operation.trials where !trial.isLarge {
            let inputs = trial.inputs()
            let expected = trial.results(at: inputs)
            for (number, layout) in Self.layouts.enumerated() {
                let results = trial.results(at: inputs.map(layout))
                for (a, b) in zip(results, expected) {
                    let isSame = operation.sumsByLayout ? areClose(a, b) : bits(a) == bits(b)
                    #expect(isSame, "\(trial), layout \(number)")
                }
            }
        }
    }

    /// If these did not disagree, no test here could fail.
    @Test func tolerancesNoticeDisagreement() {
        func agrees(_ tolerance: Tolerance, _ actual: Float, _ expected: Double, at input: Float = 0) -> Bool {
            let (tensor, plain) = (Tensor<Float>([actual]), Plain([expected], shape: [1]))
            return tolerance.disagreement(of: tensor, with: plain, at: [Tensor<Float>([input])]) == nil
        }
        #expect(agrees(.exact, .nan, .nan))
        #expect(!agrees(.exact, 1, .nan))
        #expect(!agrees(.ulps(9), .nan, 1))
        #expect(!agrees(.exact, -0.0, 0))
        #expect(agrees(.exact, 0.1, 0.1))
        #expect(!agrees(.exact, Float(0.1).nextUp, 0.1))
        #expect(agrees(.ulps(2), Float(0.1).nextUp, 0.1))
        #expect(!agrees(.ulps(2), Float(0.1).nextUp.nextUp.nextUp, 0.1))
        #expect(agrees(.exact, .infinity, 1e39))
        #expect(!agrees(.ulpsOfLargest(9), .greatestFiniteMagnitude, .infinity))
        #expect(agrees(.ulpsOfLargest(1), 1e-4, 0, at: 2048))
        #expect(!agrees(.ulpsOfLargest(1), 1e-4, 0, at: 512))
        let scalar = Plain([1], shape: [])
        #expect(Tolerance.exact.disagreement(of: Tensor<Float>([1]), with: scalar, at: []) != nil)
    }

    private static let layouts: [@Sendable (Tensor<Float>) -> Tensor<Float>] = [
        { $0.strided }, { $0.flipped().dense().flipped() },
        { x in
            let twice = Tensor.stacked([x, x], axis: -1)
            return twice.sliced(1..<2, axis: -1).squeezingShape(at: -1)
        },
    ]

    private func areClose(_ a: Tensor<Float>, _ b: Tensor<Float>) -> Bool {
        // Nothing is close to NaN, so it is compared by itself.
        let numbers = [a, b].map { Tensor($0.scalars.map { $0.isNaN ? 0 : $0 }, shape: $0.shape) }
        let areEqual = disagreement(of: numbers[0], with: numbers[1], tolerance: 1e-5) == nil
        return areEqual && a.scalars.map(\.isNaN) == b.scalars.map(\.isNaN)
    }

    /// The bits of every element, with one pattern for all NaNs, and the shape.
    private func bits(_ tensor: Tensor<Float>) -> [UInt32] {
        tensor.shape.map { UInt32($0) } + tensor.scalars.map { $0.isNaN ? Float.nan.bitPattern : $0.bitPattern }
    }

    @Test(arguments: Operation.all) func resultsDoNotDependOnTheNumberOfThreads(operation: Operation) {
        let large = operation.trials.filter(\.isLarge)
        #expect(!large.isEmpty)
        for trial in large {
            let inputs = trial.inputs()
            let alone = onThreads(1) { trial.results(at: inputs).map(bits) }
            let together = onThreads(2) { trial.results(at: inputs).map(bits) }
            #expect(alone == together, "\(trial)")
        }
    }

    @Test(arguments: Operation.all) func inputsAreNotChanged(operation: Operation) {
        for trial in operation.trials where !trial.isLarge {
            let inputs = trial.inputs()
            let before = inputs.map(bits)
            _ = trial.results(at: inputs)
            #expect(inputs.map(bits) == before, "\(trial)")
        }
    }

    /// In processes of their own, which end with the sentence.
    @Test(arguments: Operation.mistakes.indices) func mistakesAreRefused(number: Int) async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) { [number] in
            Operation.mistakes[number].make()
        }
        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        let sentence = Operation.mistakes[number].sentence
        #expect(message.contains(sentence))
    }
}
