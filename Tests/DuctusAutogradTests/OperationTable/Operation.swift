import DuctusAutograd
import DuctusTestSupport

/// An operation of tensors, its definition, and the samples that it is tried on: one row of the table.
///
/// A definition is written with plain loops over numbers in double precision, without any code that it checks. The
/// generic tests of `OperationTableTests` do the rest, so a row is all that a new operation needs.
struct Operation: CustomStringConvertible, Sendable {
    let description: String
    let tolerance: Tolerance
    /// Whether the layout of the inputs decides about the order of a sum: BLAS reads transposed matrices in place.
    let sumsByLayout: Bool
    let trials: [Trial]
    let mistakes: [Mistake]

    /// - Parameters:
    ///   - name: the name of the operation.
    ///   - tolerance: how far its results may be from the definition.
    ///   - samples: shapes of inputs, and what is done with them.
    ///   - domain: the range from which numbers are drawn. The operation must be defined in it.
    ///   - sumsByLayout: see ``sumsByLayout``.
    ///   - mistakes: what the operation must refuse.
    ///   - function: the operation.
    ///   - definition: what it should compute. Where this has no slope, neither may the operation.
    init<Setting: Sendable>(
        _ name: String, _ tolerance: Tolerance, _ samples: [Sample<Setting>], domain: ClosedRange<Float> = -2...2,
        sumsByLayout: Bool = false, mistakes: [Mistake] = [],
        function: @escaping @Sendable ([Tensor<Float>], Setting) -> Tensor<Float>,
        definition: @escaping @Sendable ([Plain], Setting) -> Plain
    ) {
        (description, self.tolerance, self.sumsByLayout, self.mistakes) = (name, tolerance, sumsByLayout, mistakes)
        trials = samples.map { sample in
            Trial(
                description: sample.description, purpose: sample.purpose, inputs: { sample.inputs(in: domain) },
                function: { function($0, sample.setting) }, definition: { definition($0, sample.setting) })
        }
    }

    static let all: [Operation] = [
        functions, arithmetic, comparisons, reductions, scans, views, rearrangements, products, layers, losses,
    ].flatMap { $0 }

    static let mistakes: [Mistake] = all.flatMap(\.mistakes) + impossibleSizes

    private static let impossibleSizes: [Mistake] = [
        Mistake("dense: weight is [2, 3, 4]; it must be [in, out].") {
            dense(.ones([1, 2]), weight: .ones([2, 3, 4]), bias: nil)
        },
        Mistake("A window of stride 0 × 0 is impossible; both must be at least 1.") {
            transposedConvolution2D(.zeros([1, 2, 2, 4]), weight: .zeros([2, 2, 4, 3]), bias: nil, stride: 0)
        },
        Mistake("averagePool2D: window and stride must be at least 1.") {
            averagePool2D(.zeros([1, 4, 4, 1]), kernel: 2, stride: 0)
        },
        Mistake("A window of stride 0 × 0 is impossible; both must be at least 1.") {
            maxPool2D(.zeros([1, 4, 4, 1]), kernel: 2, stride: 0)
        },
        Mistake("maxPool2D: window is 4294967296 × 4294967296; it must have at most 256 positions.") {
            maxPool2D(.zeros([1, 4, 4, 1]), kernel: IntPair(1 << 32, 1 << 32))
        },
        Mistake("A window of dilation 1 × 9223372036854775807 is impossible; both must be at most 2147483647.") {
            convolution2D(
                .zeros([1, 8, 8, 3]), weight: .zeros([3, 3, 3, 5]), bias: nil, dilation: IntPair(1, .max))
        },
        Mistake("A padding of 9223372036854775807 × 0 is impossible; both must be at most 2147483647.") {
            convolution2D(
                .zeros([1, 8, 8, 3]), weight: .zeros([3, 3, 3, 5]), bias: nil,
                padding: .zeros(vertical: .max, horizontal: 0))
        },
        Mistake("A window of stride 9223372036854775807 × 1 is impossible; both must be at most 2147483647.") {
            transposedConvolution2D(
                .zeros([1, 2, 2, 4]), weight: .zeros([2, 2, 4, 3]), bias: nil, stride: IntPair(.max, 1))
        },
    ]

    /// Small numbers with one NaN among them: what does not depend on it must stay finite.
    static let withNaN: [Float] = (0..<97).map { $0 == 3 ? .nan : Float($0 * 7 % 11) / 4 - 1 }
}

/// Shapes of inputs, and how an operation is set for them.
struct Sample<Setting: Sendable>: CustomStringConvertible, Sendable {
    let shapes: [Shape]
    let setting: Setting
    let purpose: Purpose

    init(_ shapes: [Shape], _ setting: Setting, _ purpose: Purpose = .ordinary) {
        (self.shapes, self.setting, self.purpose) = (shapes, setting, purpose)
    }

    /// The same shapes with every one of some settings.
    static func each(_ settings: [Setting], _ shapes: [Shape], _ purpose: Purpose = .ordinary) -> [Sample] {
        settings.map { Sample(shapes, $0, purpose) }
    }

    var description: String {
        let setting = Setting.self == Void.self ? "" : " \(setting)"
        return shapes.map(\.description).joined(separator: " ") + setting
    }

    /// The inputs, made when they are needed: tests of mistakes need none.
    func inputs(in domain: ClosedRange<Float>) -> [Tensor<Float>] {
        shapes.enumerated().map { number, shape in
            if case .special(let numbers) = purpose {
                // Shifted, so that inputs of one shape meet in other pairs.
                let elements = (0..<shape.elementCount).map { numbers[($0 + 5 * number) % numbers.count] }
                return Tensor(elements, shape: shape)
            }
            var random = RandomStream(seed: UInt64(number + 1))
            return .uniform(shape, from: domain.lowerBound, to: domain.upperBound, using: &random)
        }
    }
}

extension Sample<Void> {
    init(_ shapes: [Shape], _ purpose: Purpose = .ordinary) { self.init(shapes, (), purpose) }
}

/// What a sample is for.
enum Purpose: Sendable {
    /// Every test but that of threads, with numbers drawn from the domain.
    case ordinary
    /// These numbers, in turn: NaN, infinities, and others at which there need not be a derivative.
    case special([Float])
    /// Enough elements for several tasks, and too many for definitions.
    case large
}

/// An operation on one sample.
struct Trial: CustomStringConvertible, Sendable {
    let description: String
    let purpose: Purpose
    let inputs: @Sendable () -> [Tensor<Float>]
    let function: @Sendable ([Tensor<Float>]) -> Tensor<Float>
    let definition: @Sendable ([Plain]) -> Plain

    var isOrdinary: Bool { if case .ordinary = purpose { true } else { false } }
    var isSpecial: Bool { if case .special = purpose { true } else { false } }
    var isLarge: Bool { if case .large = purpose { true } else { false } }

    /// The value, and the gradient of Σ value · ``upstream(_:)`` for every input.
    func results(at inputs: [Tensor<Float>]) -> [Tensor<Float>] {
        let (value, pullback) = valueAndPullback(at: inputs, function)
        return [value] + pullback(Self.upstream(value.shape))
    }

    /// Fixed random numbers.
    static func upstream(_ shape: Shape) -> Tensor<Float> { .sample(shape, seed: 99) }

    /// The same gradients, by central differences of the definition. In double precision the step can be so small that it
    /// almost never crosses a kink.
    func differences(at inputs: [Tensor<Float>], _ upstream: Tensor<Float>) -> [Tensor<Float>] {
        let weights = upstream.scalars.map { Double($0) }
        var moved = inputs.map { Plain($0) }
        return inputs.indices.map { i in
            let slopes = moved[i].numbers.indices.map { element -> Float in
                let x = moved[i].numbers[element]
                let step = 1e-6 * max(1, abs(x))
                func values(_ shift: Double) -> [Double] {
                    moved[i].numbers[element] = x + shift
                    return definition(moved).numbers
                }
                let (above, below) = (values(step), values(-step))
                moved[i].numbers[element] = x
                // Differences first, so that large results that stay the same do not hide small ones that change.
                let rise = weights.indices.reduce(0.0) { $0 + weights[$1] * (above[$1] - below[$1]) }
                return Float(rise / (2 * step))
            }
            return Tensor(slopes, shape: inputs[i].shape)
        }
    }
}

/// What an operation refuses, and part of the sentence with which it does.
struct Mistake: Sendable {
    let sentence: String
    let make: @Sendable () -> Void

    init(_ sentence: String, _ make: @escaping @Sendable () -> Tensor<Float>) {
        self.sentence = sentence
        self.make = { _ = make() }
    }
}

/// How far a result may be from the definition, which is computed in double precision.
enum Tolerance: Sendable {
    /// The definition rounded to Float, to the last bit and the sign of zero.
    case exact
    /// Units in the last place of the element.
    case ulps(Double)
    /// Units in the last place of the largest number among the inputs and the results: for sums, whose terms may cancel.
    case ulpsOfLargest(Double)

    /// The first element that is too far from the definition; nil if there is none.
    func disagreement(of actual: Tensor<Float>, with expected: Plain, at inputs: [Tensor<Float>]) -> String? {
        guard Array(actual.shape) == expected.shape else { return "shape \(actual.shape) instead of \(expected.shape)" }
        var largest: Float = 0
        if case .ulpsOfLargest = self {
            let all = inputs.flatMap(\.scalars) + expected.numbers.map { Float($0) }
            largest = all.reduce(0) { $1.isFinite ? max($0, abs($1)) : $0 }
        }
        for (position, (a, b)) in zip(actual.scalars, expected.numbers).enumerated() {
            if !allows(a, b, largest) { return "element \(position) of \(actual.shape) is \(a) instead of \(b)" }
        }
        return nil
    }

    private func allows(_ actual: Float, _ expected: Double, _ largest: Float) -> Bool {
        let rounded = Float(expected)
        if rounded.isNaN { return actual.isNaN }
        if rounded.isInfinite || !actual.isFinite { return actual == rounded }
        func isWithin(_ ulps: Double, of number: Float) -> Bool {
            abs(Double(actual) - expected) <= ulps * Double(max(number, .leastNormalMagnitude).ulp)
        }
        return switch self {
        case .exact: actual.bitPattern == rounded.bitPattern
        case .ulps(let count): isWithin(count, of: abs(rounded))
        case .ulpsOfLargest(let count): isWithin(count, of: max(largest, abs(rounded)))
        }
    }
}
