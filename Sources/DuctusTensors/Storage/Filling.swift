#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

// A generic loop over elements costs a call per element if it is not specialized; these work on runs of bytes.

extension UnsafeMutablePointer where Pointee: TensorScalar {
    /// Sets `count` elements to zero.
    package func zero(_ count: Int) { memset(self, 0, count * MemoryLayout<Pointee>.stride) }
}

extension UnsafeMutableBufferPointer where Element: TensorScalar {
    /// Sets all elements to zero.
    package func zero() { baseAddress?.zero(count) }

    /// Sets all elements to `value`, by copies that double in length.
    func fill(_ value: Element) {
        guard let base = baseAddress, count > 0 else { return }
        base.initialize(to: value)
        var filled = 1
        while filled < count {
            let more = Swift.min(filled, count - filled)
            (base + filled).update(from: base, count: more)
            filled += more
        }
    }
}
