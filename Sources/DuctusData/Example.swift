/// A training sample: an input and its labels, or numbers as targets.
public struct Example: Sendable {
    /// The input, or its gray levels, from which it is made whenever it is asked for.
    private enum Input: Sendable {
        case values(Tensor<Float>)
        case levels(GrayLevels)
    }

    private var stored: Input

    /// An image `[height, width, channels]`, a sequence `[time, features]`, or features `[features]`. Images of handwriting
    /// have background 0 and ink up to 1.
    public var input: Tensor<Float> {
        get {
            switch stored {
            case .values(let values): values
            case .levels(let levels): levels.values
            }
        }
        set { stored = .values(newValue) }
    }

    /// The shape of ``input``.
    public var inputShape: Shape {
        switch stored {
        case .values(let values): values.shape
        case .levels(let levels): levels.levels.shape
        }
    }

    /// `[]` for a class, `[length]` for a text, `[height, width]` for a map; `[0]` if there are only targets.
    public var labels: Tensor<Int32>
    /// Numbers of any shape, for regression or several labels at once; nil if there are only labels.
    public var targets: Tensor<Float>?

    /// An example with labels. It is not checked here; ``Dataset/transformed(_:)`` checks it against an ``Expectation``.
    public init(input: Tensor<Float>, labels: Tensor<Int32>) { (stored, self.labels) = (.values(input), labels) }

    /// An example with numbers as targets, which all examples of a data set have in the same shape.
    public init(input: Tensor<Float>, targets: Tensor<Float>) {
        (stored, labels, self.targets) = (.values(input), Tensor<Int32>.zeros([0]), targets)
    }

    /// An example with the gray levels of its input.
    init(levels: GrayLevels, labels: Tensor<Int32>) { (stored, self.labels) = (.levels(levels), labels) }

    /// The gray levels of the input, if it is kept as such.
    package var levels: GrayLevels? { if case .levels(let levels) = stored { levels } else { nil } }

    /// The same example in a quarter of the memory, if its input has at most 256 gray levels, as images do.
    public func packed() -> Example {
        guard case .values(let values) = stored, let levels = GrayLevels(values) else { return self }
        var example = self
        example.stored = .levels(levels)
        return example
    }
}

/// Values from 0 to 1 as bytes: `value = level / divisor`, exactly.
package struct GrayLevels: Sendable {
    let levels: Tensor<UInt8>
    /// The level of 1, from 1 to 255. Stretching the contrast of an image makes it less than 255.
    let divisor: Int

    init(levels: Tensor<UInt8>, divisor: Int) {
        precondition(1...255 ~= divisor, "Gray levels are divided by 1 to 255; got \(divisor).")
        (self.levels, self.divisor) = (levels, divisor)
    }

    /// The levels of values; nil if no divisor gives back every bit of them.
    init?(_ values: Tensor<Float>) {
        let found: GrayLevels? = values.withUnsafeBuffer { values in
            // Most divisors fail at the first of a few values, which are looked at first.
            let probes = values.lazy.filter { $0 != 0 && $0 != 1 }.prefix(8)
            for divisor in 1...255 where probes.allSatisfy({ Self.level($0, divisor) != nil }) {
                let scale = Float(divisor)
                var isExact = true
                let levels = Tensor<UInt8>(shape: Shape([values.count])) { out in
                    for (place, value) in values.enumerated() {
                        guard value.sign == .plus, value <= 1 else {
                            isExact = false
                            out[place...].update(repeating: 0)
                            return
                        }
                        let level = (value * scale).rounded()
                        isExact = isExact && (level / scale).bitPattern == value.bitPattern
                        out[place] = UInt8(level)
                    }
                }
                if isExact { return GrayLevels(levels: levels, divisor: divisor) }
            }
            return nil
        }
        guard let found else { return nil }
        self.init(levels: found.levels.reshaped(to: values.shape), divisor: found.divisor)
    }

    private static func level(_ value: Float, _ divisor: Int) -> UInt8? {
        guard value >= 0, value <= 1 else { return nil }
        let level = (value * Float(divisor)).rounded()
        return level / Float(divisor) == value ? UInt8(level) : nil
    }

    /// The values.
    var values: Tensor<Float> {
        let table = (0...255).map { Float($0) / Float(divisor) }
        return Tensor(shape: levels.shape) { out in
            levels.withUnsafeBuffer { levels in
                for (place, level) in levels.enumerated() { out[place] = table[Int(level)] }
            }
        }
    }
}
