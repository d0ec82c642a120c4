import DuctusTensors
import DuctusTestSupport
import Testing

/// Floating-point numbers of 16 bits: each number, and what lies between two neighbors, by brute force.
@Suite struct ArchivePrecisionTests {
    /// What numbers become in an archive of another precision.
    private func rounded(_ numbers: [Float], to type: ElementType) throws -> [Float] {
        var archive = TensorArchive()
        archive.set("x", to: Tensor(numbers))
        let read = try TensorArchive(archive.rounded(to: type).encoded(), path: "memory")
        #expect(read.elementType(of: "x") == type)
        return try read.tensor("x", as: Float.self).scalars
    }

    /// All finite numbers of a type from 0 upward.
    private func numbers(of type: ElementType) throws -> [Float] {
        let words = type == .float16 ? 0x7C00 : 0x7F80
        let bytes = (0..<words).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }
        let name = type == .float16 ? "F16" : "BF16"
        var header = Array(#"{"x":{"dtype":"\#(name)","shape":[\#(words)],"data_offsets":[0,\#(2 * words)]}}"#.utf8)
        while header.count % 8 != 0 { header.append(0x20) }
        let length = (0..<8).map { UInt8(truncatingIfNeeded: header.count >> (8 * $0)) }
        return try TensorArchive(length + header + bytes, path: "memory").tensor("x", as: Float.self).scalars
    }

    @Test(arguments: [ElementType.float16, .bfloat16]) func everyNumberSurvives(_ type: ElementType) throws {
        let numbers = try numbers(of: type)
        #expect(try rounded(numbers, to: type) == numbers)
        #expect(try rounded(numbers.map { -$0 }, to: type).map(\.bitPattern) == numbers.map { (-$0).bitPattern })
    }

    @Test(arguments: [ElementType.float16, .bfloat16]) func numbersBetweenGoToTheNearest(_ type: ElementType) throws {
        let numbers = try numbers(of: type)
        let pairs = zip(numbers, numbers.dropFirst())
        let middles = pairs.map { $0 + ($1 - $0) / 2 }
        // Every second number has an even last bit, beginning with 0.
        let even = pairs.enumerated().map { $0.offset % 2 == 0 ? $0.element.0 : $0.element.1 }
        #expect(try rounded(middles, to: type) == even)
        #expect(try rounded(middles.map(\.nextDown), to: type) == pairs.map { $0.0 })
        #expect(try rounded(middles.map(\.nextUp), to: type) == pairs.map { $0.1 })
    }

    @Test(arguments: [ElementType.float16, .bfloat16]) func infinityAndNaNStay(_ type: ElementType) throws {
        let read = try rounded([.infinity, -.infinity, .nan, Float(bitPattern: 0x7F80_0001)], to: type)
        #expect(read[0] == .infinity)
        #expect(read[1] == -.infinity)
        #expect(read[2].isNaN)
        #expect(read[3].isNaN)
    }

    /// Files of others hold numbers of any type.
    @Test func tensorsOfAllTypesAreRead() throws {
        let header =
            #"{"b":{"dtype":"BOOL","shape":[2],"data_offsets":[0,2]},"#
            + #""d":{"dtype":"F64","shape":[1],"data_offsets":[2,10]},"i":{"dtype":"I64","shape":[1],"data_offsets":[10,18]}}"#
        func bytes(_ word: UInt64) -> [UInt8] { (0..<8).map { UInt8(truncatingIfNeeded: word >> (8 * $0)) } }
        let file = bytes(UInt64(header.utf8.count)) + Array(header.utf8) + [1, 0] + bytes((-2.5).bitPattern) + bytes(7)
        let archive = try TensorArchive(file, path: "memory")
        #expect(try archive.tensor("b", as: Float.self) == [1, 0])
        #expect(try archive.tensor("d", as: Float.self) == [-2.5])
        #expect(try archive.tensor("i", as: Float.self) == [7])
        #expect(try archive.tensor("i", as: Int32.self) == [7])
        #expect(try archive.tensor("b", as: Int32.self) == [1, 0])
    }

    @Test func numbersThatAreTooLargeAreNamed() throws {
        #expect(try rounded([65519.996], to: .float16) == [65504])
        var archive = TensorArchive()
        archive.set("head.weight", to: [1, -65520] as Tensor<Float>)
        let problem = "tensor \"head.weight\" holds -65520.0, which float16 cannot represent."
        #expect(throws: ArchiveError("", problem)) { try archive.rounded(to: .float16) }
        archive.set("head.weight", to: Tensor<Float>([.greatestFiniteMagnitude]))
        #expect(throws: ArchiveError.self) { try archive.rounded(to: .bfloat16) }
    }

    @Test func otherTensorsAndMetadataStay() throws {
        var original = TensorArchiveTests.sample()
        for name in ["float", "double"] { original.set(name, to: Tensor<Float>([0.5])) }
        let read = try TensorArchive(original.rounded(to: .float16).encoded(), path: "memory")
        #expect(read.metadata == original.metadata)
        #expect(read.names == original.names)
        #expect(try read.tensor("integers", as: Int32.self) == original.tensor("integers"))
        #expect(try read.tensor("bytes", as: UInt8.self) == original.tensor("bytes"))
        #expect(try read.tensor("flags", as: Bool.self) == original.tensor("flags"))
        #expect(read.shape(of: "empty") == [3, 0])
        #expect(read.elementType(of: "double") == .float16)
    }
}
