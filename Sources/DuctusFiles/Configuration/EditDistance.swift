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
