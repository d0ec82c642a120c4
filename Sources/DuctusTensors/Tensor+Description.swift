extension Tensor: CustomStringConvertible {
    /// Nested brackets as NumPy prints them; long axes show their first and last three entries.
    public var description: String {
        guard rank > 0 else { return "\(item())" }
        let elements = scalars
        func text(_ axis: Int, _ start: Int, _ size: Int) -> String {
            if axis == rank { return "\(elements[start])" }
            let extent = shape[axis]
            let step = extent == 0 ? 0 : size / extent
            let shown: [Int?] = extent > 8 ? [0, 1, 2, nil, extent - 3, extent - 2, extent - 1] : Array(0..<extent)
            let separator = axis == rank - 1 ? ", " : ",\n" + String(repeating: " ", count: axis + 1)
            return "["
                + shown.map { $0.map { text(axis + 1, start + $0 * step, step) } ?? "…" }.joined(separator: separator)
                + "]"
        }
        return text(0, 0, count)
    }
}
