#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Formats tensor elements as text by NumPy's rules.
enum ElementFormat {
    /// A single element.
    static func text<Scalar: TensorScalar>(_ element: Scalar) -> String {
        switch element {
        case let truth as Bool: truth ? "True" : "False"
        case let number as any FloatingScalar: alone(number)
        default: "\(element)"
        }
    }

    /// The elements of one table, padded to equal width.
    static func texts<Scalar: TensorScalar>(_ elements: [Scalar]) -> [String] {
        switch elements {
        case let truths as [Bool]: truths.map { $0 ? " True" : "False" }
        case let numbers as [Float]: columns(numbers, threshold: 1e6)
        case let numbers as [Double]: columns(numbers, threshold: 1e8)
        default: aligned(elements.map { "\($0)" })
        }
    }

    private static func alone<Scalar: FloatingScalar>(_ x: Scalar) -> String {
        guard x.isFinite else { return nonFinite(x) }
        let digits = Digits(x)
        if x != 0, Double(x.magnitude) < 1e-4 || x.magnitude >= (Scalar.self == Float.self ? 1e6 : 1e16) {
            let (whole, fraction) = digits.scientific
            return whole + (fraction.isEmpty ? "" : ".\(fraction)") + exponent(digits.exponent, width: 2)
        }
        let (whole, fraction) = digits.positional
        return "\(whole).\(fraction.isEmpty ? "0" : fraction)"
    }

    /// The largest number of decimals shown.
    private static let precision = 8

    /// - Parameter threshold: the magnitude from which numbers are written with an exponent: 10 to the power of the
    ///   type's decimal digits, at most 8.
    private static func columns<Scalar: FloatingScalar>(_ elements: [Scalar], threshold: Scalar) -> [String] {
        let finite = elements.filter(\.isFinite)
        let sizes = finite.map(\.magnitude).filter { $0 != 0 }
        let (largest, smallest) = (sizes.max() ?? 1, sizes.min() ?? 1)
        guard largest >= threshold || smallest < 1e-4 || largest / smallest > 1000 else {
            return columns(elements) { x in
                let (whole, fraction) = Digits(x, decimals: precision).positional
                return (whole, fraction, "")
            }
        }
        let digits = finite.map { Digits($0, significant: precision + 1) }
        let longest = digits.reduce(0) { max($0, $1.scientific.fraction.utf8.count) }
        let width = digits.reduce(2) { max($0, String($1.exponent.magnitude).utf8.count) }
        return columns(elements) { x in
            // Where other elements need more digits, further digits of this number are shown, not zeros.
            let digits = Digits(rounding: x, significant: longest + 1)
            let (whole, fraction) = digits.scientific
            let zeros = String(repeating: "0", count: longest - fraction.utf8.count)
            return (whole, fraction + zeros, exponent(digits.exponent, width: width))
        }
    }

    /// Numbers aligned at the decimal point.
    private static func columns<Scalar: FloatingScalar>(
        _ elements: [Scalar], _ parts: (Scalar) -> (whole: String, fraction: String, exponent: String)
    ) -> [String] {
        let split = elements.map { $0.isFinite ? parts($0) : nil }
        let finite = split.compactMap { $0 }
        var left = finite.reduce(0) { max($0, $1.whole.utf8.count) }
        let right = finite.reduce(0) { max($0, $1.fraction.utf8.count + $1.exponent.utf8.count) }
        for x in elements where !x.isFinite { left = max(left, nonFinite(x).utf8.count - right - 1) }
        return zip(elements, split).map { x, parts in
            guard let (whole, fraction, exponent) = parts else {
                return padding(left + right + 1, nonFinite(x)) + nonFinite(x)
            }
            let text = padding(left, whole) + whole + "." + fraction + exponent
            return text + padding(left + right + 1, text)
        }
    }

    private static func aligned(_ words: [String]) -> [String] {
        let width = words.reduce(0) { max($0, $1.utf8.count) }
        return words.map { padding(width, $0) + $0 }
    }

    private static func padding(_ width: Int, _ word: String) -> String {
        String(repeating: " ", count: max(0, width - word.utf8.count))
    }

    private static func nonFinite<Scalar: FloatingScalar>(_ x: Scalar) -> String {
        x.isNaN ? "nan" : x < 0 ? "-inf" : "inf"
    }

    private static func exponent(_ exponent: Int, width: Int) -> String {
        let digits = String(exponent.magnitude)
        return "e" + (exponent < 0 ? "-" : "+") + String(repeating: "0", count: max(0, width - digits.utf8.count))
            + digits
    }
}

/// A number as ± d.ddd × 10^exponent: the fewest digits that identify it within its type, or the exact number rounded
/// if that needs more digits than requested.
private struct Digits {
    private let isNegative: Bool
    private let digits: String
    let exponent: Int

    init<Scalar: FloatingScalar>(_ x: Scalar) { self.init(parsing: x.description) }

    init<Scalar: FloatingScalar>(_ x: Scalar, decimals: Int) {
        self.init(x)
        if digits.utf8.count - 1 - exponent > decimals { self.init(parsing: printed("%.*f", decimals, Double(x))) }
    }

    init<Scalar: FloatingScalar>(_ x: Scalar, significant: Int) {
        self.init(x)
        if digits.utf8.count > significant { self.init(rounding: x, significant: significant) }
    }

    init<Scalar: FloatingScalar>(rounding x: Scalar, significant: Int) {
        self.init(parsing: printed("%.*e", significant - 1, Double(x)))
    }

    /// Parses a number such as `-12.5e-7`.
    private init(parsing text: String) {
        let parts = text.split(separator: "e")
        let mantissa = parts[0].drop { $0 == "-" }
        let point = mantissa.firstIndex(of: ".") ?? mantissa.endIndex
        let all = mantissa[..<point] + mantissa[point...].dropFirst()
        let significant = all.drop { $0 == "0" }
        let shift = mantissa[..<point].utf8.count - 1 - (all.utf8.count - significant.utf8.count)
        var kept = significant
        while kept.last == "0" { kept.removeLast() }
        isNegative = text.hasPrefix("-")
        digits = kept.isEmpty ? "0" : String(kept)
        exponent = kept.isEmpty ? 0 : shift + (parts.count > 1 ? Int(parts[1]) ?? 0 : 0)
    }

    private var sign: String { isNegative ? "-" : "" }

    /// One digit before the decimal point, and those after it.
    var scientific: (whole: String, fraction: String) { (sign + digits.prefix(1), String(digits.dropFirst())) }

    /// The digits before and after the decimal point.
    var positional: (whole: String, fraction: String) {
        let count = digits.utf8.count
        if exponent < 0 {
            return (sign + "0", digits == "0" ? "" : String(repeating: "0", count: -exponent - 1) + digits)
        }
        let whole = digits.prefix(exponent + 1) + String(repeating: "0", count: max(0, exponent + 1 - count))
        return (sign + whole, String(digits.dropFirst(exponent + 1)))
    }
}

/// A number formatted by the C library, which rounds correctly.
private func printed(_ format: String, _ digits: Int, _ x: Double) -> String {
    withUnsafeTemporaryAllocation(of: CChar.self, capacity: 400) { buffer in
        withVaList([CInt(digits), x]) { _ = vsnprintf(buffer.baseAddress!, buffer.count, format, $0) }
        return String(cString: buffer.baseAddress!)
    }
}
