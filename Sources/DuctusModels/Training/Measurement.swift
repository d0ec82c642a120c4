/// A number in a record. JSON has no numbers that are not finite; they are strings there.
package struct Measurement: Codable, Sendable {
    package let number: Double

    package init(_ number: Double) { self.number = number }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let text = try? container.decode(String.self)
        number = try text.flatMap { Double($0) } ?? container.decode(Double.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if number.isFinite { try container.encode(number) } else { try container.encode("\(number)") }
    }
}
