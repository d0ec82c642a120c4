import DuctusTensors
import DuctusTestSupport
import Testing

/// Written files can be read again, by Ductus and by NumPy.
@Suite struct NumPyWritingTests {
    static let shapes: [Shape] = [
        [], [0], [1], [7], [2, 3], [3, 0, 2], [0, 0], [1, 1, 1, 1, 1, 1, 1, 1], [2, 1, 2, 3, 1, 2, 2, 2],
    ]

    /// Tensors of one type in every layout: dense, transposed, repeated, and part of a larger one.
    static func tensors<Scalar: TensorScalar>(_ scalar: (Int) -> Scalar) -> [Tensor<Scalar>] {
        shapes.flatMap { shape in
            let dense = Tensor((0..<shape.elementCount).map(scalar), shape: shape)
            guard shape.rank > 1 else { return [dense] }
            let repeated = Tensor([scalar(5)], shape: [1]).broadcast(to: shape)
            let part = dense.sliced(0..<(shape[0] + 1) / 2, axis: 0).transposed(0, 1)
            return [dense, dense.transposed(), repeated, part]
        }
    }

    static func checkFiles<Scalar: TensorScalar>(_ scalar: (Int) -> Scalar) throws {
        let path = try TemporaryFolder()
        for tensor in tensors(scalar) {
            try tensor.write(npy: path.file("x.npy"))
            #expect(try Tensor<Scalar>(npy: path.file("x.npy")) == tensor)
            #expect(try File.readBytes(path.file("x.npy")).count == 128 + tensor.count * MemoryLayout<Scalar>.size)
        }
    }

    @Test func filesRoundTrip() throws {
        try Self.checkFiles { Float($0) / 8 - 3 }
        try Self.checkFiles { Double($0) / 3 }
        try Self.checkFiles { Int32($0) - 5 }
        try Self.checkFiles { UInt8(truncatingIfNeeded: $0) }
        try Self.checkFiles { $0 % 3 == 0 }
    }

    static func checkArchives<Scalar: TensorScalar>(_ scalar: (Int) -> Scalar, compressed: Bool) throws {
        let tensors = tensors(scalar)
        var archive = NumPyArchive()
        for (i, tensor) in tensors.enumerated() { archive.set("layer \(i)/größe", to: tensor) }
        let folder = try TemporaryFolder()
        try archive.write(to: folder.file("all.npz"), compressed: compressed)
        let read = try NumPyArchive(contentsOf: folder.file("all.npz"))
        #expect(read.names == archive.names)
        #expect(read.names.count == tensors.count)
        for (i, tensor) in tensors.enumerated() {
            #expect(try read.tensor("layer \(i)/größe", as: Scalar.self) == tensor)
            #expect(try archive.tensor("layer \(i)/größe", as: Scalar.self) == tensor)
            #expect(read.shape(of: "layer \(i)/größe") == tensor.shape)
        }
        #expect(try read.encoded(compressed: compressed) == archive.encoded(compressed: compressed))
        #expect(try folder.contents == ["all.npz"])
    }

    @Test(arguments: [false, true]) func archivesRoundTrip(compressed: Bool) throws {
        try Self.checkArchives({ Float($0) / 8 - 3 }, compressed: compressed)
        try Self.checkArchives({ Double($0) / 3 }, compressed: compressed)
        try Self.checkArchives({ Int32($0) - 5 }, compressed: compressed)
        try Self.checkArchives({ UInt8(truncatingIfNeeded: $0) }, compressed: compressed)
        try Self.checkArchives({ $0 % 3 == 0 }, compressed: compressed)
    }

    /// Not only readable by NumPy, but identical to its output.
    @Test func filesMatchNumPyByteForByte() throws {
        let folder = try TemporaryFolder()
        let tensor = Tensor<Float>((0..<6).map { Float($0 - 5) / 4 }, shape: [2, 3])
        try tensor.write(npy: folder.file("x.npy"))
        #expect(try File.readBytes(folder.file("x.npy")) == File.readBytes(NumPyFixtures.path("version1.npy")))
    }

    @Test func headersMatchNumPy() throws {
        let archive = try NumPyArchive(contentsOf: NumPyFixtures.path("headers.npz"))
        let folder = try TemporaryFolder()
        #expect(archive.names.count == 8)
        for name in archive.names {
            let header = try archive.tensor(name, as: UInt8.self).scalars
            let shape = Shape(name.split(separator: "x").compactMap { Int($0) })
            try Tensor<Double>.zeros(shape).write(npy: folder.file("x.npy"))
            #expect(try Array(File.readBytes(folder.file("x.npy")).prefix(header.count)) == header)
        }
    }

    @Test func bitPatternsSurvive() throws {
        let patterns: [UInt32] = [0x8000_0000, 0x7FC0_1234, 0xFFC0_0001, 0x7F80_0001, 1]
        var archive = NumPyArchive()
        archive.set("x", to: Tensor(patterns.map(Float.init(bitPattern:))))
        let read = try NumPyArchive(archive.encoded(compressed: true), path: "memory")
        #expect(try read.tensor("x", as: Float.self).scalars.map(\.bitPattern) == patterns)
    }

    @Test func replacingAnArrayKeepsTheOthers() throws {
        var archive = try NumPyArchive(contentsOf: NumPyFixtures.path("streamed.npz"))
        let old = try archive.tensor("größe", as: Int32.self)
        archive.set("a", to: [5, 6, 7] as Tensor<Double>)
        archive.set("new", to: Tensor([true, false]))
        let folder = try TemporaryFolder()
        try archive.write(to: folder.file("x.npz"))
        // A second time, over the file that it is now read from.
        try NumPyArchive(contentsOf: folder.file("x.npz")).write(to: folder.file("x.npz"), compressed: true)
        let read = try NumPyArchive(contentsOf: folder.file("x.npz"))
        #expect(read.names == ["a", "größe", "new"])
        #expect(try read.tensor("a", as: Double.self) == [5, 6, 7])
        #expect(try read.tensor("größe", as: Int32.self) == old)
        #expect(try read.tensor("new", as: Bool.self).scalars == [true, false])
        #expect(try NumPyArchive(NumPyArchive().encoded(), path: "memory").names.isEmpty)
    }

    /// Arrays share the memory-mapped file and are aligned within it.
    @Test func readingDoesNotCopy() throws {
        let folder = try TemporaryFolder()
        var archive = NumPyArchive()
        for name in ["a", "bc", "def"] { archive.set(name, to: Tensor<Double>.sample([100])) }
        try archive.write(to: folder.file("x.npz"))
        let read = try NumPyArchive(contentsOf: folder.file("x.npz"))
        for name in read.names {
            let (one, two) = (try read.tensor(name, as: Double.self), try read.tensor(name, as: Double.self))
            one.withUnsafeBuffer { a in
                two.withUnsafeBuffer { #expect($0.baseAddress == a.baseAddress) }
                #expect(Int(bitPattern: a.baseAddress) % 64 == 0)
            }
        }
    }

    /// Tensors that share a memory-mapped file still have value semantics.
    @Test func writingToATensorChangesOnlyThatTensor() throws {
        let folder = try TemporaryFolder()
        let original: Tensor<Float> = [[1, 2], [3, 4]]
        try original.write(npy: folder.file("x.npy"))
        var (arrays, tensors) = (NumPyArchive(), TensorArchive())
        arrays.set("x", to: original)
        tensors.set("x", to: original)
        try arrays.write(to: folder.file("x.npz"))
        try arrays.write(to: folder.file("compressed.npz"), compressed: true)
        try tensors.write(to: folder.file("x.safetensors"))
        let stored = try NumPyArchive(contentsOf: folder.file("x.npz"))
        let compressed = try NumPyArchive(contentsOf: folder.file("compressed.npz"))
        let mapped = try TensorArchive(contentsOf: folder.file("x.safetensors"))
        let readers: [() throws -> Tensor<Float>] = [
            { try Tensor(npy: folder.file("x.npy")) }, { try arrays.tensor("x") }, { try tensors.tensor("x") },
            { try stored.tensor("x") }, { try compressed.tensor("x") }, { try mapped.tensor("x") },
        ]
        for read in readers {
            let other = try read()
            var (a, b) = (try read(), try read())
            a[0, 0] = 9
            b.withUnsafeMutableBuffer { $0[3] = 7 }
            #expect(a == [[9, 2], [3, 4]])
            #expect(b == [[1, 2], [3, 7]])
            #expect(other == original)
            #expect(try read() == original)
        }
        #expect(original == [[1, 2], [3, 4]])
    }

    @Test func equalArchivesGiveEqualBytes() throws {
        var (a, b) = (NumPyArchive(), NumPyArchive())
        a.set("one", to: [1, 2] as Tensor<Float>)
        a.set("two", to: Tensor<Int32>.zeros([2, 3]))
        b.set("two", to: Tensor<Int32>(0).broadcast(to: [2, 3]))
        b.set("one", to: [1] as Tensor<Double>)
        b.set("one", to: [1, 2] as Tensor<Float>)
        #expect(try a.encoded() == b.encoded())
        #expect(try a.encoded(compressed: true) == b.encoded(compressed: true))
    }

    @Test func missingArraysAndFilesAreNamed() throws {
        let path = NumPyFixtures.path("streamed.npz")
        let archive = try NumPyArchive(contentsOf: path)
        #expect(throws: ArchiveError(path, "has no array \"b\".")) { try archive.tensor("b", as: Float.self) }
        #expect(archive.shape(of: "b") == nil)
        let error = #expect(throws: ArchiveError.self) { try Tensor<Float>(npy: path) }
        #expect(error?.problem == "is an .npz archive; read it with NumPyArchive.")
        let folder = try TemporaryFolder()
        let none = folder.file("none")
        #expect(throws: FileError(file: none, reason: .missing)) { try NumPyArchive(contentsOf: none) }
        #expect(throws: FileError(file: none, reason: .missing)) { try Tensor<Float>(npy: none) }
    }
}
