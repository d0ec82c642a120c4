import DuctusAutograd
import DuctusTestSupport
import Testing

/// When the backward pass has finished the gradient of a parameter.
@Suite struct FinalGradientTests {
    private let first = Parameter([2])
    private let second = Parameter([3])
    private let shared = Parameter([5])
    private let unread = Parameter([7])

    /// The parameters in the order in which their gradients are told to be final, with what is told.
    private func finished(
        _ function: () -> Tensor<Float>
    ) -> (told: [(name: String, gradient: Float?)], gradients: Gradients) {
        for (parameter, name) in [(first, "first"), (second, "second"), (shared, "shared"), (unread, "unread")] {
            parameter.name = name
        }
        var told: [(String, Float?)] = []
        let step = trainingStep(
            of: [first, second, shared, unread], random: nil, function,
            whenFinal: { told.append(($0.name, $1?.item())) })
        return (told, step.gradients)
    }

    /// x → first · x → shared · … → second · … → shared · …, of which the backward pass finishes the last factor that is read
    /// nowhere else first.
    @Test func parametersAreFinalAfterTheFirstOperationThatReadsThem() {
        let (told, gradients) = finished {
            let x = Tensor<Float>([1]) * first.value
            return (x * shared.value * second.value * shared.value).sum()
        }
        #expect(told.map(\.name) == ["unread", "second", "shared", "first"])
        #expect(told.map(\.gradient) == [nil, 50, 60, 75])
        for (parameter, entry) in zip([unread, second, shared, first], told) {
            #expect(gradients[parameter]?.item() == entry.gradient)
        }
    }

    /// A value that no operation reads is the output itself.
    @Test func aParameterMayBeTheOutput() {
        let scalar = Parameter(Tensor(4))
        var told: [Float?] = []
        _ = trainingStep(of: [scalar], random: nil, { scalar.value }, whenFinal: { told.append($1?.item()) })
        #expect(told == [1])
    }

    /// What is read, but does not reach the output, has no gradient.
    @Test func aParameterMayBeReadInVain() {
        let (told, _) = finished {
            _ = shared.value * 2
            return (first.value * second.value).sum()
        }
        #expect(told.filter { $0.name == "shared" }.map(\.gradient) == [nil])
        #expect(told.count == 4)
    }
}
