extension Tensor: CustomStringConvertible, CustomDebugStringConvertible {
    /// The elements in columns, exactly as NumPy prints them: up to eight decimals, lines of 75 characters, and for
    /// more than 1000 elements only the first and last three along every axis.
    ///
    /// ```swift
    /// print([[1, 2.5], [-10, 0]] as Tensor<Float>)
    /// // [[  1.    2.5]
    /// //  [-10.    0. ]]
    /// ```
    public var description: String {
        if rank == 0 { return ElementFormat.text(item()) }
        if count == 0 { return "[]" }
        let isSummary = count > 1000
        var corners = detached()
        if isSummary { for axis in shape.indices { corners = corners.corners(axis: axis) } }
        let layout = TableLayout(
            words: ElementFormat.texts(corners.scalars), shape: corners.shape,
            omits: shape.map { isSummary && $0 > 6 })
        return layout.text()
    }

    /// The type, the shape and the elements, as shown by debuggers and when an array of tensors is printed.
    public var debugDescription: String { "Tensor<\(Scalar.self)> \(shape)\n\(description)" }

    /// The first and last three positions of an axis longer than six.
    private func corners(axis: Int) -> Tensor {
        let extent = shape[axis]
        guard extent > 6 else { return self }
        return .concatenated([sliced(0..<3, axis: axis), sliced(extent - 3..<extent, axis: axis)], axis: axis)
    }
}

/// Words in nested brackets, laid out like NumPy's `array2string`.
private struct TableLayout {
    let words: [String]
    let shape: Shape
    /// The axes whose middle is omitted.
    let omits: [Bool]

    private static let lineWidth = 75

    func text() -> String { text(axis: 0, start: 0) }

    private func text(axis: Int, start: Int) -> String {
        let size = shape[(axis + 1)...].extentProduct
        let isRow = axis == shape.rank - 1
        var items = (0..<shape[axis]).map {
            isRow ? words[start + $0] : self.text(axis: axis + 1, start: start + $0 * size)
        }
        if omits[axis] { items.insert("...", at: 3) }
        let indent = String(repeating: " ", count: axis + 1)
        guard isRow else {
            let separator = String(repeating: "\n", count: shape.rank - 1 - axis) + indent
            return "[" + items.joined(separator: separator) + "]"
        }
        // Every closing bracket takes up a column of the line.
        let width = Self.lineWidth - axis - 1
        var (lines, line) = ("", indent)
        for (i, word) in items.enumerated() {
            if line.utf8.count + word.utf8.count > width, line.utf8.count > indent.utf8.count {
                while line.hasSuffix(" ") { line.removeLast() }
                lines += line + "\n"
                line = indent
            }
            line += word + (i < items.count - 1 ? " " : "")
        }
        return "[" + (lines + line).dropFirst(axis + 1) + "]"
    }
}
