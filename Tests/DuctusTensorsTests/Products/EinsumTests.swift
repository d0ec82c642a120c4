import DuctusAutograd
import DuctusTestSupport
import Testing

/// Sums of products against the loop over all indices.
@Suite struct EinsumTests {
    /// Letters only, with an explicit result.
    static func loop(_ equation: String, _ operands: [Tensor<Double>]) -> Tensor<Double> {
        let parts = equation.split(separator: ">", omittingEmptySubsequences: false)
        let inputs = parts[0].dropLast().split(separator: ",", omittingEmptySubsequences: false).map(Array.init)
        var extents: [Character: Int] = [:]
        for (labels, x) in zip(inputs, operands) {
            for (label, extent) in zip(labels, x.shape) where extent != 1 || extents[label] == nil {
                extents[label] = extent
            }
        }
        let inner = extents.keys.filter { !parts[1].contains($0) }.sorted()
        let all = parts[1] + inner
        func shape(_ labels: some Sequence<Character>) -> Shape { Shape(labels.map { extents[$0] ?? 1 }) }
        let sums = indices(of: shape(parts[1])).map { outer in
            indices(of: shape(inner)).reduce(0.0) { sum, inner in
                let at = Dictionary(uniqueKeysWithValues: zip(all, outer + inner))
                return sum
                    + zip(inputs, operands).reduce(1) { product, term in
                        let position = zip(term.0, term.1.shape).reduce(0) { $0 * $1.1 + ($1.1 == 1 ? 0 : at[$1.0]!) }
                        return product * term.1.scalars[position]
                    }
            }
        }
        return Tensor(sums, shape: shape(parts[1]))
    }

    static let cases: [(String, [Shape])] = [
        ("ij,jk->ik", [[2, 3], [3, 4]]), ("ij,kj->ik", [[2, 3], [4, 3]]), ("ji,jk->ki", [[3, 2], [3, 4]]),
        ("bij,bjk->bik", [[2, 3, 4], [2, 4, 5]]), ("bij,jk->bik", [[2, 3, 4], [4, 5]]),
        ("bhqd,bhkd->bhqk", [[2, 2, 3, 4], [2, 2, 5, 4]]), ("bqhd,bkhd->bhqk", [[2, 3, 2, 4], [2, 5, 2, 4]]),
        ("ijk,jil->kl", [[2, 3, 4], [3, 2, 5]]), ("i,i->", [[4], [4]]), ("i,j->ij", [[3], [4]]),
        ("ij,ij->ij", [[2, 3], [2, 3]]), ("ij,ij->i", [[3, 4], [3, 4]]), ("ij,ij->", [[3, 4], [3, 4]]),
        ("ij,j->i", [[3, 4], [4]]), ("i,ij->j", [[3], [3, 4]]), ("ij->ji", [[2, 3]]), ("ij->", [[2, 3]]),
        ("ij->j", [[2, 3]]), ("ii->", [[3, 3]]), ("ii->i", [[3, 3]]), ("iji->j", [[3, 2, 3]]), ("iii->i", [[2, 2, 2]]),
        ("iij,jk->ik", [[2, 2, 3], [3, 4]]), ("ij,jk,kl->il", [[2, 3], [3, 4], [4, 2]]),
        ("i,j,k->kji", [[2], [3], [4]]), ("ab,bc,ca->", [[2, 3], [3, 4], [4, 2]]), ("ijk,k->ji", [[2, 3, 4], [4]]),
        ("ij,kl->ijkl", [[2, 3], [2, 2]]), ("i,i,i->i", [[3], [3], [3]]), (",i->i", [[], [3]]), ("->", [[]]),
        ("ij,jk->ik", [[2, 1], [3, 4]]), ("ij,ij->ij", [[2, 1], [1, 3]]), ("ij,jk->ik", [[2, 0], [0, 3]]),
        ("a,ab,abc->abc", [[2], [2, 3], [2, 3, 4]]), ("ij,kj->", [[2, 3], [4, 3]]), ("Ab,bA->A", [[2, 3], [3, 2]]),
    ]

    static func call(_ equation: String, _ x: [Tensor<Double>]) -> Tensor<Double> {
        switch x.count {
        case 1: einsum(equation, x[0])
        case 2: einsum(equation, x[0], x[1])
        default: einsum(equation, x[0], x[1], x[2])
        }
    }

    @Test(arguments: cases) func einsumMatchesTheLoop(equation: String, shapes: [Shape]) {
        let operands = shapes.enumerated().map { Tensor<Double>.sample($1, seed: UInt64($0 + 1)) }
        let expected = Self.loop(equation, operands)
        for view in 0..<3 {
            let actual = Self.call(equation, operands.map { $0.views[view] })
            #expect(disagreement(of: actual, with: expected, tolerance: 1e-13) == nil)
        }
        #expect(GradientCheck(at: operands) { Self.call(equation, $0) }.worst < 1e-7)
    }

    @Test func outputsAndEllipsesAreInferred() {
        let (a, b): (Tensor<Double>, Tensor<Double>) = (.sample([2, 3, 4]), .sample([4, 3], seed: 2))
        func same(_ equation: String, _ full: String, _ x: Tensor<Double>...) {
            let (actual, expected) = (Self.call(equation, x), Self.loop(full, x))
            #expect(disagreement(of: actual, with: expected, tolerance: 1e-13) == nil, "\(equation)")
        }
        same("bij,jk", "bij,jk->bik", a, b)
        same("ba", "ba->ab", b)
        same("ii", "ii->", .sample([3, 3]))
        same("ij, ji", "ij,ji->", b, .sample([3, 4]))
        same("...ij,jk->...ik", "bij,jk->bik", a, b)
        same("...ij->...ji", "bij->bji", a)
        same("i...->...", "bij->ij", a)
        same("...,...", "bij,bij->bij", a, a + 1)
        same("...j,...j->...", "bij,bij->bi", a, a + 1)
        same("...i,i...", "bij,jbi->bi", a, .sample([4, 2, 3]))
        same("b...,b", "bij,b->ij", a, .sample([2]))
        // Axes without letters broadcast.
        let (x, y) = (Tensor<Double>.sample([2, 1, 3]), Tensor<Double>.sample([5, 3], seed: 2))
        #expect(
            disagreement(of: einsum("...i,...i->...", x, y), with: (x * y).sum(axes: [-1]), tolerance: 1e-13) == nil)
        #expect(einsum("...->...", x) == x)
        #expect(einsum("...i->...", x) == x.sum(axes: [-1]))
        #expect(einsum("...", Tensor<Float>(3)).item() == 3)
    }

    @Test func tensorProductsMatchTheLoop() {
        let (a, b) = (Tensor<Double>.sample([2, 3, 4]), Tensor<Double>.sample([3, 4, 5], seed: 2))
        func close(_ x: Tensor<Double>, _ y: Tensor<Double>) -> Bool {
            disagreement(of: x, with: y, tolerance: 1e-13) == nil
        }
        #expect(close(a.tensorDot(b), Self.loop("aij,ijb->ab", [a, b])))
        #expect(close(a.tensorDot(b, axes: ([2, 1], [1, 0])), Self.loop("aij,ijb->ab", [a, b])))
        #expect(close(a.tensorDot(b, axes: ([-1], [1])), Self.loop("aij,kjb->aikb", [a, b])))
        #expect(close(a.tensorDot(.sample([2]), axes: 0), Self.loop("aij,b->aijb", [a, .sample([2])])))
        #expect(close(a.outer(.sample([2])), Self.loop("a,b->ab", [a.flattened(), .sample([2])])))
        let (x, y) = (Tensor<Double>.sample([2, 3]), Tensor<Double>.sample([4, 1, 2], seed: 2))
        let kron = x.kron(y)
        #expect(kron.shape == [4, 2, 6])
        #expect(
            indices(of: kron.shape).allSatisfy {
                kron[$0[0], $0[1], $0[2]] == x[$0[1], $0[2] / 2] * y[$0[0], 0, $0[2] % 2]
            })
        #expect(GradientCheck(at: [x, y]) { $0[0].kron($0[1]) }.worst < 1e-7)
        #expect(GradientCheck(at: [a, b]) { $0[0].tensorDot($0[1], axes: ([2, 1], [1, 0])) }.worst < 1e-7)
        #expect(GradientCheck(at: [x, y]) { $0[0].transposed().outer($0[1]) }.worst < 1e-7)
    }
}
