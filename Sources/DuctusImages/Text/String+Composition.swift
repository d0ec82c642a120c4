#if canImport(Darwin)
    import Foundation
#else
    // The standard library composes strings in order to compare them. Calling that directly spares programs on Linux
    // all of Foundation and its Unicode tables; FoundationEssentials has no normalization.
    @_spi(_Unicode) import Swift
#endif

extension String {
    /// The Unicode scalars of the text in Normalization Form C: letters and their accents are one scalar wherever
    /// Unicode has one (Unicode Standard Annex 15).
    package var composedScalars: [Unicode.Scalar] {
        // Below U+0300, the first combining mark, text is composed already.
        if unicodeScalars.allSatisfy({ $0.value < 0x300 }) { return Array(unicodeScalars) }
        #if canImport(Darwin)
            return Array(precomposedStringWithCanonicalMapping.unicodeScalars)
        #else
            return Array(_nfc)
        #endif
    }

    /// The Unicode scalars of the text in Normalization Form D: accents are scalars of their own, after their letter.
    package var decomposedScalars: [Unicode.Scalar] {
        // Below U+00C0, nothing decomposes.
        if unicodeScalars.allSatisfy({ $0.value < 0xC0 }) { return Array(unicodeScalars) }
        #if canImport(Darwin)
            return Array(decomposedStringWithCanonicalMapping.unicodeScalars)
        #else
            return Array(_nfd)
        #endif
    }
}
