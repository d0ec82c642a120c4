/// Records in an event file of TensorBoard, which is a TFRecord file:
/// length (8 bytes), checksum of the length (4), contents, checksum of the contents (4).
package enum EventFile {
    /// The CRC-32C (Castagnoli) of bytes, rotated and offset as the format demands, so that the checksum of contents that
    /// contain checksums is no special case.
    package static func maskedChecksum(_ bytes: [UInt8]) -> UInt32 {
        let checksum = checksum(bytes)
        return (checksum >> 15 | checksum << 17) &+ 0xA282_EAD8
    }

    /// CRC-32C: the reflected polynomial 0x82F63B78 (RFC 3720, appendix B.4).
    package static func checksum(_ bytes: [UInt8]) -> UInt32 {
        ~bytes.reduce(UInt32.max) { $0 >> 8 ^ table[Int(UInt8(truncatingIfNeeded: $0) ^ $1)] }
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 1 ? value >> 1 ^ 0x82F6_3B78 : value >> 1 }
    }

    /// A record with an event.
    static func record(time: Double, step: Int = 0, _ contents: (inout ProtocolBuffer) -> Void) -> [UInt8] {
        let event = ProtocolBuffer { event in
            event.set(1, time)
            event.set(2, step)
            contents(&event)
        }
        let length = littleEndian(UInt64(event.bytes.count))
        return length + littleEndian(maskedChecksum(length)) + event.bytes + littleEndian(maskedChecksum(event.bytes))
    }

    /// The first record of every file.
    package static func version(time: Double) -> [UInt8] { record(time: time) { $0.set(3, "brain.Event:2") } }

    /// A record with one value of a summary.
    static func summary(
        _ tag: String, time: Double, step: Int = 0, _ value: (inout ProtocolBuffer) -> Void
    ) -> [UInt8] {
        record(time: time, step: step) { event in
            event.set(5) { summary in
                summary.set(1) {
                    $0.set(1, tag)
                    value(&$0)
                }
            }
        }
    }
}

extension TrackedItem {
    /// The item as a record.
    var record: [UInt8] {
        EventFile.summary(name, time: time, step: step) { summary in
            switch value {
            case .scalar(let number): summary.set(2, Float(number))
            case .text(let text): summary.setText(text)
            case .image(let png, let width, let height):
                summary.set(4) { image in
                    image.set(1, height)
                    image.set(2, width)
                    image.set(3, 1)
                    image.set(4, png)
                }
            case .histogram(let histogram):
                summary.set(5) { message in
                    message.set(1, histogram.minimum)
                    message.set(2, histogram.maximum)
                    message.set(3, Double(histogram.counts.reduce(0, +)))
                    message.set(4, histogram.sum)
                    message.set(5, histogram.sumOfSquares)
                    message.set(6, packed: histogram.limits)
                    message.set(7, packed: histogram.counts.map(Double.init))
                }
            }
        }
    }
}

extension ProtocolBuffer {
    /// The value of a summary that the text dashboard shows: a tensor of one string.
    mutating func setText(_ text: String) {
        setPlugin("text", class: 2)
        set(8) { tensor in
            tensor.set(1, 7)
            tensor.set(2) { shape in shape.set(2) { $0.set(1, 1) } }
            tensor.set(8, text)
        }
    }

    /// The metadata of a summary: the dashboard that shows it, and the class of its data.
    mutating func setPlugin(_ name: String, _ content: ProtocolBuffer? = nil, class dataClass: Int) {
        set(9) { metadata in
            metadata.set(1) { plugin in
                plugin.set(1, name)
                if let content { plugin.set(2, content.bytes) }
            }
            metadata.set(4, dataClass)
        }
    }
}
