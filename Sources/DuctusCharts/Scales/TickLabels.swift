#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// The labels of evenly spaced ticks: all with as many decimals as their step needs, and in thousands or more if large.
struct TickLabels {
    private let unit: Double
    private let suffix: String
    private let digits: Int

    init(step: Double, largest: Double) {
        let units: [(Double, String)] = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e4, "k")]
        let chosen = units.first { largest >= $0.0 }
        unit = chosen.map { $0.0 == 1e4 ? 1e3 : $0.0 } ?? 1
        suffix = chosen?.1 ?? ""
        digits = min(max(0, Int((-log10(step / unit) - 1e-9).rounded(.up))), 12)
    }

    func text(_ value: Double) -> String { (value / unit).fixed(digits) + (value == 0 ? "" : suffix) }

    /// A tick of a logarithmic axis: `0.002`, `50`, `10⁻⁶`.
    static func power(_ value: Double) -> String {
        if value >= 0.999e-4, value < 1.001e4 {
            return value.fixed(min(max(0, Int((-log10(value) - 1e-9).rounded(.up))), 6))
        }
        let exponent = (log10(value) + 1e-9).rounded(.down)
        let factor = Int((value / pow(10, exponent)).rounded())
        let digits = String(Int(exponent)).map { $0 == "-" ? "⁻" : Self.raised[Int(String($0)) ?? 0] }
        return (factor == 1 ? "" : "\(factor)·") + "10" + digits.joined()
    }

    private static let raised = ["⁰", "¹", "²", "³", "⁴", "⁵", "⁶", "⁷", "⁸", "⁹"]
}

extension Double {
    /// The number with a fixed number of decimals, and a true minus: `−0.250`.
    package func fixed(_ digits: Int) -> String {
        guard isFinite else { return isNaN ? "–" : self < 0 ? "−∞" : "∞" }
        let power = pow(10, Double(digits))
        let scaled = (magnitude * power).rounded()
        guard scaled < 1e15 else { return "\(self)" }
        let (whole, rest) = (Int(scaled) / Int(power), String(Int(scaled) % Int(power)))
        let sign = self < 0 && scaled > 0 ? "−" : ""
        return sign + "\(whole)" + (digits > 0 ? "." + String(repeating: "0", count: digits - rest.count) + rest : "")
    }

    /// The number with three significant digits, as notes have it.
    package var brief: String {
        guard isFinite, self != 0 else { return fixed(0) }
        let exponent = log10(magnitude).rounded(.down)
        if exponent < -5 || exponent > 8 {
            return (self / pow(10, exponent)).fixed(2) + "e\(Int(exponent))"
        }
        return fixed(min(max(0, 2 - Int(exponent)), 8))
    }
}
