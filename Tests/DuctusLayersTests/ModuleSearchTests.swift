import DuctusLayers
import DuctusTestSupport
import Testing

/// Layers are found wherever a module stores them.
@Suite struct ModuleSearchTests {
    private enum Branch: Sendable {
        case one(Dense)
        case two(Dense, last: Dense)
        case none
    }

    private struct Box: Sendable { let inner: Dense }

    private class Base: Layer, @unchecked Sendable {
        let stem = Dense(2, 2, bias: false)
        func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { stem(x) }
    }

    private final class Derived: Base, @unchecked Sendable {
        let head = Dense(2, 1, bias: false)
        override func callAsFunction(_ x: Tensor<Float>) -> Tensor<Float> { head(super.callAsFunction(x)) }
    }

    private struct Everything: Module {
        let byName = ["b": Dense(1, 1, bias: false), "a": Dense(1, 1, bias: false)]
        let pair = (Dense(1, 1, bias: false), second: Dense(1, 1, bias: false))
        let branch = Branch.one(Dense(1, 1, bias: false))
        let branches = [Branch.two(Dense(1, 1, bias: false), last: Dense(1, 1, bias: false)), .none]
        let box: Box? = Box(inner: Dense(1, 1, bias: false))
        let nested: [[Dense?]] = [[nil, Dense(1, 1, bias: false)]]
        let inherited = Derived()
        let plain = [Float](repeating: 0, count: 1_000_000)
        let text = ["a": 1]
    }

    @Test func layersAreFoundInAllProperties() {
        let names = [
            "byName.a", "byName.b", "pair.0", "pair.second", "branch.one", "branches.0.two.0", "branches.0.two.last",
            "box.inner", "nested.0.1", "inherited.stem", "inherited.head",
        ]
        #expect(Everything().namedParameters.map(\.name) == names.map { $0 + ".weight" })
    }

    @Test func objectsThatReferToEachOtherAreSearchedOnce() {
        final class Ring: Module, @unchecked Sendable {
            let layer = Dense(1, 1, bias: false)
            var next: Ring?
        }
        let (a, b) = (Ring(), Ring())
        (a.next, b.next) = (b, a)
        #expect(a.namedParameters.map(\.name) == ["layer.weight", "next.layer.weight"])
        a.next = nil
    }

    @Test func setsOfLayersAreRefused() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            struct Unordered: Module {
                struct Item: Hashable, Sendable {
                    let layer = Dense(1, 1)
                    static func == (a: Item, b: Item) -> Bool { true }
                    func hash(into hasher: inout Hasher) {}
                }
                let items: Set = [Item()]
            }
            _ = Unordered().namedParameters
        }
        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(message.contains("items: a set holds layers"))
    }

    /// In a file, one would overwrite the other.
    @Test func equalPathsAreRefused() async {
        let result = await #expect(processExitsWith: .failure, observing: [\.standardErrorContent]) {
            struct Twins: Module {
                struct Key: Hashable, Sendable, CustomStringConvertible {
                    let number: Int
                    var description: String { "twin" }
                }
                let layers = [Key(number: 1): Dense(1, 1), Key(number: 2): Dense(1, 1)]
            }
            _ = Twins().namedParameters
        }
        let message = String(decoding: result?.standardErrorContent ?? [], as: UTF8.self)
        #expect(message.contains("Twins: two parameters are at the path \"layers.twin.weight\""))
    }

    @Test func copiesAreIndependent() {
        let (original, copy) = (Initialization.seeded(1) { Dense(3, 2) }, Initialization.seeded(2) { Dense(3, 2) })
        copy.copyParameters(from: original)
        let x = Tensor<Float>.sample([4, 3])
        #expect(copy(x) == original(x))
        copy.weight.stored = copy.weight.stored * 2
        #expect(copy(x) != original(x))
    }

    @Test func snapshotsKeepTheirValues() {
        let layer = Initialization.seeded(1) { Dense(3, 2) }
        let x = Tensor<Float>.sample([4, 3])
        let (snapshot, before) = (layer.snapshot(), layer(x))
        layer.weight.stored = layer.weight.stored * 2
        #expect(snapshot { $0(x) } == before)
        #expect(layer(x) != before)
    }

    @Test func groupedConvolutionsAreSeveral() {
        let layer = Initialization.seeded(1) { Conv2D(4, 6, padding: .same, groups: 2, activation: .tanh) }
        layer.bias?.stored = .sample([6])
        let x = Tensor<Float>.sample([2, 5, 5, 4])
        let weights = layer.weight.stored.split(into: 2, axis: 3)
        let parts = (0..<2).map { group in
            convolution2D(
                x.split(into: 2, axis: 3)[group], weight: weights[group],
                bias: layer.bias?.stored.split(into: 2, axis: 0)[group], padding: .same, activation: .tanh)
        }
        #expect(layer(x) == .concatenated(parts, axis: 3))
        let byParameters = DirectionalDerivative(of: layer.trainableParameters) { layer(x) }
        #expect(byParameters.agrees(), "\(byParameters)")
    }
}
