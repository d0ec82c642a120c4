extension Orientation {
    /// The orientation in the EXIF block of a JPEG, PNG or WebP; nil if there is none, or if it is damaged.
    init?(of file: ImageFile, jpeg: JPEGSegments?) {
        let bytes = file.bytes
        let block: Range<Int>? =
            switch file.format {
            case .jpeg: jpeg?.exif
            case .png: Self.chunk("eXIf", in: bytes, after: 8, isBigEndian: true)
            case .webP: Self.chunk("EXIF", in: bytes, after: 12, isBigEndian: false)
            case .tiff, .pdf: nil
            }
        guard let block else { return nil }
        self.init(exif: bytes[block])
    }

    /// The value of tag 274 in the first directory of an EXIF block, which has the structure of a TIFF.
    init?(exif block: ArraySlice<UInt8>) {
        let name = Array("Exif\0\0".utf8)
        let tiff = block.starts(with: name) ? block.dropFirst(name.count) : block
        let isBigEndian = tiff.starts(with: Array("MM\0*".utf8))
        guard isBigEndian || tiff.starts(with: Array("II*\0".utf8)) else { return nil }
        func number(_ offset: Int, _ size: Int) -> Int? {
            Self.number(in: tiff, at: offset, size: size, isBigEndian: isBigEndian)
        }
        guard let directory = number(4, 4), let count = number(directory, 2) else { return nil }
        for entry in 0..<count {
            let start = directory + 2 + 12 * entry
            guard let tag = number(start, 2) else { return nil }
            guard tag == 274 else { continue }
            let shortInteger = 3
            guard number(start + 2, 2) == shortInteger, let value = number(start + 8, 2) else { return nil }
            self.init(rawValue: value)
            return
        }
        return nil
    }

    /// The position of the contents of a chunk in a PNG (length, name, contents, checksum) or WebP (name, length,
    /// contents, padded to an even length).
    private static func chunk(
        _ name: String, in bytes: [UInt8], after start: Int, isBigEndian: Bool
    ) -> Range<Int>? {
        var position = start
        let isPNG = isBigEndian
        while let length = number(
            in: bytes[...], at: position + (isPNG ? 0 : 4), size: 4, isBigEndian: isBigEndian)
        {
            let contents = position + 8
            let end = contents + length
            guard end <= bytes.count else { return nil }
            if bytes[(position + (isPNG ? 4 : 0))...].starts(with: name.utf8) { return contents..<end }
            position = isPNG ? end + 4 : end + length % 2
        }
        return nil
    }

    /// An integer of `size` bytes; nil outside the block.
    private static func number(in bytes: ArraySlice<UInt8>, at offset: Int, size: Int, isBigEndian: Bool) -> Int? {
        guard offset >= 0 && offset + size <= bytes.count else { return nil }
        let digits = bytes[(bytes.startIndex + offset)...].prefix(size)
        return isBigEndian
            ? digits.reduce(0) { $0 << 8 | Int($1) } : digits.reversed().reduce(0) { $0 << 8 | Int($1) }
    }
}
