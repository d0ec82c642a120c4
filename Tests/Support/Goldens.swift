import DuctusAutograd

/// The golden values in `Tests/Fixtures`.
package enum Goldens {
    /// The path of a file in `Tests/Fixtures`.
    package static func path(_ name: String) -> String {
        let tests = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        return "/\(tests)/Fixtures/\(name)"
    }

    /// All cases of one file.
    package static func cases(_ file: String) throws -> [GoldenCase] {
        let archive = try TensorArchive(contentsOf: path("\(file).safetensors"))
        return try archive.metadata.filter { $0.key != "torch" }.sorted { $0.key < $1.key }.map { name, text in
            let attributes = try JSONText(parsing: Array(text.utf8)).object ?? [:]
            return GoldenCase(name: name, attributes: attributes, archive: archive)
        }
    }
}

/// One case: the inputs of an operation, its attributes, and the expected outputs.
package struct GoldenCase: CustomStringConvertible, Sendable {
    package let name: String
    package let attributes: [String: JSONText]
    let archive: TensorArchive

    package var description: String { name }

    /// The name of the case up to the first period: the operation, in files with several.
    package var operation: String { String(name.prefix { $0 != "." }) }

    package func tensor<Scalar: TensorScalar>(
        _ part: String, as type: Scalar.Type = Float.self
    ) throws -> Tensor<Scalar> { try archive.tensor("\(name)/\(part)") }

    package func has(_ part: String) -> Bool { archive.shape(of: "\(name)/\(part)") != nil }

    /// The ones of `parts` that the case has.
    package func present(_ parts: String...) -> [String] { parts.filter(has) }

    /// An integer, possibly negative.
    package func integer(_ key: String) -> Int { Self.integer(attributes[key]) ?? 0 }

    package func integers(_ key: String) -> [Int] { attributes[key]?.array?.compactMap(Self.integer) ?? [] }

    package func flag(_ key: String) -> Bool { integer(key) == 1 }

    package func text(_ key: String) -> String { attributes[key]?.string ?? "" }

    package func pair(_ key: String) -> IntPair { IntPair(integers(key)[0], integers(key)[1]) }

    /// The fused activation; the files call the identity "none".
    package var activation: Activation { Activation(rawValue: text("activation")) ?? .identity }

    private static func integer(_ value: JSONText?) -> Int? {
        if case .number(let text) = value { Int(text) } else { nil }
    }

    /// The disagreements of `function` with the golden values: of its value, and of the gradient of Σ value ·
    /// grad_output for every input. Empty if all agree to `tolerance` (see `disagreement(of:with:tolerance:)`).
    package func disagreements(
        of inputs: [String], tolerance: Double, _ function: ([Tensor<Float>]) -> Tensor<Float>
    ) throws -> [String] {
        let upstream = try tensor("grad_output")
        var output: Tensor<Float>?
        let gradients = valueAndGradient(at: try inputs.map { try tensor($0) }) {
            let result = function($0)
            output = result.detached()
            return (result * upstream).sum()
        }.gradients
        let found = try disagreement(of: output ?? 0, with: tensor("output"), tolerance: tolerance).map {
            "output: \($0)"
        }
        return try [found].compactMap { $0 }
            + zip(inputs, gradients).compactMap { input, gradient in
                try disagreement(of: gradient, with: tensor("grad_\(input)"), tolerance: tolerance)
                    .map { "gradient of \(input): \($0)" }
            }
    }
}

/// The first element where `actual` is further from `expected` than `tolerance · (|expected| + typical)`, where typical
/// is the mean of |expected|, at least 0.1; or nil. Equal infinities agree; nothing agrees with NaN.
package func disagreement<Scalar: FloatingScalar>(
    of actual: Tensor<Scalar>, with expected: Tensor<Scalar>, tolerance: Double
) -> String? {
    guard actual.shape == expected.shape else { return "shape \(actual.shape) instead of \(expected.shape)" }
    let sizes = expected.scalars.map { abs(Double($0)) }.filter(\.isFinite)
    let typical = max(0.1, sizes.reduce(0, +) / Double(max(sizes.count, 1)))
    for (index, (a, b)) in zip(actual.scalars, expected.scalars).enumerated() where a != b {
        let (a, b) = (Double(a), Double(b))
        if !(abs(a - b) <= tolerance * (abs(b) + typical)) || b.isInfinite {
            return "element \(index) of \(actual.shape) is \(a) instead of \(b)"
        }
    }
    return nil
}
