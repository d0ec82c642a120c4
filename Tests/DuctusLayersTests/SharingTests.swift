import DuctusLayers
import DuctusTestSupport
import Testing

/// The same layer twice.
private struct Twice: Layer {
    let first = Dense(3, 3, activation: .tanh)
    let second: Dense
    let layers: Sequential

    init() {
        second = first
        layers = Sequential([first, Activate(.gelu), first])
    }

    func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { layers(second(first(x))) }
}

/// A table that is read and written with: the parameter twice.
private struct Tied: Module {
    let words = Embedding(5, 4)
    let readout: Parameter

    init() { readout = words.weight }

    func callAsFunction(_ x: Tensor<Int32>) -> Tensor<Float> { words(x).matmul(readout.value.transposed()) }
}

/// What is in several places of a network is one thing.
@Suite struct SharingTests {
    @Test func hasOneName() {
        let network = Twice()
        #expect(network.namedParameters.map(\.name) == ["first.weight", "first.bias"])
        #expect(network.parameterCount == 12)
        network.nameParameters()
        #expect(network.second.weight.name == "first.weight")
    }

    @Test func gradientsAddUp() {
        let network = Initialization.seeded(1) { Twice() }
        let x = Tensor<Float>.sample([2, 3])
        let derivative = DirectionalDerivative(of: network.trainableParameters) { network(x) }
        #expect(derivative.agrees() && derivative.norm > 0, "\(derivative)")
        let table = Initialization.seeded(2) { Tied() }
        let both = DirectionalDerivative(of: table.trainableParameters) { table([0, 3, 3]) }
        #expect(both.agrees() && both.norm > 0, "\(both)")
    }

    @Test func isSavedOnceAndLoaded() throws {
        let (network, other) = (Initialization.seeded(1) { Twice() }, Initialization.seeded(2) { Twice() })
        var archive = TensorArchive()
        network.save(to: &archive)
        #expect(archive.names == ["first.bias", "first.weight"])
        try other.load(from: TensorArchive(archive.encoded(), path: "memory"))
        let x = Tensor<Float>.sample([2, 3])
        #expect(other(x) == network(x))
    }

    @Test func tiedTable() {
        let tied = Tied()
        #expect(tied.namedParameters.map(\.name) == ["words.weight"])
        #expect(tied([[0, 4]]).shape == [1, 2, 5])
    }
}
