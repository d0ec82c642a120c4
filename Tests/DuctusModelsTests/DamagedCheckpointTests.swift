import DuctusModels
import DuctusTestSupport
import Testing

/// A checkpoint that cannot be resumed is refused with one sentence, and nothing is changed.
@Suite struct DamagedCheckpointTests {
    private let folder: TemporaryFolder
    private let sound: [UInt8]

    init() throws {
        folder = try TemporaryFolder()
        _ = try TinyTraining(epochs: 1, callbacks: [.checkpoints(in: folder.path)]).run()
        sound = try File.readBytes(folder.file(Checkpoint.lastName))
    }

    /// What resuming from a file says.
    private func refusal(of bytes: [UInt8]) throws -> String? {
        let path = folder.file("checkpoint.safetensors")
        try File.write(bytes, to: path)
        var model = TinyTraining.model()
        let before = Outcome(model.network, [])
        do {
            try model.restore(Checkpoint(contentsOf: path))
            return nil
        } catch {
            #expect(Outcome(model.network, []) == before)
            #expect(isOneSentence("\(error)", about: path), "\(error)")
            return "\(error)"
        }
    }

    /// The checkpoint with something changed.
    private func changed(_ change: (inout TensorArchive) -> Void) throws -> [UInt8] {
        var archive = try TensorArchive(sound, path: "sound")
        change(&archive)
        return archive.encoded()
    }

    @Test func theSoundOneIsTaken() throws { #expect(try refusal(of: sound) == nil) }

    @Test(arguments: [0, 1, 7, 8, 9, 100, 1000, 2000, 3000]) func truncated(count: Int) throws {
        for bytes in [Array(sound.prefix(count)), Array(sound.dropLast(count + 1))] {
            #expect(try refusal(of: bytes) != nil)
        }
    }

    @Test func weightsWithoutATraining() throws {
        let message = try refusal(of: changed { $0.metadata["training"] = nil })
        #expect(message?.contains("holds no training to resume") == true)
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"epoch":-1,"batch":0,"lossSum":0,"history":[]}"#,
        #"{"epoch":0,"batch":-1,"lossSum":0,"history":[]}"#, #"{"epoch":"0","batch":0,"lossSum":0,"history":[]}"#,
    ])
    func stateThatIsNone(text: String) throws {
        #expect(try refusal(of: changed { $0.metadata["training"] = text }) != nil)
    }

    @Test(arguments: ["", "x", "-1"]) func stepsThatAreNone(text: String) throws {
        #expect(try refusal(of: changed { $0.metadata["steps"] = text }) != nil)
    }

    @Test(arguments: ["head.weight", "optimizer.0.head.weight", "optimizer.1.conv.bias"])
    func tensorsOfAnotherShapeOrType(name: String) throws {
        let shape = try refusal(of: changed { $0.set(name, to: Tensor<Float>.ones([1])) })
        #expect(shape?.contains("\"\(name)\" has shape [1]") == true)
        let type = try refusal(of: changed { $0.set(name, to: Tensor<Int32>.ones([1])) })
        #expect(type?.contains("\"\(name)\" is I32; F32 is expected.") == true)
    }

    /// Without its moments, Adam would go on as if it had just begun.
    @Test func momentsThatAreMissing() throws {
        let bytes = try changed { archive in
            var other = TensorArchive()
            other.metadata = archive.metadata
            for name in archive.names where name != "optimizer.0.head.weight" {
                if let tensor = try? archive.tensor(name, as: Float.self) { other.set(name, to: tensor) }
            }
            archive = other
        }
        #expect(try refusal(of: bytes)?.contains("optimizer.0.head.weight") == true)
    }
}
