import DuctusData

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

extension RandomStream {
    mutating func uniform(_ range: ClosedRange<Double>) -> Double {
        range.lowerBound + (range.upperBound - range.lowerBound) * uniform()
    }

    mutating func isTrue(_ probability: Double) -> Bool { uniform() < probability }

    /// A log-normally distributed number, clamped to bounds.
    mutating func factor(_ median: Double, spread: Double, within bounds: ClosedRange<Double>) -> Double {
        min(max(median * exp(normal(standardDeviation: spread)), bounds.lowerBound), bounds.upperBound)
    }

    mutating func normal(_ standardDeviation: Double) -> Float { Float(normal(standardDeviation: standardDeviation)) }
}

/// The sine and cosine of an angle in radians.
func direction(_ angle: Double) -> Point { Point(Float(cos(angle)), Float(sin(angle))) }
