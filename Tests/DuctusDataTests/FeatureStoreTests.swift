import DuctusData
import DuctusTestSupport
import Synchronization
import Testing

@Suite struct FeatureStoreTests {
    private let folder: TemporaryFolder
    private let notes = Notes()

    init() throws { folder = try TemporaryFolder() }

    /// What a store reports.
    private final class Notes: Sendable {
        private let sentences = Mutex<[String]>([])
        func add(_ sentence: String) { sentences.withLock { $0.append(sentence) } }
        var last: String { sentences.withLock { $0.last ?? "" } }
        var all: [String] { sentences.withLock { $0 } }
    }

    /// Files whose bytes are pixels; counts how often one is transformed.
    private struct Files: FeatureSource {
        static let codeVersion = "files 1"
        var paths: [String]
        var scale: Float = 1
        let transformations = Counter()

        final class Counter: Sendable {
            private let value = Atomic(0)
            func increment() { value.add(1, ordering: .relaxed) }
            var count: Int { value.load(ordering: .relaxed) }
        }

        var count: Int { paths.count }
        var expectation: DuctusData.Expectation { Expectation(shape: [1, nil, 1], classes: 256) }
        func name(of index: Int) -> String { paths[index] }
        func raw(_ index: Int) throws -> [UInt8] { try File.readBytes(paths[index]) }
        func transform(_ raw: [UInt8], name: String) -> Example {
            transformations.increment()
            return Example(
                input: Tensor(raw.map { scale * Float($0) / 255 }, shape: [1, raw.count, 1]),
                labels: Tensor(raw.dropLast().map { Int32($0) }))
        }
        var settings: any Encodable & Sendable { ["scale": scale] }
        func ingredients(of index: Int) -> [Ingredient] { [.file(paths[index])] }
    }

    private func files(_ contents: [[UInt8]] = [[1, 2, 3], [200], [7, 8]], in place: String = "data") throws -> Files {
        try File.createDirectory(folder.file(place))
        let paths = contents.indices.map { folder.file("\(place)/\($0)") }
        for (path, bytes) in zip(paths, contents) { try File.write(bytes, to: path) }
        return Files(paths: paths)
    }

    private func store(_ name: String = "features") -> FeatureStore {
        FeatureStore(directory: folder.file(name), note: notes.add)
    }

    private func expectEqual(_ one: ExampleCache, _ other: ExampleCache, location: SourceLocation = #_sourceLocation) {
        #expect(one.examples.map(\.input) == other.examples.map(\.input), sourceLocation: location)
        #expect(one.examples.map(\.labels) == other.examples.map(\.labels), sourceLocation: location)
        #expect(one.names == other.names, sourceLocation: location)
        #expect(one.expectation == other.expectation, sourceLocation: location)
    }

    /// As the processes of a job do.
    @Test func whatSeveralNeedAtOnceIsComputedOnce() async throws {
        let files = try files(Array(repeating: [1, 2, 3], count: 300))
        let store = store()
        try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<3 { group.addTask { try store.features(of: files, named: "files").count } }
            for try await count in group { #expect(count == 300) }
        }
        #expect(files.transformations.count == 300)
        #expect(File.names(in: folder.file("features")).count == 1)
    }

    @Test func featuresAreComputedOnce() throws {
        let data = try files()
        let expected = try data.cached()
        let computed = try store().features(of: data, named: "bytes")
        #expect(data.transformations.count == 6)
        #expect(notes.last.hasPrefix("Features of bytes: 3 computed in "))
        let kept = try store().features(of: data, named: "bytes")
        #expect(data.transformations.count == 6)
        #expect(notes.last.hasPrefix("Features of bytes: 3 read from "))
        expectEqual(computed, expected)
        expectEqual(kept, expected)
        // What is read is a tensor like any other: changing it changes neither the file nor the others.
        var input = kept.examples[0].input
        input[...] = 0.5
        expectEqual(try store().features(of: data, named: "bytes"), expected)
    }

    /// Where and when the data were copied does not matter.
    @Test func everyIngredientMakesAnotherFile() throws {
        var data = try files()
        _ = try store().features(of: data, named: "bytes")
        _ = try store().features(of: files(in: "copy"), named: "other name")
        #expect(store().entries.count == 1)
        #expect(notes.last.contains("read from"))
        data.scale = 0.5
        _ = try store().features(of: data, named: "half as bright")
        data.paths.reverse()
        _ = try store().features(of: data, named: "backwards")
        _ = try store().features(of: data.sampled(2), named: "two of them")
        _ = try store().features(of: Subset(data, indices: [0, 1, 2]), named: "all of them")
        #expect(store().entries.count == 4)
        #expect(notes.last.contains("read from"))
        let changed = try store().features(of: files([[1, 2, 3], [201], [7, 8]]), named: "one byte")
        #expect(changed.examples[1].input.scalars == [201.0 / 255])
        #expect(Set(store().entries.map(\.path)).count == 5)
    }

    @Test func entriesAreListedAndRemoved() throws {
        let data = try files()
        _ = try store().features(of: data, named: "bytes")
        try File.write([1, 2, 3], to: folder.file("features/notes.txt"))
        try File.write([1, 2, 3], to: folder.file("features/\(String(repeating: "0", count: 64)).safetensors"))
        let entry = try #require(store().entries.first)
        #expect(store().entries.count == 1)
        #expect(entry.name == "bytes")
        #expect(entry.examples == 3)
        #expect(entry.code == "files 1")
        #expect(try entry.data == data.dataVersion().description)
        #expect(entry.settings == #"{"scale": 1}"#)
        #expect(entry.bytes == File.size(entry.path))
        #expect(try store().clear() == 2)
        #expect(File.names(in: folder.file("features")) == ["notes.txt"])
        #expect(try store("nowhere").clear() == 0)
        #expect(store("nowhere").entries.isEmpty)
    }

    /// Whatever happens to a file, the features are right.
    @Test func damagedFilesAreComputedAgain() throws {
        let data = try files()
        let expected = try store().features(of: data, named: "bytes")
        let path = try #require(store().entries.first?.path)
        let sound = try File.readBytes(path)
        let cuts = stride(from: 0, to: sound.count, by: 41).map { Array(sound[..<$0]) }
        let flips = stride(from: 0, to: sound.count, by: 13).map { place in
            var bytes = sound
            bytes[place] ^= UInt8(1 << (place % 8))
            return bytes
        }
        for bytes in cuts + flips + [sound + [0]] {
            try File.write(bytes, to: path)
            expectEqual(try store().features(of: data, named: "bytes"), expected)
            // Where the file was served as it is, the damage was in the name of the features.
            if !notes.last.contains("read from") { #expect(try File.readBytes(path) == sound) }
        }
        #expect(notes.all.count { $0.contains("computed again") } >= cuts.count + flips.count * 9 / 10)
    }

    @Test func featuresThatCannotBeKeptAreComputed() throws {
        try File.write([], to: folder.file("file"))
        let data = try files()
        expectEqual(try store("file").features(of: data, named: "bytes"), try data.cached())
        #expect(notes.last.contains("not kept"))
        #expect(notes.last.contains(folder.file("file")))
        #expect(throws: FileError.self) {
            try store().features(of: Files(paths: [folder.file("none")]), named: "nothing")
        }
        var small = store()
        // Six bytes of gray levels and three labels.
        small.maximumBytes = 17
        _ = try small.features(of: data, named: "bytes")
        #expect(notes.last.contains("not kept"))
        #expect(small.entries.isEmpty)
        small.maximumBytes = 18
        _ = try small.features(of: data, named: "bytes")
        #expect(small.entries.count == 1)
        let empty = try store().features(of: Files(paths: []), named: "nothing")
        #expect(empty.count == 0)
    }

    /// Not all inputs are images.
    @Test func inputsThatAreNoImagesAreKeptToo() throws {
        var data = try files()
        data.scale = 0.123
        let computed = try store().features(of: data, named: "numbers")
        expectEqual(computed, try data.cached())
        expectEqual(try store().features(of: data, named: "numbers"), computed)
        #expect(notes.last.contains("read from"))
    }

    /// More samples than are in memory at a time.
    @Test func manySamplesAreStreamed() throws {
        var data = try files((0..<3).map { [UInt8]((0...$0).map { UInt8($0) * 9 + 1 }) })
        data.paths = (0..<5000).map { data.paths[$0 % 3] }
        let expected = try data.cached()
        expectEqual(try store().features(of: data, named: "many"), expected)
        expectEqual(try store().features(of: data, named: "many"), expected)
        #expect(notes.last.contains("read from"))
    }

    @Test func aStoreMayBeUsedConcurrently() async throws {
        let data = try files()
        let expected = try data.cached()
        let store = store()
        try await withThrowingTaskGroup(of: ExampleCache.self) { group in
            for _ in 0..<8 { group.addTask { try store.features(of: data, named: "bytes") } }
            for try await features in group { expectEqual(features, expected) }
        }
        #expect(File.names(in: store.directory).count == 1)
    }
}
