import DuctusData
import DuctusTestSupport
import Testing

/// `emnist-byclass.mat` as SciPy writes it; see Tests/Fixtures/matlab/generate.py.
@Suite struct MATFileTests {
    let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private static func fixture(_ name: String) throws -> [UInt8] {
        let directory = #filePath.split(separator: "/").dropLast(2).joined(separator: "/")
        return try File.readBytes("/\(directory)/Fixtures/matlab/\(name).mat")
    }

    @Test(arguments: ["compressed", "plain", "doubles"])
    func everyStorageIsRead(name: String) throws {
        try folder.write(Self.fixture(name), to: "matlab/emnist-byclass.mat")
        for (split, first, count) in [("train", 0, 7), ("test", 100, 3)] {
            let characters = try CharacterImages.emnist(in: folder.path, split: split)
            #expect(characters.classNames == ["0", "9", "A", "Z", "a"])
            #expect(characters.labels == (first..<first + count).map { $0 % 5 })
            for index in 0..<count {
                let upright = (0..<784).map { UInt8((31 * (first + index) + 7 * ($0 / 28) + 3 * ($0 % 28)) % 256) }
                #expect(characters.image(index) == upright)
            }
        }
    }

    private func refusal(_ bytes: [UInt8]) throws -> String? {
        try folder.write(bytes, to: "emnist-byclass.mat")
        do {
            _ = try CharacterImages.emnist(in: folder.path, split: "test")
            return nil
        } catch {
            return error.description
        }
    }

    @Test(arguments: ["compressed", "plain"])
    func truncatedFilesAreRefused(name: String) throws {
        let sound = try Self.fixture(name)
        for count in stride(from: 0, to: sound.count, by: sound.count < 4000 ? 7 : 97) {
            let refusal = try #require(try refusal(Array(sound.prefix(count))), "the first \(count) bytes")
            #expect(refusal.hasPrefix("\(folder.path)/emnist-byclass.mat: "))
        }
    }

    /// Whatever byte is wrong, the process lives on; where a checksum covers it, the data are right or refused.
    @Test(arguments: ["compressed", "plain", "doubles"])
    func damagedFilesAreRefused(name: String) throws {
        let sound = try Self.fixture(name)
        try folder.write(sound, to: "emnist-byclass.mat")
        let expected = try CharacterImages.emnist(in: folder.path, split: "test")
        var random = RandomStream(seed: 5)
        // Most of a plain file is pixels; the elements' headers are at its beginning and its end.
        var places = (124..<sound.count).shuffled(using: &random).prefix(300)
        if name == "plain" { places = places.prefix(100) + (124..<400) + (sound.count - 400..<sound.count) }
        var refusals = 0
        for place in places {
            var damaged = sound
            damaged[place] ^= UInt8.random(in: 1...255, using: &random)
            if let refusal = try refusal(damaged) {
                #expect(refusal.hasPrefix("\(folder.path)/emnist-byclass.mat: "))
                refusals += 1
            } else if name != "plain" {
                #expect(try CharacterImages.emnist(in: folder.path, split: "test") == expected)
            }
        }
        #expect(refusals > (name == "plain" ? 100 : places.count * 9 / 10))
    }

    @Test func errorsNameTheRecord() throws {
        let sound = try Self.fixture("plain")
        // The test labels 0, 1, 2 are stored within the tag of their element: the type, the count, the data.
        let labels: [UInt8] = [2, 0, 3, 0, 0, 1, 2, 0]
        let place = try #require(sound.indices.last { sound[$0...].starts(with: labels) })
        var damaged = sound
        damaged[place + 6] = 9
        let refusal = try refusal(damaged)
        #expect(
            refusal?.contains("dataset.test.labels: the label of record 2 is 9, but there are only 5 classes") == true)
        damaged = sound
        damaged[place + 2] = 2
        #expect(try self.refusal(damaged)?.contains("dataset.test.labels: 3 numbers are announced, but 2") == true)
        #expect(try self.refusal(Array("MATLAB 7.3 MAT-file".utf8))?.contains("not a MATLAB 5 file") == true)
    }
}
