extension CharacterImages {
    /// Reads `emnist-byclass.mat`: a structure `dataset` of `train` and `test`, each of `images` (N × 784, bytes) and
    /// `labels` (N × 1), and of `mapping` (classes × 2: a class and the code point of its character).
    static func emnist(matlab path: String, split: String) throws(DatasetError) -> CharacterImages {
        var file = try MATFile(contentsOf: path)
        var (pixels, labels, mapping): ([UInt8]?, [Int]?, [Int]?)
        try file.readStructure(named: "dataset") { (file, name, array) throws(DatasetError) in
            switch name {
            case split:
                try file.readFields(of: array) { (file, name, array) throws(DatasetError) in
                    switch name {
                    case "images": pixels = try uprightImages(array, in: &file)
                    case "labels": labels = try file.integers(array)
                    default: break
                    }
                }
            case "mapping": mapping = try file.integers(array)
            default: break
            }
        }
        guard let pixels, let labels, let mapping else {
            throw file.malformed("dataset lacks its mapping, or the images or labels of \(split)")
        }
        let images = pixels.count / (side * side)
        guard images == labels.count, images > 0 else {
            throw file.malformed("dataset.\(split): \(labels.count) labels do not fit \(images) images")
        }
        let names = try classNames(mapping, in: file)
        if let reason = unknownClass(in: labels, of: names.count) {
            throw file.malformed("dataset.\(split).labels: \(reason)")
        }
        return CharacterImages(pixels: pixels, labels: labels, classNames: names)
    }

    /// The matrix is in column-major order: all images' values of one pixel, then of the next, column by column.
    private static func uprightImages(
        _ array: MATFile.ArrayHeader, in file: inout MATFile
    ) throws(DatasetError) -> [UInt8] {
        let count = array.dimensions[0]
        guard array.dimensions[1] == side * side else {
            throw file.malformed("the images are \(count) × \(array.dimensions[1]), not N × 784")
        }
        guard array.count <= array.end else { throw file.malformed("\(count) images are announced, but not there") }
        var pixels = [UInt8](repeating: 0, count: array.count)
        try file.readBytes(array, columnsPerRun: 4 * side) { first, planes in
            pixels.withUnsafeMutableBufferPointer { pixels in
                nonisolated(unsafe) let pixels = pixels
                planes.withUnsafeBufferPointer { planes in
                    nonisolated(unsafe) let planes = planes
                    parallelRanges(count, grain: 1 << 10) { images in
                        for plane in 0..<planes.count / count {
                            let (column, row) = ((first + plane) / side, (first + plane) % side)
                            for image in images {
                                pixels[image * side * side + row * side + column] = planes[plane * count + image]
                            }
                        }
                    }
                }
            }
        }
        return pixels
    }

    private static func classNames(_ mapping: [Int], in file: MATFile) throws(DatasetError) -> [String] {
        let count = mapping.count / 2
        return try (0..<count).map { (record) throws(DatasetError) in
            guard mapping[record] == record, let code = UInt32(exactly: mapping[count + record]),
                let character = Unicode.Scalar(code)
            else {
                throw file.malformed(
                    "dataset.mapping: record \(record) is not class \(record) and the code point of a character")
            }
            return String(character)
        }
    }
}
