/// The Levenshtein distance: the smallest number of insertions, deletions and substitutions of single elements that
/// turn `source` into `target`.
///
/// ```swift
/// editDistance(from: Array("kitten"), to: Array("sitting"))   // 3
/// ```
///
/// Takes time proportional to the product of the lengths, and memory to the length of `target`.
/// See V. I. Levenshtein, *Binary codes capable of correcting deletions, insertions and reversals*, 1966; the
/// row-by-row form is R. A. Wagner and M. J. Fischer, *The string-to-string correction problem*, 1974.
public func editDistance<Element: Equatable>(from source: [Element], to target: [Element]) -> Int {
    // distances[j] is the distance from the elements of `source` seen so far to the first j of `target`.
    var distances = Array(0...target.count)
    for (deletions, element) in source.enumerated() {
        var diagonal = deletions
        distances[0] = deletions + 1
        for j in target.indices {
            let substituted = diagonal + (element == target[j] ? 0 : 1)
            diagonal = distances[j + 1]
            distances[j + 1] = min(substituted, min(diagonal, distances[j]) + 1)
        }
    }
    return distances[target.count]
}

/// Which elements of `source` stay the same when it is turned into `target` with the fewest insertions, deletions, and
/// substitutions; among equally few, the last ones that can.
///
/// ```swift
/// keptElements(from: ["the", "fak", "friend"], to: ["the", "fake", "friend"])   // [true, false, true]
/// ```
package func keptElements<Element: Equatable>(from source: [Element], to target: [Element]) -> [Bool] {
    // distances[i][j] is the distance from the first i elements of `source` to the first j of `target`.
    var distances = [Array(0...target.count)]
    for (i, element) in source.enumerated() {
        var row = [i + 1]
        for (j, other) in target.enumerated() {
            row.append(min(distances[i][j] + (element == other ? 0 : 1), distances[i][j + 1] + 1, row[j] + 1))
        }
        distances.append(row)
    }
    var kept = [Bool](repeating: false, count: source.count)
    var (i, j) = (source.count, target.count)
    while i > 0, j > 0 {
        let isSame = source[i - 1] == target[j - 1]
        if distances[i][j] == distances[i - 1][j - 1] + (isSame ? 0 : 1) {
            (i, j) = (i - 1, j - 1)
            kept[i] = isSame
        } else if distances[i][j] == distances[i - 1][j] + 1 {
            i -= 1
        } else {
            j -= 1
        }
    }
    return kept
}
