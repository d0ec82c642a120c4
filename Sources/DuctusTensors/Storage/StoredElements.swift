/// Elements as stored in a file, and their conversion to those of a tensor.
///
/// Integers convert to any type that can represent them. Floating-point numbers convert to all floating-point types, to the
/// nearest number, but never to infinity or to integers. Only Bool converts to Bool.
struct StoredElements {
    let type: ElementType
    let isBigEndian: Bool
    let bytes: UnsafeRawBufferPointer

    var count: Int { bytes.count / type.size }

    /// Whether a tensor can use these bytes as its elements without conversion.
    func areElements<Scalar: TensorScalar>(of scalar: Scalar.Type) -> Bool {
        type == Scalar.elementType && (!isBigEndian || type.size == 1)
    }

    /// Why elements of this type do not convert to `Scalar` whatever their values, as a clause; nil if they may.
    func obstacle<Scalar: TensorScalar>(to scalar: Scalar.Type) -> String? {
        let wanted = Scalar.elementType
        if type == wanted { return nil }
        if wanted == .bool { return "is \(type), not bool; read it as numbers and compare them" }
        if !type.isFloatingPoint { return nil }
        if wanted.isFloatingPoint { return nil }
        let wide = type == .float64 ? "Double" : "Float"
        return "is \(type), which \(Scalar.self) cannot represent exactly; read it as \(wide) and convert that"
    }

    /// Why the values do not convert to `Scalar`, as a clause; nil if they do. The type must not be an obstacle.
    func fault<Scalar: TensorScalar>(as scalar: Scalar.Type) -> String? {
        guard type == .bool, let other = bytes.first(where: { $0 > 1 }) else { return nil }
        return "is bool but holds the byte \(other), which is neither 0 nor 1"
    }

    /// Fills `out`, or returns why that is not possible, as a clause.
    func copy<Scalar: TensorScalar>(to out: UnsafeMutableBufferPointer<Scalar>) -> String? {
        guard let start = out.baseAddress, count > 0 else { return nil }
        if areElements(of: Scalar.self) {
            UnsafeMutableRawBufferPointer(out).copyMemory(from: bytes)
        } else if type.isFloatingPoint {
            if let value = (Scalar.self as? any FloatingScalar.Type)?.convert(floats: self, to: start) {
                return "holds \(value), which \(Scalar.self) cannot represent; read it as a type that can"
            }
        } else if let value = (Scalar.self as? any NumericScalar.Type)?.convert(integers: self, to: start) {
            return "holds \(value), which \(Scalar.self) cannot represent; read it as a type that can"
        }
        return nil
    }

    /// The bits of an element.
    @inline(__always)
    fileprivate func word<Word: FixedWidthInteger & BitwiseCopyable>(_ index: Int, as type: Word.Type) -> Word {
        let word = bytes.loadUnaligned(fromByteOffset: index * MemoryLayout<Word>.size, as: Word.self)
        return isBigEndian ? Word(bigEndian: word) : Word(littleEndian: word)
    }
}

extension NumericScalar {
    /// Writes the integers to `out`, and returns the first that this type cannot represent.
    @_specialize(where Self == Float)
    @_specialize(where Self == Double)
    @_specialize(where Self == Int32)
    @_specialize(where Self == UInt8)
    fileprivate static func convert(integers: StoredElements, to out: UnsafeMutableRawPointer) -> String? {
        switch integers.type {
        case .int8: convert(integers, Int8.self, to: out)
        case .int16: convert(integers, Int16.self, to: out)
        case .int32: convert(integers, Int32.self, to: out)
        case .int64: convert(integers, Int64.self, to: out)
        case .uint16: convert(integers, UInt16.self, to: out)
        case .uint32: convert(integers, UInt32.self, to: out)
        case .uint64: convert(integers, UInt64.self, to: out)
        default: convert(integers, UInt8.self, to: out)
        }
    }

    @inline(__always)
    private static func convert<Word: FixedWidthInteger & BitwiseCopyable>(
        _ integers: StoredElements, _: Word.Type, to out: UnsafeMutableRawPointer
    ) -> String? {
        let out = out.assumingMemoryBound(to: Self.self)
        for index in 0..<integers.count {
            let word = integers.word(index, as: Word.self)
            guard let value = Self(exactly: word) else { return "\(word)" }
            out[index] = value
        }
        return nil
    }
}

extension FloatingScalar {
    /// Writes the numbers to `out`, and returns the first that is too large for this type.
    @_specialize(where Self == Float)
    @_specialize(where Self == Double)
    fileprivate static func convert(floats: StoredElements, to out: UnsafeMutableRawPointer) -> String? {
        let out = out.assumingMemoryBound(to: Self.self)
        for index in 0..<floats.count {
            switch floats.type {
            case .float64:
                let number = Double(bitPattern: floats.word(index, as: UInt64.self))
                out[index] = Self(number)
                if out[index].isInfinite, number.isFinite { return "\(number)" }
            case .float32: out[index] = Self(Float(bitPattern: floats.word(index, as: UInt32.self)))
            case .bfloat16: out[index] = Self(Float(bitPattern: UInt32(floats.word(index, as: UInt16.self)) << 16))
            default: out[index] = Self(Float(halfPrecision: floats.word(index, as: UInt16.self)))
            }
        }
        return nil
    }
}
