import DuctusModels
import DuctusTestSupport
import Testing

/// A checkpoint that cannot be resumed is refused with one sentence and changes nothing.
@Suite struct DamagedCheckpointTests {
    private let folder: TemporaryFolder
    private let intact: [UInt8]

    init() throws {
        folder = try TemporaryFolder()
        _ = try TinyTraining(epochs: 1, callbacks: [.checkpoints(in: folder.path)]).run()
        intact = try File.readBytes(folder.file(Checkpoint.lastName))
    }

    /// The error of resuming from a file, if any.
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
        var archive = try TensorArchive(intact, path: "intact")
        change(&archive)
        return archive.encoded()
    }

    @Test func intactCheckpointsAreAccepted() throws { #expect(try refusal(of: intact) == nil) }

    @Test(arguments: [0, 1, 7, 8, 9, 100, 1000, 2000, 3000]) func truncatedFilesAreRefused(count: Int) throws {
        for bytes in [Array(intact.prefix(count)), Array(intact.dropLast(count + 1))] {
            #expect(try refusal(of: bytes) != nil)
        }
    }

    @Test func weightsAloneAreRefused() throws {
        let message = try refusal(of: changed { $0.metadata["training"] = nil })
        #expect(message?.contains("is not a checkpoint") == true)
    }

    @Test(arguments: [
        "", "{}", "[]", #"{"epoch":-1,"batch":0,"lossSum":0,"history":[]}"#,
        #"{"epoch":9223372036854775807,"batch":0,"lossSum":0,"history":[]}"#,
        #"{"epoch":0,"batch":-1,"lossSum":0,"history":[]}"#, #"{"epoch":"0","batch":0,"lossSum":0,"history":[]}"#,
    ])
    func invalidStatesAreRefused(text: String) throws {
        #expect(try refusal(of: changed { $0.metadata["training"] = text }) != nil)
    }

    @Test(arguments: ["", "x", "-1", "\(Int.max)"]) func invalidStepsAreRefused(text: String) throws {
        #expect(try refusal(of: changed { $0.metadata["steps"] = text }) != nil)
    }

    @Test(arguments: ["head.weight", "optimizer.0.head.weight", "optimizer.1.conv.bias"])
    func tensorsOfAnotherShapeOrTypeAreRefused(name: String) throws {
        let shape = try refusal(of: changed { $0.set(name, to: Tensor<Float>.ones([1])) })
        #expect(shape?.contains("\"\(name)\" has shape [1]") == true)
        let type = try refusal(of: changed { $0.set(name, to: Tensor<Int32>([16_777_217])) })
        #expect(type?.contains("\"\(name)\" holds 16777217, which Float cannot represent") == true)
    }

    /// The checkpoint is that of three steps.
    @Test(arguments: [[-1], [4], [1, 1], []] as [[Int32]])
    func invalidStepsOfParametersAreRefused(steps: [Int32]) throws {
        let name = "optimizer.steps.head.weight"
        let message = try refusal(of: changed { $0.set(name, to: Tensor(steps)) })
        #expect(message?.contains("\"\(name)\" is not one number of steps from 0 to 3.") == true)
    }

    /// Without its moments, Adam would continue as if it had just started.
    @Test func missingMomentsAreRefused() throws {
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
