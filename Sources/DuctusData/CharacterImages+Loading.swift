import DuctusTensors

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
        let remedy = "download MNIST (train-… and t10k-…-ubyte.gz) into \(directory)"
        return try CharacterImages(
            imagesPath: existing("\(directory)/\(prefix)-images-idx3-ubyte", remedy),
            labelsPath: existing("\(directory)/\(prefix)-labels-idx1-ubyte", remedy),
            classNames: (0...9).map(String.init), isTransposed: false)
    }

    /// Reads the ByClass split of EMNIST (Cohen et al. 2017): digits, capital and small letters.
    ///
    /// The directory holds `emnist-byclass-train-images-idx3-ubyte.gz`, its labels, the same two with `test`, and
    /// `emnist-byclass-mapping.txt`, whose lines are a class and the code point of its character. EMNIST stores its
    /// images transposed; here they are upright. The split is `train` or `test`.
    public static func emnist(in directory: String, split: String) throws(DatasetError) -> CharacterImages {
        guard ["train", "test"].contains(split) else {
            throw .unknownSplit(name: split, file: directory, available: ["train", "test"])
        }
        let remedy = "unpack the files emnist-byclass-… of EMNIST's gzip.zip into \(directory)"
        let mapping = try TextFile(path: "\(directory)/emnist-byclass-mapping.txt", remedy: remedy)
        return try CharacterImages(
            imagesPath: existing("\(directory)/emnist-byclass-\(split)-images-idx3-ubyte", remedy),
            labelsPath: existing("\(directory)/emnist-byclass-\(split)-labels-idx1-ubyte", remedy),
            classNames: classNames(mapping), isTransposed: true)
    }

    /// The path with `.gz` or, where only that exists, without.
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
