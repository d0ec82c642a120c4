#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// The values of a key that a sweep tries: a list, or a range of numbers.
///
/// ```json
/// "network.name": ["crnn", "lineLSTM"],
/// "training.rate": { "low": 1e-4, "high": 1e-2, "scale": "logarithmic", "count": 5 }
/// ```
struct SweepValues: Sendable, Equatable {
    /// A range of numbers.
    private struct Range: Configuration, Equatable {
        enum Scale: String, Codable { case linear, logarithmic }

        /// The smallest number.
        var low = 0.0
        /// The largest number.
        var high = 1.0
        /// How numbers are spaced: evenly, or by their logarithms.
        var scale = Scale.linear
        /// The number of values on a grid.
        var count = 5
        /// Whether numbers are whole.
        var isWhole = false

        var problem: String? {
            if low >= high { return "key \"low\" is \(low); it must be less than \"high\", which is \(high)" }
            if scale == .logarithmic, low <= 0 {
                return "key \"low\" is \(low); it must be positive on a logarithmic scale"
            }
            return problem("count", count, in: 2...1000)
        }

        /// The number at a fraction of the range.
        func value(at share: Double) -> JSONText {
            let number = scale == .linear ? low + share * (high - low) : low * pow(high / low, share)
            if isWhole { return .number("\(Int(min(max(number.rounded(), low), high)))") }
            // Three digits are enough to tell trials apart, and can be read.
            guard number != 0 else { return .number("0") }
            let unit = pow(10, log10(number.magnitude).rounded(.down) - 2)
            let rounded = (number / unit).rounded()
            return .number("\(unit < 1 ? rounded / (1 / unit).rounded() : rounded * unit)")
        }
    }

    private let list: [JSONText]
    private let range: Range?

    /// Reads the values of a key.
    /// - Throws: `ConfigurationError` naming the key.
    init(_ json: JSONText, file: String, key: String) throws {
        if let values = json.array {
            guard !values.isEmpty else { throw ConfigurationError(file, "key \"\(key)\" has no values to try") }
            (list, range) = (values, nil)
        } else if json.object != nil {
            (list, range) = ([], try Range().changed(by: json, file: file, key: key))
        } else {
            throw ConfigurationError(
                file, "key \"\(key)\" must be an array of values, or an object with \"low\" and \"high\"")
        }
    }

    /// All values, those of a range evenly spaced.
    var grid: [JSONText] {
        guard let range else { return list }
        var values: [JSONText] = []
        for number in 0..<range.count {
            let value = range.value(at: Double(number) / Double(range.count - 1))
            if !values.contains(value) { values.append(value) }
        }
        return values
    }

    /// A random value.
    func draw(using random: inout RandomStream) -> JSONText {
        range.map { $0.value(at: random.uniform()) } ?? list[Int.random(in: 0..<list.count, using: &random)]
    }

    /// Whether values are spaced by their logarithms.
    var isLogarithmic: Bool { range?.scale == .logarithmic }
}
