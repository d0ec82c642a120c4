/// Einstein summation: every axis has a letter, and axes whose letter is missing from the result are summed over.
///
/// ```swift
/// let a: Tensor<Float> = [[1, 2], [3, 4]]
/// einsum("ij,jk->ik", a, a)   // the matrix product: [[ 7. 10.] [15. 22.]]
/// einsum("ii", a)             // the trace: 5.0
/// einsum("...ij->...ji", a)   // transposed: [[1. 3.] [2. 4.]]
/// ```
///
/// - Parameters:
///   - equation: the letters of each operand's axes, separated by commas, and after `->` those of the result. Without
///     `->`, the result has the letters that occur once, in alphabetical order. `...` stands for axes without letters,
///     which broadcast.
///   - operands: one tensor for each comma-separated term. Contractions are computed as matrix products; with more than
///     two operands, the pair with the smallest product is contracted first.
public func einsum<Scalar: FloatingScalar>(_ equation: String, _ operands: Tensor<Scalar>...) -> Tensor<Scalar> {
    let (inputs, output) = parsed(equation, ranks: operands.map(\.rank))
    let extents = extents(of: inputs, operands.map(\.shape), equation)
    for label in output where extents[label] == nil {
        preconditionFailure("einsum \"\(equation)\": no operand has axis \(label) of the result.")
    }
    var terms = zip(operands, inputs).map { EinsumTerm($0, $1) }
    for i in terms.indices {
        terms[i].takeDiagonals(equation)
        // An extent of 1 broadcasts where another operand has more.
        terms[i].squeeze { extents[$0] != 1 }
    }
    for i in terms.indices {
        let others = terms.indices.filter { $0 != i }.flatMap { terms[$0].labels }
        terms[i].sum { !output.contains($0) && !others.contains($0) }
    }
    while terms.count > 1 {
        let (i, j) = smallestProduct(of: terms, output, extents)
        let (b, a) = (terms.remove(at: j), terms.remove(at: i))
        let needed = Set(output + terms.flatMap(\.labels))
        terms.append(a.contracted(with: b, keeping: needed))
    }
    return terms[0].tensor.permuted(output.map { terms[0].labels.firstIndex(of: $0)! })
}

/// The labels of the axes of every operand and of the result. The axes that `...` stands for are labeled with digits,
/// counted from the end.
private func parsed(_ equation: String, ranks: [Int]) -> (inputs: [[Character]], output: [Character]) {
    let text = equation.filter { $0 != " " }
    let arrow = text.indices.first { text[$0...].hasPrefix("->") }
    let terms = text[..<(arrow ?? text.endIndex)].split(separator: ",", omittingEmptySubsequences: false)
    precondition(
        terms.count == ranks.count,
        "einsum \"\(equation)\" names \(terms.count) operands; got \(ranks.count).")
    func labels(_ term: Substring, _ unnamed: (_ named: Int) -> Int) -> [Character] {
        let named = term.filter { $0 != "." }
        let dots = term.firstIndex(of: ".")
        precondition(
            named.allSatisfy { $0.isASCII && $0.isLetter }
                && (dots == nil || term.count == named.count + 3 && term[dots!...].hasPrefix("...")),
            "einsum \"\(equation)\": \"\(term)\" must be letters and at most one \"...\".")
        guard let dots else { return Array(named) }
        let digits = (0..<max(0, unnamed(named.count))).reversed().map { Character(String($0)) }
        return Array(term[..<dots]) + digits + named.dropFirst(term.distance(from: term.startIndex, to: dots))
    }
    let inputs = zip(terms, ranks).map { term, rank in
        let labels = labels(term) { rank - $0 }
        precondition(
            labels.count == rank, "einsum \"\(equation)\": \"\(term)\" does not describe a tensor of \(rank) axes.")
        return labels
    }
    let all = inputs.joined()
    let unnamed = Set(all.filter(\.isNumber))
    guard let arrow else {
        let once = Set(all.filter { label in label.isLetter && all.count { $0 == label } == 1 })
        return (inputs, unnamed.sorted(by: >) + once.sorted())
    }
    let output = labels(text[arrow...].dropFirst(2)) { _ in unnamed.count }
    precondition(Set(output).count == output.count, "einsum \"\(equation)\": the result names an axis twice.")
    return (inputs, output)
}

/// The extent of every label's axis.
private func extents(of inputs: [[Character]], _ shapes: [Shape], _ equation: String) -> [Character: Int] {
    var extents: [Character: Int] = [:]
    for (labels, shape) in zip(inputs, shapes) {
        for (label, extent) in zip(labels, shape) {
            let known = extents[label] ?? 1
            precondition(
                known == extent || known == 1 || extent == 1,
                "einsum \"\(equation)\": axis \(label) has extents \(known) and \(extent).")
            extents[label] = known == 1 ? extent : known
        }
    }
    return extents
}

/// The two operands to contract next: those whose product is smallest relative to their own sizes.
private func smallestProduct<Scalar>(
    of terms: [EinsumTerm<Scalar>], _ output: [Character], _ extents: [Character: Int]
) -> (Int, Int) {
    var (best, smallest) = ((0, 1), Int.max)
    for j in terms.indices {
        for i in 0..<j {
            let others = terms.indices.filter { $0 != i && $0 != j }.flatMap { terms[$0].labels }
            let kept = Set(terms[i].labels + terms[j].labels).intersection(output + others)
            let growth = kept.reduce(1) { $0 * extents[$1]! } - terms[i].tensor.count - terms[j].tensor.count
            if growth < smallest { (best, smallest) = ((i, j), growth) }
        }
    }
    return best
}

/// A tensor and the labels of its axes.
private struct EinsumTerm<Scalar: FloatingScalar> {
    var tensor: Tensor<Scalar>
    var labels: [Character]

    init(_ tensor: Tensor<Scalar>, _ labels: [Character]) { (self.tensor, self.labels) = (tensor, labels) }

    /// Merges axes of the same label into one.
    mutating func takeDiagonals(_ equation: String) {
        for label in labels {
            while let first = labels.firstIndex(of: label), let last = labels.lastIndex(of: label), first < last {
                let (m, n) = (tensor.shape[first], tensor.shape[last])
                precondition(m == n, "einsum \"\(equation)\": axis \(label) has extents \(m) and \(n).")
                tensor = tensor.diagonal(first, last)
                labels.remove(at: last)
            }
        }
    }

    /// Drops axes of extent 1.
    mutating func squeeze(where isUnwanted: (Character) -> Bool) {
        for axis in labels.indices.reversed() where tensor.shape[axis] == 1 && isUnwanted(labels[axis]) {
            tensor = tensor.squeezingShape(at: axis)
            labels.remove(at: axis)
        }
    }

    mutating func sum(where isUnwanted: (Character) -> Bool) {
        let axes = labels.indices.filter { isUnwanted(labels[$0]) }
        guard !axes.isEmpty else { return }
        tensor = tensor.sum(axes: axes)
        labels = labels.filter { !isUnwanted($0) }
    }

    /// The axes in the given order; missing ones have extent 1.
    private func arranged(_ order: [Character]) -> Tensor<Scalar> {
        let present = order.filter(labels.contains)
        var result = tensor.permuted(present.map { labels.firstIndex(of: $0)! })
        for (axis, label) in order.enumerated() where !labels.contains(label) {
            result = result.expandingShape(at: axis)
        }
        return result
    }

    /// The product with `other`, summed over the shared labels that are not in `needed`.
    func contracted(with other: Self, keeping needed: Set<Character>) -> Self {
        let shared = labels.filter(other.labels.contains)
        let (batch, summed) = (shared.filter(needed.contains), shared.filter { !needed.contains($0) })
        let left = labels.filter { !other.labels.contains($0) }
        let right = other.labels.filter { !labels.contains($0) }
        if summed.isEmpty || !batch.isEmpty && left.isEmpty && right.isEmpty {
            let all = batch + left + right + summed
            var product = Self(arranged(all) * other.arranged(all), all)
            product.sum(where: summed.contains)
            return product
        }
        let a = arranged(batch + left + summed).merging(left.count, summed.count)
        let b = other.arranged(batch + summed + right).merging(summed.count, right.count)
        let extents = (batch + left).map { tensor.shape[labels.firstIndex(of: $0)!] }
        let more = right.map { other.tensor.shape[other.labels.firstIndex(of: $0)!] }
        return Self(a.matmul(b).reshaped(to: Shape(extents + more)), batch + left + right)
    }
}

extension Tensor where Scalar: FloatingScalar {
    /// Merges the last `columns` axes into one, and the `rows` axes before them.
    fileprivate func merging(_ rows: Int, _ columns: Int) -> Tensor {
        // Matrices, including transposed ones, are used in place.
        if rows == 1, columns == 1 { return self }
        let batch = shape.dropLast(rows + columns)
        let m = shape[batch.count..<batch.count + rows].extentProduct
        return reshaped(to: Shape(batch + [m, shape.suffix(columns).extentProduct]))
    }

    /// The diagonal of two axes, in place of the first one; a view.
    fileprivate func diagonal(_ first: Int, _ second: Int) -> Tensor {
        var (shape, strides) = (shape, strides)
        let extent = shape[first]
        strides[first] += strides[second]
        shape.remove(at: second)
        strides.remove(at: second)
        let rank = rank
        return Tensor(shape: shape, strides: strides, offset: offset, storage: storage).recorded(from: self) {
            let numbers = Tensor<Int32>((0..<extent).map(Int32.init))
            var (down, across) = (Shape(repeating: 1, count: rank), Shape(repeating: 1, count: rank))
            (down[first], across[second]) = (extent, extent)
            let isDiagonal = numbers.reshaped(to: down) .== numbers.reshaped(to: across)
            return Tensor(0).replacing(with: $0.expandingShape(at: second), where: isDiagonal)
        }
    }
}
