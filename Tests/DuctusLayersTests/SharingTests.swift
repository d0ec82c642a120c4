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

/// An embedding tied to the output projection: the same parameter twice.
private struct Tied: Module {
    let words = Embedding(5, 4)
    let readout: Parameter

    init() { readout = words.weight }

    func callAsFunction(_ x: Tensor<Int32>) -> Tensor<Float> { words(x).matmul(readout.value.transposed()) }
}

/// A layer or parameter that occurs several times in a network is a single one.
@Suite struct SharingTests {
    @Test func sharedParametersHaveOneName() {
        let network = Twice()
        #expect(network.namedParameters.map(\.name) == ["first.weight", "first.bias"])
        #expect(network.parameterCount == 12)
        network.nameParameters()
        #expect(network.second.weight.name == "first.weight")
    }

    @Test func gradientsOfSharedParametersAddUp() {
        let network = Initialization.seeded(1) { Twice() }
        let x = Tensor<Float>.sample([2, 3])
        let derivative = DirectionalDerivative(of: network.trainableParameters) { network(x) }
        #expect(derivative.agrees(), "\(derivative)")
        #expect(derivative.norm > 0)
        let table = Initialization.seeded(2) { Tied() }
        let both = DirectionalDerivative(of: table.trainableParameters) { table([0, 3, 3]) }
        #expect(both.agrees(), "\(both)")
        #expect(both.norm > 0)
    }

    @Test func sharedParametersAreSavedOnce() throws {
        let (network, other) = (Initialization.seeded(1) { Twice() }, Initialization.seeded(2) { Twice() })
        var archive = TensorArchive()
        network.save(to: &archive)
        #expect(archive.names == ["first.bias", "first.weight"])
        try other.load(from: TensorArchive(archive.encoded(), path: "memory"))
        let x = Tensor<Float>.sample([2, 3])
        #expect(other(x) == network(x))
    }

    @Test func tiedEmbeddingsHaveOneParameter() {
        let tied = Tied()
        #expect(tied.namedParameters.map(\.name) == ["words.weight"])
        #expect(tied([[0, 4]]).shape == [1, 2, 5])
    }
}
