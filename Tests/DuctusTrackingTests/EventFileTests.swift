import DuctusTestSupport
import DuctusTracking
import Testing

/// The format of event files; `Scripts/check-trackers` has TensorBoard read them.
@Suite struct EventFileTests {
    /// RFC 3720, appendix B.4.
    @Test func checksumsAreThoseOfTheStandard() {
        #expect(EventFile.checksum([UInt8](repeating: 0, count: 32)) == 0x8A91_36AA)
        #expect(EventFile.checksum([UInt8](repeating: 0xFF, count: 32)) == 0x62A8_AB43)
        #expect(EventFile.checksum(Array(0..<32)) == 0x46DD_794E)
        #expect(EventFile.checksum(Array((0..<32).reversed())) == 0x113F_DB5C)
    }

    @Test func numbersOfMessagesAreVarints() {
        #expect(ProtocolBuffer { $0.set(1, 150) }.bytes == [0x08, 0x96, 0x01])
        #expect(ProtocolBuffer { $0.set(2, "testing") }.bytes == [0x12, 7] + Array("testing".utf8))
        #expect(ProtocolBuffer { $0.set(3) { $0.set(1, 150) } }.bytes == [0x1A, 3, 0x08, 0x96, 0x01])
        #expect(ProtocolBuffer { $0.set(1, Float(1)) }.bytes == [0x0D, 0, 0, 0x80, 0x3F])
        #expect(ProtocolBuffer { $0.set(4, packed: [1, 2]) }.bytes.count == 18)
        // A negative number has all ten bytes.
        #expect(ProtocolBuffer { $0.set(1, -1) }.bytes == [0x08] + [UInt8](repeating: 0xFF, count: 9) + [0x01])
    }

    @Test func recordsHaveTheirLengthAndChecksums() {
        let record = EventFile.version(time: 1)
        let count = record.count - 16
        #expect(Array(record.prefix(8)) == [UInt8(count), 0, 0, 0, 0, 0, 0, 0])
        let checksum = EventFile.maskedChecksum(Array(record.prefix(8)))
        #expect(Array(record[8..<12]) == (0..<4).map { UInt8(truncatingIfNeeded: checksum >> ($0 * 8)) })
        #expect(String(decoding: record, as: UTF8.self).contains("brain.Event:2"))
    }
}
