import DuctusTensors
import DuctusTestSupport
import Testing

/// Arrays written by NumPy are read into every element type that can represent them.
@Suite struct NumPyReadingTests {
    static let whole: Set<ElementType> = [.bool, .int8, .int16, .int32, .int64, .uint8, .uint16, .uint32, .uint64]

    /// The types that represent every value, floating-point ones as the nearest number; for integers, also those whose values are checked one by one.
    static func takes(_ type: ElementType, _ wanted: ElementType) -> Bool {
        switch wanted {
        case .bool: type == .bool
        case .float32, .float64: true
        default: whole.contains(type)
        }
    }

    /// Reads an array as `Scalar`s and expects the numbers, or the appropriate error.
    static func check<Scalar: TensorScalar>(
        _ archive: NumPyArchive, _ name: String, as: Scalar.Type, number: (Scalar) -> Double
    ) throws {
        let (type, shape, numbers) = try #require(NumPyFixtures.contents(of: name))
        #expect(archive.elementType(of: name) == type)
        #expect(archive.shape(of: name) == shape)
        let fits = Scalar.elementType != .uint8 || numbers.allSatisfy { (0...255).contains($0) }
        if takes(type, Scalar.elementType), fits {
            let tensor = try archive.tensor(name, as: Scalar.self)
            #expect(tensor.shape == shape, "\(name) as \(Scalar.self)")
            let expected = Scalar.elementType == .float32 ? numbers.map { Double(Float($0)) } : numbers
            #expect(tensor.scalars.map(number) == expected, "\(name) as \(Scalar.self)")
        } else {
            let error = #expect(throws: ArchiveError.self, "\(name) as \(Scalar.self)") {
                try archive.tensor(name, as: Scalar.self)
            }
            let problem = error?.problem ?? ""
            #expect(problem.hasPrefix("array \"\(name)\" "))
            if !fits && takes(type, .uint8) { #expect(problem.contains("holds -40, which UInt8 cannot represent")) }
        }
    }

    @Test(arguments: ["stored.npz", "compressed.npz"]) func everyTypeAndOrderIsRead(file: String) throws {
        let archive = try NumPyArchive(contentsOf: NumPyFixtures.path(file))
        let names = archive.names.filter { !$0.hasPrefix("extremes") }
        #expect(names.count == 12 * 4 + 7 * 2)
        for name in names {
            try Self.check(archive, name, as: Float.self) { Double($0) }
            try Self.check(archive, name, as: Double.self) { $0 }
            try Self.check(archive, name, as: Int32.self) { Double($0) }
            try Self.check(archive, name, as: UInt8.self) { Double($0) }
            try Self.check(archive, name, as: Bool.self) { $0 ? 1 : 0 }
        }
    }

    @Test(arguments: ["stored.npz", "compressed.npz"]) func extremeValuesSurvive(file: String) throws {
        let archive = try NumPyArchive(contentsOf: NumPyFixtures.path(file))
        func expectFloats(_ name: String, _ limits: [Double]) throws {
            let x = try archive.tensor("extremes \(name)", as: Double.self).scalars
            #expect(Array(x[..<4]) == limits)
            #expect(x[4] == 0)
            #expect(x[4].sign == .minus)
            #expect(x[5] == .infinity)
            #expect(x[6] == -.infinity)
            #expect(x[7].isNaN)
        }
        try expectFloats("f2", [-65504, 65504, 0x1p-14, 0x1p-24])
        let (most, least) = (Float.greatestFiniteMagnitude, Float.leastNonzeroMagnitude)
        try expectFloats("f4", [-Double(most), Double(most), Double(Float.leastNormalMagnitude), Double(least)])
        let largest = Double.greatestFiniteMagnitude
        try expectFloats("f8", [-largest, largest, .leastNormalMagnitude, .leastNonzeroMagnitude])
        #expect(try archive.tensor("extremes i4", as: Int32.self).scalars == [.min, .max, 0, 1])
        #expect(try archive.tensor("extremes u1", as: UInt8.self).scalars == [.min, .max, 0, 1])
        #expect(try archive.tensor("extremes u4", as: Double.self).scalars == [0, 4_294_967_295, 0, 1])
        // Powers of two up to 2⁶³ are exact in floating point, 2⁶³ − 1 is not.
        for (name, number) in [
            ("i8", "9223372036854775807"), ("u8", "18446744073709551615"), ("i4", "2147483647"), ("u4", "4294967295"),
        ] {
            let error = #expect(throws: ArchiveError.self) { try archive.tensor("extremes \(name)", as: Float.self) }
            #expect(error?.problem.contains("holds \(number), which Float cannot represent") == true)
        }
        #expect(throws: ArchiveError.self) { try archive.tensor("extremes i8", as: Double.self) }
        #expect(throws: ArchiveError.self) { try archive.tensor("extremes u4", as: Int32.self) }
    }

    @Test(arguments: ["version1.npy", "version2.npy", "version3.npy"]) func everyVersionIsRead(file: String) throws {
        let expected = Tensor<Float>((0..<6).map { Float($0 - 5) / 4 }, shape: [2, 3])
        #expect(try Tensor<Float>(npy: NumPyFixtures.path(file)) == expected)
        #expect(try Tensor<Double>(npy: NumPyFixtures.path(file)).scalars == expected.scalars.map(Double.init))
    }

    @Test func fortranOrderIsATransposedView() throws {
        let x = try Tensor<Float>(npy: NumPyFixtures.path("fortran.npy"))
        let expected = Tensor<Float>((0..<6).map { Float($0 - 5) / 4 }, shape: [3, 2]).transposed()
        #expect(x == expected)
        // The transposed tensor is in row-major order, so nothing is copied.
        let (one, two) = (x.transposed(), x.transposed())
        #expect(one.withUnsafeBuffer { a in two.withUnsafeBuffer { $0.baseAddress == a.baseAddress } })
    }

    @Test func streamedArchivesAreRead() throws {
        let archive = try NumPyArchive(contentsOf: NumPyFixtures.path("streamed.npz"))
        #expect(archive.names == ["a", "größe"])
        #expect(try archive.tensor("a", as: Float.self).scalars == (0..<6).map { Float($0 - 5) / 4 })
        #expect(try archive.tensor("größe", as: Int32.self).scalars == (0..<100).map { Int32($0 * 5 - 40) })
    }

    @Test(arguments: [
        ("object", "never read"), ("text", "text"), ("bytes", "text"), ("complex", "complex"), ("date", "dates"),
        ("structured", "structured"), ("void", "structured"), ("long double", "float64"),
    ])
    func unsupportedTypesAreRejected(name: String, word: String) throws {
        let path = NumPyFixtures.path("refused.npz")
        let archive = try NumPyArchive(contentsOf: path)
        #expect(archive.shape(of: name) == nil)
        #expect(archive.elementType(of: name) == nil)
        #expect(archive.names.contains(name))
        let error = #expect(throws: ArchiveError.self) { try archive.tensor(name, as: Float.self) }
        #expect(isOneSentence(error?.description ?? "", about: path))
        #expect(error?.problem.contains(word) == true)
        #expect(error?.problem.contains("\"\(name)\"") == true)
        #expect(try archive.tensor("numbers", as: Int32.self) == [0, 1, 2])
        #expect(throws: ArchiveError.self) { try archive.encoded() }
    }
}
