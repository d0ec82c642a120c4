import DuctusTensors
import DuctusTestSupport

/// Files written by NumPy; see `Tests/Fixtures/numpy/generate.py` for their contents.
enum NumPyFixtures {
    static func path(_ file: String) -> String { Goldens.path("numpy/\(file)") }

    /// The type and elements of the generated array named `<dtype> <order> <shape>`.
    static func contents(of name: String) -> (type: ElementType, shape: Shape, numbers: [Double])? {
        let parts = name.split(separator: " ")
        guard parts.count == 3, let type = types[String(parts[0].dropFirst())] else { return nil }
        let shape = parts[2] == "scalar" ? [] : Shape(parts[2].split(separator: "x").compactMap { Int($0) })
        let numbers = (0..<shape.elementCount).map { i in
            switch parts[0].dropFirst().first {
            case "b": i % 3 == 0 ? 1.0 : 0
            case "u": Double(i * 5)
            case "i": Double(i * 5 - 40)
            default: Double(i - 5) / 4
            }
        }
        return (type, shape, numbers)
    }

    static let types: [String: ElementType] = [
        "b1": .bool, "i1": .int8, "i2": .int16, "i4": .int32, "i8": .int64, "u1": .uint8, "u2": .uint16, "u4": .uint32,
        "u8": .uint64, "f2": .float16, "f4": .float32, "f8": .float64,
    ]
}
