/// Reports what was left out of a data set: the first ten sentences, and how many more there are.
func reportLeftOut(_ sentences: [String], _ what: String) {
    for sentence in sentences.prefix(10) { report("Left out: \(sentence)") }
    if sentences.count > 10 { report("Left out: \(sentences.count - 10) more \(what).") }
}

extension String {
    /// Whether nothing can be seen of the text: it has white space and invisible characters only.
    var isBlank: Bool {
        unicodeScalars.allSatisfy { $0.properties.isWhitespace || $0.properties.isDefaultIgnorableCodePoint }
    }
}

/// `1 line`, `2 lines`.
func counted(_ count: Int, _ noun: String) -> String { "\(count) \(noun)\(count == 1 ? "" : "s")" }
