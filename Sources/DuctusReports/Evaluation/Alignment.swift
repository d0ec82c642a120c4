import DuctusCharts
import DuctusHandwriting

/// How a recognized text becomes its reference with the fewest insertions, deletions, and substitutions of single characters.
package struct Alignment {
    /// A character of the reference beside the one recognized for it; nil for one that was missed or added.
    package struct Pair: Equatable {
        package let truth: Unicode.Scalar?
        package let answer: Unicode.Scalar?
    }

    /// The characters in order.
    package let pairs: [Pair]

    /// Aligns texts in Normalization Form C, as `TextMetrics` compares them.
    ///
    /// See R. A. Wagner and M. J. Fischer, *The string-to-string correction problem*, 1974.
    package init(_ text: String, reference: String) {
        let (answers, truths) = (text.normalizedScalars, reference.normalizedScalars)
        // distances[i][j] is the distance from the first i answers to the first j truths.
        var distances = [Array(0...truths.count)]
        for (i, answer) in answers.enumerated() {
            var row = [i + 1]
            for (j, truth) in truths.enumerated() {
                row.append(min(distances[i][j] + (answer == truth ? 0 : 1), distances[i][j + 1] + 1, row[j] + 1))
            }
            distances.append(row)
        }
        var pairs: [Pair] = []
        var (i, j) = (answers.count, truths.count)
        while i > 0 || j > 0 {
            let isSame = i > 0 && j > 0 && answers[i - 1] == truths[j - 1]
            if i > 0, j > 0, distances[i][j] == distances[i - 1][j - 1] + (isSame ? 0 : 1) {
                (i, j) = (i - 1, j - 1)
                pairs.append(Pair(truth: truths[j], answer: answers[i]))
            } else if i > 0, distances[i][j] == distances[i - 1][j] + 1 {
                i -= 1
                pairs.append(Pair(truth: nil, answer: answers[i]))
            } else {
                j -= 1
                pairs.append(Pair(truth: truths[j], answer: nil))
            }
        }
        self.pairs = pairs.reversed()
    }

    /// The number of errors.
    package var distance: Int { pairs.count { $0.truth != $0.answer } }

    /// The reference, with what was not recognized marked, or the recognized text, with what is wrong marked.
    package func markup(ofReference isReference: Bool) -> String {
        var (text, marked) = ("", "")
        let name = isReference ? " class=\"missed\"" : ""
        func flushed() -> String { marked.isEmpty ? "" : "<mark\(name)>\(marked.xml)</mark>" }
        for pair in pairs {
            guard let scalar = isReference ? pair.truth : pair.answer else { continue }
            if pair.truth == pair.answer {
                text += flushed() + String(scalar).xml
                marked = ""
            } else {
                marked.unicodeScalars.append(scalar)
            }
        }
        return text + flushed()
    }
}
