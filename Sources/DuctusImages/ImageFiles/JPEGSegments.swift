/// The segments of a JPEG file (ITU-T T.81, 1992, annex B).
struct JPEGSegments {
    /// The EXIF block, including its name.
    private(set) var exif: Range<Int>?
    /// The number of color components.
    private(set) var components: Int?
    /// Whether the file has an end marker.
    private(set) var hasEndMarker = false
    /// The position after the end marker or, without one, after the last complete segment: some cameras omit the marker
    /// and append data of their own.
    private(set) var end: Int

    init(_ bytes: [UInt8]) {
        end = bytes.count
        bytes.withUnsafeBufferPointer { read($0) }
    }

    private mutating func read(_ bytes: UnsafeBufferPointer<UInt8>) {
        let name = Array("Exif\0\0".utf8)
        var isAfterScan = false
        var position = 2
        while let start = nextMarker(in: bytes, from: position, isAfterScan: isAfterScan) {
            let marker = bytes[start + 1]
            switch marker {
            case 0xD9:
                hasEndMarker = true
                end = start + 2
                return
            case 0x01 where !isAfterScan, 0xD0...0xD7:
                position = start + 2
                continue
            // Tables, restart intervals, scans, numbers of lines, comments; before a scan also the frame.
            case 0xC4, 0xCC, 0xDA...0xDD, 0xE0...0xEF, 0xFE: break
            default:
                if isAfterScan {
                    end = start
                    return
                }
            }
            let contents = start + 4
            let length = contents <= bytes.count ? Int(bytes[start + 2]) << 8 | Int(bytes[start + 3]) : 2
            guard length >= 2, contents <= bytes.count, start + 2 + length <= bytes.count else {
                end = start
                return
            }
            position = start + 2 + length
            if marker == 0xE1, exif == nil, bytes[contents..<position].starts(with: name) { exif = contents..<position }
            // A frame: precision, height, width, components.
            if (0xC0...0xCF).contains(marker), ![0xC4, 0xC8, 0xCC].contains(marker), length >= 8 {
                components = Int(bytes[contents + 5])
            }
            if marker == 0xDA { isAfterScan = true }
        }
    }

    /// The position of the next marker: here, or after the data of a scan, where the byte 0xFF is followed by zero.
    private func nextMarker(in bytes: UnsafeBufferPointer<UInt8>, from position: Int, isAfterScan: Bool) -> Int? {
        var position = position
        while position + 1 < bytes.count {
            let next = bytes[position + 1]
            if bytes[position] != 0xFF {
                guard isAfterScan else { return nil }
                position += 1
            } else if next == 0xFF {
                position += 1
            } else if next == 0 {
                guard isAfterScan else { return nil }
                position += 2
            } else {
                return position
            }
        }
        return nil
    }
}
