import DuctusTensors
import DuctusTestSupport
import Testing

@Suite struct TensorArchiveTests {
    /// One tensor of every element type, an empty one, a scalar, a view, and metadata that needs escapes.
    static func sample() -> TensorArchive {
        var archive = TensorArchive()
        archive.set("float", to: Tensor<Float>([1, -0.0, .infinity, .leastNonzeroMagnitude], shape: [2, 2]))
        archive.set("double", to: Tensor<Double>([0.1, -.greatestFiniteMagnitude, .ulpOfOne], shape: [3, 1]))
        archive.set(
            "integers",
            to: [.min, -1, 0, .max].reduce(into: Tensor<Int32>([])) { $0 = .concatenated([$0, Tensor([$1])], axis: 0) })
        archive.set("bytes", to: Tensor<UInt8>(Array(0...255), shape: [16, 16]))
        archive.set("flags", to: Tensor([true, false, true]))
        archive.set("empty", to: Tensor<Float>.zeros([3, 0]))
        archive.set("scalar", to: Tensor<Float>(7))
        archive.set("view \"é\"\n\u{1}", to: Tensor<Float>.sample([2, 3]).transposed())
        archive.metadata = ["format": "ductus", "quote\"\\": "line\nbreak\ttab\r\u{2}", "ü": "日本 🖋", "": ""]
        return archive
    }

    static func expectEqual(_ a: TensorArchive, _ b: TensorArchive) throws {
        #expect(a.names == b.names)
        #expect(a.metadata == b.metadata)
        for name in a.names {
            #expect(a.shape(of: name) == b.shape(of: name))
            #expect(a.elementType(of: name) == b.elementType(of: name))
            switch a.elementType(of: name) {
            case .float32: #expect(try a.tensor(name, as: Float.self) == b.tensor(name))
            case .float64: #expect(try a.tensor(name, as: Double.self) == b.tensor(name))
            case .int32: #expect(try a.tensor(name, as: Int32.self) == b.tensor(name))
            case .uint8: #expect(try a.tensor(name, as: UInt8.self) == b.tensor(name))
            case .bool: #expect(try a.tensor(name, as: Bool.self) == b.tensor(name))
            default: Issue.record("unexpected type of \(name)")
            }
        }
    }

    @Test func archivesRoundTrip() throws {
        let folder = try TemporaryFolder()
        let original = Self.sample()
        try original.write(to: folder.file("all.safetensors"))
        let read = try TensorArchive(contentsOf: folder.file("all.safetensors"))
        try Self.expectEqual(read, original)
        #expect(read.encoded() == original.encoded())
        #expect(read.path == folder.file("all.safetensors"))
        #expect(try folder.contents == ["all.safetensors"])
    }

    /// Bits that equality does not see: the sign of zero and the payload of NaN.
    @Test func bitPatternsSurvive() throws {
        let patterns: [UInt32] = [0x8000_0000, 0x7FC0_1234, 0xFFC0_0001, 1]
        var archive = TensorArchive()
        archive.set("x", to: Tensor(patterns.map(Float.init(bitPattern:))))
        let read = try TensorArchive(archive.encoded(), path: "memory")
        #expect(try read.tensor("x", as: Float.self).scalars.map(\.bitPattern) == patterns)
    }

    @Test func emptyArchivesRoundTrip() throws {
        let read = try TensorArchive(TensorArchive().encoded(), path: "memory")
        #expect(read.names.isEmpty)
        #expect(read.metadata.isEmpty)
    }

    /// Regardless of the order of insertion and of replaced tensors.
    @Test func equalArchivesGiveEqualBytes() throws {
        var (a, b) = (TensorArchive(), TensorArchive())
        a.set("first", to: [1, 2] as Tensor<Float>)
        a.set("second", to: [3] as Tensor<Int32>)
        a.metadata = ["x": "1", "y": "2"]
        b.set("second", to: Tensor<Float>.zeros([5]))
        b.set("third", to: [] as Tensor<Float>)
        b.set("second", to: [3] as Tensor<Int32>)
        b.set("first", to: [1, 2] as Tensor<Float>)
        b.set("third", to: Tensor<Float>.zeros([2, 2]))
        a.set("third", to: Tensor<Float>.zeros([2, 2]))
        b.metadata = ["y": "2", "x": "1"]
        try Self.expectEqual(a, b)
        #expect(a.encoded() == b.encoded())
    }

    @Test func replacingATensorKeepsTheOthers() throws {
        var archive = Self.sample()
        archive.set("float", to: [5, 6, 7] as Tensor<Double>)
        let read = try TensorArchive(archive.encoded(), path: "memory")
        try Self.expectEqual(read, archive)
        #expect(try read.tensor("float", as: Double.self) == [5, 6, 7])
        #expect(try read.tensor("scalar", as: Float.self) == 7)
        #expect(try read.tensor("bytes", as: UInt8.self).scalars == Array(0...255))
    }

    @Test func dataIsAligned() {
        let bytes = Self.sample().encoded()
        let length = (0..<8).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
        #expect(length % 8 == 0)
    }

    @Test func missingTensorsAndMismatchedTypesAreNamed() throws {
        let archive = try TensorArchive(Self.sample().encoded(), path: "weights.safetensors")
        #expect(throws: ArchiveError("weights.safetensors", "has no tensor \"head.bias\".")) {
            try archive.tensor("head.bias", as: Float.self)
        }
        #expect(
            throws: ArchiveError(
                "weights.safetensors",
                "tensor \"float\" is float32, which Int32 cannot represent exactly; read it as Float and convert that.")
        ) {
            try archive.tensor("float", as: Int32.self)
        }
        #expect(archive.shape(of: "nothing") == nil)
        #expect(archive.elementType(of: "nothing") == nil)
    }

    @Test func missingFilesAreNamed() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("none.safetensors")
        #expect(throws: FileError(file: path, reason: .missing)) { try TensorArchive(contentsOf: path) }
    }
}
