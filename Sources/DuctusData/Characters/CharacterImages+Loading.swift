extension CharacterImages {
    /// Reads MNIST, the digits of LeCun et al.
    ///
    /// The directory holds `train-images-idx3-ubyte.gz`, `train-labels-idx1-ubyte.gz` and the same two with `t10k`,
    /// gzip-compressed or not. The split is `train` or `test`.
    public static func mnist(in directory: String, split: String) throws(DatasetError) -> CharacterImages {
        let prefixes = ["train": "train", "test": "t10k"]
        guard let prefix = prefixes[split] else {
            throw .unknownSplit(name: split, file: directory, available: ["train", "test"])
        }
        return try CharacterImages(
            imagesPath: existing("\(directory)/\(prefix)-images-idx3-ubyte", DatasetError.mnistRemedy),
            labelsPath: existing("\(directory)/\(prefix)-labels-idx1-ubyte", DatasetError.mnistRemedy),
            classNames: (0...9).map(String.init), isTransposed: false)
    }

    /// Reads the ByClass split of EMNIST (Cohen et al. 2017): digits, uppercase and lowercase letters.
    ///
    /// The directory holds the files of one of the two published archives, directly or in the folder of the archive,
    /// compressed or not:
    ///
    /// - `gzip/`: `emnist-byclass-train-images-idx3-ubyte.gz`, its labels, the same two with `test`, and
    ///   `emnist-byclass-mapping.txt`, whose lines are a class and the code point of its character;
    /// - `matlab/`: `emnist-byclass.mat`.
    ///
    /// EMNIST stores its images transposed; here they are upright. The split is `train` or `test`.
    public static func emnist(in directory: String, split: String) throws(DatasetError) -> CharacterImages {
        guard ["train", "test"].contains(split) else {
            throw .unknownSplit(name: split, file: directory, available: ["train", "test"])
        }
        let folders = [directory, "\(directory)/gzip", "\(directory)/matlab"]
        let mappings = folders.map { "\($0)/emnist-byclass-mapping.txt" }
        guard let mappingPath = mappings.first(where: File.exists) else {
            let matrices = folders.map { "\($0)/emnist-byclass.mat" }
            if let path = matrices.first(where: File.exists) { return try emnist(matlab: path, split: split) }
            throw .missing(file: mappings[0], remedy: DatasetError.emnistRemedy)
        }
        let prefix = "\(mappingPath.dropLast("mapping.txt".count))\(split)"
        return try CharacterImages(
            imagesPath: existing("\(prefix)-images-idx3-ubyte", DatasetError.emnistRemedy),
            labelsPath: existing("\(prefix)-labels-idx1-ubyte", DatasetError.emnistRemedy),
            classNames: classNames(TextFile(path: mappingPath, remedy: DatasetError.emnistRemedy)), isTransposed: true)
    }

    /// The path with `.gz` or, if only that exists, without.
    private static func existing(_ path: String, _ remedy: String) throws(DatasetError) -> String {
        if File.exists(path + ".gz") { return path + ".gz" }
        if File.exists(path) { return path }
        throw .missing(file: path + ".gz", remedy: remedy)
    }

    private static func classNames(_ mapping: TextFile) throws(DatasetError) -> [String] {
        var names: [String] = []
        for line in mapping.lines {
            let fields = line.text.split(separator: " ")
            guard fields.count == 2, let index = Int(fields[0]), let code = UInt32(fields[1]),
                let character = Unicode.Scalar(code)
            else {
                throw mapping.malformed(line, "a class and the code point of a character are expected")
            }
            guard index == names.count else {
                throw mapping.malformed(line, "class \(names.count) is expected here, not \(index)")
            }
            names.append(String(character))
        }
        guard !names.isEmpty else { throw .malformed(file: mapping.path, reason: "the file lists no classes") }
        return names
    }
}
