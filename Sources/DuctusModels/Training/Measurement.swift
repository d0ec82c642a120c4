/// A number in a record. JSON has no numbers that are not finite; they are strings there.
package struct Measurement: Codable, Sendable {
    package let number: Double

    package init(_ number: Double) { self.number = number }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        // Nearly all are numbers, and an error that is thrown and caught takes longer than all the rest.
        if let number = try? container.decode(Double.self) {
            self.number = number
        } else if let number = Double(try container.decode(String.self)) {
            self.number = number
        } else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "The text is no number.")
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if number.isFinite { try container.encode(number) } else { try container.encode("\(number)") }
    }
}
