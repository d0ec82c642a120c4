extension Summary: CustomStringConvertible {
    /// A table: one line per layer, totals below.
    public var description: String {
        let showsFixed = fixedParameters > 0
        func row(_ first: String, _ second: String, _ shape: String, _ counts: [Int], isTotal: Bool = false) -> [String]
        {
            [first, second, shape] + counts.map { $0 == 0 && !isTotal ? "" : $0.grouped }
        }
        func counts(_ parameters: Int, _ fixed: Int, _ multiplyAdds: Int) -> [Int] {
            [parameters] + (showsFixed ? [fixed] : []) + [multiplyAdds]
        }
        let head = ["", "layer", "output", "parameters"] + (showsFixed ? ["not trained"] : []) + ["multiply-adds"]
        let body = lines.map { line in
            row(
                line.path, line.layer + (line.calls > 1 ? "  × \(line.calls)" : ""),
                line.output?.description ?? "", counts(line.parameters, line.fixedParameters, line.multiplyAdds))
        }
        let total = row(
            "", "total", output.description, counts(parameters, fixedParameters, multiplyAdds), isTotal: true)
        let title = network + (input.map { ", input \($0)" } ?? "")
        let size = "\(((parameters + fixedParameters) * MemoryLayout<Float>.stride).bytes) of parameters"
        return TextTable(title: title, head: head, body: body, totals: [total], firstNumber: 3, note: size).description
    }
}
