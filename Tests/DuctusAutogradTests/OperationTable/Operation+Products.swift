import DuctusAutograd
import DuctusTestSupport

extension Operation {
    /// Numbers without zeros: whether a matrix product multiplies zero with infinity is up to BLAS.
    private static let specialFactors: [Float] = [1, 2, .nan, -0.5, 3, .infinity, -1, 1, 0.25, -.infinity, 5]

    static let products: [Operation] = [matrixProducts, contractions, denseProducts].flatMap { $0 }

    private static let matrixProducts: [Operation] = [
        Operation(
            "matmul", .ulpsOfLargest(16),
            ([
                [[3, 4], [4, 5]], [[1], [1]], [[4], [4]], [[4], [4, 3]], [[3, 4], [4]], [[2, 3, 4], [4, 2]],
                [[2, 3, 4], [2, 4, 2]], [[2, 1, 3, 4], [3, 4, 2]], [[3, 2], [2, 2, 4]], [[3, 0], [0, 2]],
                [[0, 3], [3, 2]],
                [[2, 3], [3, 0]], [[1, 17], [17, 1]], [[17, 3], [3, 9]], [[15, 16], [16, 17]], [[33, 40], [40, 31]],
            ] as [[Shape]]).map { Sample($0) } + [
                Sample([[2, 3], [3, 2]], .special(specialFactors)), Sample([[5], [5]], .special(specialFactors)),
                Sample([[301, 70], [70, 90]], .large), Sample([[50, 60], [60, 701]], .large),
                Sample([[8, 20, 70], [8, 70, 30]], .large),
            ],
            sumsByLayout: true,
            mistakes: [
                Mistake("matmul: shapes [2, 3] and [4, 5] do not match") { .zeros([2, 3]).matmul(.zeros([4, 5])) },
                Mistake("matmul needs at least one axis on each side; got [] and [3].") {
                    Tensor<Float>(1).matmul(.zeros([3]))
                },
            ]
        ) { x, _ in
            x[0].matmul(x[1])
        } definition: { x, _ in
            product(x[0], x[1])
        },
        Operation(
            "outer", .exact,
            [
                Sample([[3], [4]]), Sample([[], [5]]), Sample([[2, 2], [3]]), Sample([[0], [3]]),
                Sample([[16], [16]], .special(special)), Sample([[300], [301]], .large),
            ]
        ) { x, _ in
            x[0].outer(x[1])
        } definition: { x, _ in
            Plain([x[0].numbers.count, x[1].numbers.count]) { x[0].numbers[$0[0]] * x[1].numbers[$0[1]] }
        },
        Operation(
            "kron", .exact,
            [
                Sample([[2, 3], [3, 2]]), Sample([[4], [2]]), Sample([[2], [2, 3]]), Sample([[], [3]]),
                Sample([[0, 2], [2, 2]]),
                Sample([[4, 4], [4]], .special(special)), Sample([[30, 20], [15, 10]], .large),
            ]
        ) { x, _ in
            x[0].kron(x[1])
        } definition: { x, _ in
            let rank = max(x[0].rank, x[1].rank)
            let shapes = x.map { [Int](repeating: 1, count: rank - $0.rank) + $0.shape }
            return Plain(zip(shapes[0], shapes[1]).map { $0 * $1 }) { index in
                let outer = zip(index, shapes[1]).map { $0 / $1 }
                let inner = zip(index, shapes[1]).map { $0 % $1 }
                return x[0][outer] * x[1][inner]
            }
        },
    ]

    /// The matrix product by its definition.
    static func product(_ a: Plain, _ b: Plain) -> Plain {
        let left = a.rank == 1 ? Plain(a.numbers, shape: [1] + a.shape) : a
        let right = b.rank == 1 ? Plain(b.numbers, shape: b.shape + [1]) : b
        let batch = Plain.common(Array(left.shape.dropLast(2)), Array(right.shape.dropLast(2)))
        let (rows, columns) = (left.shape[left.rank - 2], right.shape[right.rank - 1])
        let depth = left.shape[left.rank - 1]
        let result = Plain(batch + [rows, columns]) { index in
            let (outer, i, j) = (Array(index.dropLast(2)), index[index.count - 2], index[index.count - 1])
            return (0..<depth).reduce(0.0) { $0 + left[outer + [i, $1]] * right[outer + [$1, j]] }
        }
        let shape = batch + (a.rank == 1 ? [] : [rows]) + (b.rank == 1 ? [] : [columns])
        return Plain(result.numbers, shape: shape)
    }

    private static let contractions: [Operation] = [
        Operation(
            "tensorDot", .ulpsOfLargest(8),
            [
                Sample([[2, 3, 4], [3, 4, 2]], 2), Sample([[2, 3], [3, 4]], 1), Sample([[3], [2]], 0),
                Sample([[2, 3], [2, 3]], 2), Sample([[2, 0], [0, 3]], 1),
                Sample([[2, 3], [3, 2]], 1, .special(specialFactors)),
                Sample([[90, 20, 30], [20, 30, 40]], 2, .large),
            ],
            mistakes: [
                Mistake("tensorDot: axes [1] of shape [2, 3] do not match axes [0] of shape [4, 2].") {
                    .zeros([2, 3]).tensorDot(.zeros([4, 2]), axes: 1)
                }
            ]
        ) {
            $0[0].tensorDot($0[1], axes: $1)
        } definition: { x, axes in
            let (rows, columns) = (Array(x[0].shape.dropLast(axes)), Array(x[1].shape.dropFirst(axes)))
            let depth = x[1].shape.prefix(axes).reduce(1, *)
            let left = Plain(x[0].numbers, shape: [rows.reduce(1, *), depth])
            let right = Plain(x[1].numbers, shape: [depth, columns.reduce(1, *)])
            return Plain(product(left, right).numbers, shape: rows + columns)
        },
        Operation(
            "einsum", .ulpsOfLargest(8),
            [
                Sample([[3, 4], [4, 5]], "ij,jk->ik"), Sample([[3, 3]], "ii->"), Sample([[3, 3]], "ii->i"),
                Sample([[2, 3]], "ij->ji"), Sample([[2, 3, 4], [2, 4, 2]], "bij,bjk->bik"),
                Sample([[3], [4]], "i,j->ij"),
                Sample([[3, 4], [3, 4]], "ij,ij->"), Sample([[2, 3], [3]], "ij,j->ij"), Sample([[2, 3, 4]], "ijk->j"),
                Sample([[2, 3], [3, 4], [4, 2]], "ij,jk,ki->"), Sample([[2, 0], [0, 3]], "ij,jk->ik"),
                Sample([[2, 3], [3, 2]], "ij,jk->ik", .special(specialFactors)),
                Sample([[40, 30, 20], [50, 30]], "bij,ki->bkj", .large),
            ],
            sumsByLayout: true,
            mistakes: [
                Mistake("einsum \"ij,jk->ik\": axis j has extents 3 and 4.") {
                    einsum("ij,jk->ik", Tensor<Float>.zeros([2, 3]), .zeros([4, 5]))
                }
            ]
        ) { x, equation in
            // The number of operands of a variadic function cannot be a variable.
            switch x.count {
            case 1: einsum(equation, x[0])
            case 2: einsum(equation, x[0], x[1])
            default: einsum(equation, x[0], x[1], x[2])
            }
        } definition: { x, equation in
            contraction(equation, x)
        },
    ]

    /// The sum over all values of the letters that are not in the result.
    private static func contraction(_ equation: String, _ operands: [Plain]) -> Plain {
        let parts = equation.split(separator: ">", omittingEmptySubsequences: false)
        let terms = parts[0].dropLast().split(separator: ",").map { Array($0) }
        let output = Array(parts[1])
        var extents: [Character: Int] = [:]
        for (term, operand) in zip(terms, operands) {
            for (letter, extent) in zip(term, operand.shape) { extents[letter] = extent }
        }
        let summed = extents.keys.filter { !output.contains($0) }.sorted()
        func extent(_ letter: Character) -> Int { extents[letter] ?? 1 }
        return Plain(output.map(extent)) { outer in
            indices(of: Shape(summed.map(extent))).reduce(0.0) { total, inner in
                var values = Dictionary(zip(output, outer), uniquingKeysWith: { first, _ in first })
                for (letter, value) in zip(summed, inner) { values[letter] = value }
                let factors = zip(terms, operands).map { term, operand in operand[term.map { values[$0] ?? 0 }] }
                return total + factors.reduce(1, *)
            }
        }
    }

    private static let denseProducts: [Operation] = [
        Operation(
            "dense", .ulpsOfLargest(16),
            Sample.each(Activation.allCases, [[4, 3], [3, 5], [5]]) + [
                Sample([[2, 3, 7], [7, 2]], .identity), Sample([[5], [5, 3], [3]], .relu),
                Sample([[1, 1], [1, 1], [1]], .tanh), Sample([[2, 0], [0, 4], [4]], .identity),
                Sample([[0, 3], [3, 2], [2]], .sigmoid), Sample([[33, 17], [17, 9], [9]], .silu),
                Sample([[15, 31], [31, 33]], .identity),
                Sample([[2, 3], [3, 2], [2]], .identity, .special(specialFactors)),
                Sample([[601, 70], [70, 90], [90]], .relu, .large),
            ],
            mistakes: [
                Mistake("dense: input is [2, 3]; its last axis must be 4.") {
                    dense(.zeros([2, 3]), weight: .zeros([4, 5]), bias: nil)
                },
                Mistake("dense: bias is [4]; it must be [5].") {
                    dense(.zeros([2, 3]), weight: .zeros([3, 5]), bias: .zeros([4]))
                },
            ]
        ) {
            dense($0[0], weight: $0[1], bias: $0.count > 2 ? $0[2] : nil, activation: $1)
        } definition: { x, activation in
            let sums = product(x[0], x[1])
            return (x.count > 2 ? sums.combined(x[2]) { $0 + $1 } : sums).map(activation.definition)
        }
    ]
}
