import DuctusLinearAlgebra

/// One case of `Tests/Fixtures/numpy_cases.npz`: an operation, its inputs and the results of NumPy.
struct NumPyCase: Sendable, CustomStringConvertible {
    let number: Int
    let operation: String
    let type: String
    /// In units of the type's epsilon; 0 requires equality.
    let tolerance: Double
    let attributes: [String: JSONText]
    let inputs: [AnyTensor]
    let outputs: [AnyTensor]

    var description: String { "case \(number), \(operation) of \(type)\(inputs.map { "\($0.shape)" })" }

    func input<Scalar: TensorScalar>(_ index: Int, as type: Scalar.Type = Scalar.self) throws -> Tensor<Scalar> {
        guard inputs.indices.contains(index) else { throw CaseError("\(self) has no input \(index)") }
        return try inputs[index].of(type)
    }

    // MARK: Attributes

    func number(_ key: String) throws -> Double { try required(key, attributes[key].flatMap(Self.number)) }

    func integer(_ key: String) throws -> Int { Int(try number(key)) }

    func flag(_ key: String) -> Bool { if case .boolean(true) = attributes[key] { true } else { false } }

    func text(_ key: String) throws -> String { try required(key, attributes[key]?.string) }

    func integers(_ key: String) throws -> [Int] {
        try required(key, attributes[key]?.array?.compactMap(Self.number).map { Int($0) })
    }

    /// Missing axes mean all axes.
    var axes: [Int]? { try? integers("axes") }

    private static func number(_ value: JSONText) -> Double? {
        if case .number(let text) = value { Double(text) } else { nil }
    }

    private func required<Value>(_ key: String, _ value: Value?) throws -> Value {
        guard let value else { throw CaseError("\(self) has no \(key)") }
        return value
    }
}

extension NumPyCase {
    /// All cases of a file.
    static func all(in path: String) throws -> [NumPyCase] {
        let archive = try NumPyArchive(contentsOf: path)
        let elements = try Elements(archive)
        let text: Tensor<UInt8> = try archive.tensor("cases")
        guard let list = try JSONText(parsing: text.scalars).array else { throw CaseError("\(path) holds no list") }
        return try list.enumerated().map { number, entry in
            func part(_ key: String) throws -> JSONText {
                guard let part = entry.object?[key] else { throw CaseError("case \(number) has no \(key)") }
                return part
            }
            return NumPyCase(
                number: number, operation: try part("operation").string ?? "", type: try part("type").string ?? "",
                tolerance: try Self.number(part("tolerance")) ?? 0, attributes: try part("attributes").object ?? [:],
                inputs: try part("inputs").array?.map(elements.tensor) ?? [],
                outputs: try part("outputs").array?.map(elements.tensor) ?? [])
        }
    }

    /// The elements of all arrays, by type.
    private struct Elements {
        let floats: Tensor<Float>
        let doubles: Tensor<Double>
        let integers: Tensor<Int32>
        let bytes: Tensor<UInt8>
        let truths: Tensor<Bool>

        init(_ archive: NumPyArchive) throws {
            floats = try archive.tensor("Float")
            doubles = try archive.tensor("Double")
            integers = try archive.tensor("Int32")
            bytes = try archive.tensor("UInt8")
            truths = try archive.tensor("Bool")
        }

        func tensor(_ entry: JSONText) throws -> AnyTensor {
            func take<Scalar: TensorScalar>(_ all: Tensor<Scalar>) throws -> AnyTensor {
                let base = Shape(sizes("shape"))
                let start = sizes("start")[0]
                let array = all[start..<start + base.elementCount].reshaped(to: base)
                guard let layout = entry.object?["layout"]?.string else { return try AnyTensor(array) }
                return try AnyTensor(view(array, layout, Shape(sizes("view"))))
            }
            func sizes(_ key: String) -> [Int] {
                let value = entry.object?[key]
                return value?.array?.compactMap(\.count) ?? [value?.count ?? 0]
            }
            switch entry.object?["type"]?.string {
            case "Float": return try take(floats)
            case "Double": return try take(doubles)
            case "Int32": return try take(integers)
            case "UInt8": return try take(bytes)
            case "Bool": return try take(truths)
            default: throw CaseError("\(entry) has no type")
            }
        }
    }

    /// An array as the view that the case uses.
    private static func view<Scalar: TensorScalar>(
        _ base: Tensor<Scalar>, _ layout: String, _ shape: Shape
    ) throws -> Tensor<Scalar> {
        switch layout {
        case "dense": base
        case "transposed": base.transposed()
        case "sliced": shape.indices.reduce(base) { $0.sliced(1..<1 + shape[$1], axis: $1) }
        case "strided": base.selecting(shape.map { _ in .steps(from: nil, to: nil, by: 2) })
        case "reversed": base.flipped()
        case "broadcast": base.broadcast(to: shape)
        default: throw CaseError("no layout is called \(layout)")
        }
    }
}
