import DuctusData
import DuctusTestSupport
import Testing

@Suite struct CharacterImagesTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func idx(_ dimensions: [Int], _ elements: [UInt8]) -> [UInt8] {
        [0, 0, 8, UInt8(dimensions.count)] + dimensions.flatMap(bigEndian) + elements
    }

    @Test func idxFilesArePlainOrCompressed() throws {
        let bytes = idx([2, 3], [1, 2, 3, 4, 5, 6])
        for contents in [bytes, gzipped(bytes)] {
            let file = try IDXFile(contentsOf: folder.write(contents, to: "idx"))
            #expect(file.dimensions == [2, 3])
            #expect(file.elements == [1, 2, 3, 4, 5, 6])
        }
    }

    @Test func malformedIDXFilesAreNamed() throws {
        let sound = idx([2, 3], [1, 2, 3, 4, 5, 6])
        var malformed = (0..<sound.count).map { Array(sound.prefix($0)) }
        malformed += [sound + [7], [0, 1] + sound.dropFirst(2), [0, 0, 0x0D] + sound.dropFirst(3), [0, 0, 8, 0]]
        malformed += [[0, 0, 8, 200] + sound, idx(Array(repeating: 0xFFFF_FFFF, count: 8), [1])]
        malformed += malformed.map(gzipped) + [Array(gzipped(sound).dropLast(3))]
        for contents in malformed {
            let path = try folder.write(contents, to: "bad.idx")
            let error = #expect(throws: DatasetError.self) { try IDXFile(contentsOf: path) }
            #expect(error?.description.hasPrefix("\(path): ") == true)
        }
        #expect(throws: DatasetError.self) { try IDXFile(contentsOf: folder.path + "/none") }
    }

    @Test func mnistIsRead() throws {
        let pixels = (0..<2 * 784).map { UInt8($0 % 256) }
        try folder.write(gzipped(idx([2, 28, 28], pixels)), to: "t10k-images-idx3-ubyte.gz")
        try folder.write(idx([2], [7, 0]), to: "t10k-labels-idx1-ubyte")
        let digits = try CharacterImages.mnist(in: folder.path, split: "test")
        #expect(digits.count == 2)
        #expect(digits.labels == [7, 0])
        #expect(digits.classNames[7] == "7")
        #expect(digits.image(1) == Array(pixels[784...]))
        let missing = #expect(throws: DatasetError.self) {
            try CharacterImages.mnist(in: folder.path, split: "train")
        }
        #expect(missing?.description.contains("of MNIST") == true)
        let unknown = #expect(throws: DatasetError.self) { try CharacterImages.mnist(in: folder.path, split: "dev") }
        #expect(unknown?.description.contains("choose one of train, test") == true)
    }

    private func writeEMNIST(labels: [UInt8], mapping: String, side: Int = 28) throws {
        var pixels = [UInt8](repeating: 0, count: 2 * side * side)
        pixels[1] = 200
        try folder.write(mapping, to: "emnist-byclass-mapping.txt")
        try folder.write(idx([2, side, side], pixels), to: "emnist-byclass-train-images-idx3-ubyte")
        try folder.write(gzipped(idx([labels.count], labels)), to: "emnist-byclass-train-labels-idx1-ubyte.gz")
    }

    @Test func emnistIsTurnedUpright() throws {
        try writeEMNIST(labels: [1, 0], mapping: "0 48\n1 65\r\n")
        let characters = try CharacterImages.emnist(in: folder.path, split: "train")
        #expect(characters.classNames == ["0", "A"])
        #expect(characters.labels == [1, 0])
        #expect(characters.image(0).firstIndex(of: 200) == 28)
    }

    @Test func malformedEMNISTIsRefused() throws {
        try writeEMNIST(labels: [1, 2], mapping: "0 48\n1 65\n")
        let label = #expect(throws: DatasetError.self) { try CharacterImages.emnist(in: folder.path, split: "train") }
        #expect(label?.description.contains("labels-idx1-ubyte.gz: the label of record 1 is 2") == true)
        for mapping in ["", "0 48\n2 65\n", "0 48 97\n1 65\n", "0 x\n1 2\n", "0 55296\n1 65\n"] {
            try writeEMNIST(labels: [1, 0], mapping: mapping)
            #expect(throws: DatasetError.self) { try CharacterImages.emnist(in: folder.path, split: "train") }
        }
        try writeEMNIST(labels: [1, 0, 1], mapping: "0 48\n1 65\n")
        #expect(throws: DatasetError.self) { try CharacterImages.emnist(in: folder.path, split: "train") }
        try writeEMNIST(labels: [1, 0], mapping: "0 48\n1 65\n", side: 27)
        #expect(throws: DatasetError.self) { try CharacterImages.emnist(in: folder.path, split: "train") }
    }

    /// Image n shows its number in its first pixels; class 0 has 60 images, 1 has 30, 2 has 6, in this order.
    static let ordered: CharacterImages = {
        let labels = [(0, 60), (1, 30), (2, 6)].flatMap { Array(repeating: $0.0, count: $0.1) }
        let pixels = labels.indices.flatMap { [UInt8($0)] + [UInt8](repeating: 7, count: 783) }
        return CharacterImages(pixels: pixels, labels: labels, classNames: ["a", "b", "c"])
    }()

    @Test func balancingLimitsClassesToTheMean() {
        let images = Self.ordered
        let balanced = images.balanced(seed: 3)
        let chosen = (0..<balanced.count).map { Int(balanced.image($0)[0]) }
        #expect((0..<3).map { label in balanced.labels.count { $0 == label } } == [32, 30, 6])
        #expect(Set(chosen).count == chosen.count)
        #expect(chosen.map { images.labels[$0] } == balanced.labels)
        #expect(balanced == images.balanced(seed: 3))
        #expect(balanced != images.balanced(seed: 4))
    }

    @Test func balancedImagesAreNotOrderedByClass() {
        for seed in 0..<20 {
            let labels = Self.ordered.balanced(seed: UInt64(seed)).labels
            #expect(labels != labels.sorted())
            #expect(Set(labels.prefix(24)).count >= 2)
        }
    }

    @Test(.enabled(if: sharedData != nil, "DUCTUS_DATA is not set"))
    func publishedFilesAreRead() throws {
        let data = try #require(sharedData)
        #expect(try CharacterImages.mnist(in: data + "/mnist", split: "test").count == 10_000)
        let characters = try CharacterImages.emnist(in: data + "/characters62", split: "test")
        #expect(characters.count == 1115)
        #expect(characters.classNames.joined().hasPrefix("0123456789ABC"))
    }
}
