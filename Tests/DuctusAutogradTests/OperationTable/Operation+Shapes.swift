import DuctusAutograd

extension Operation {
    static let rearrangements: [Operation] = [joins, repetitions, paddings, triangles, gathers].flatMap { $0 }

    private static let joins: [Operation] = [
        Operation(
            "concatenated", .exact,
            samples(
                [
                    ([[2, 3], [4, 3]], 0), ([[2, 3], [2, 1], [2, 5]], -1), ([[7]], 0), ([[2, 0], [2, 3]], 1),
                    ([[3, 2, 2], [3, 1, 2]], 1),
                ], special: ([[4, 4], [4, 2]], 1), large: ([[150, 301], [150, 7]], 1)),
            mistakes: [
                Mistake("Shapes [2, 3] and [2, 4] cannot be concatenated along axis 0.") {
                    .concatenated([.zeros([2, 3]), .zeros([2, 4])], axis: 0)
                },
                Mistake("concatenated needs at least one tensor.") { .concatenated([], axis: 0) },
            ]
        ) {
            .concatenated($0, axis: $1)
        } definition: { x, axis in
            let axis = x[0].axis(axis)
            var shape = x[0].shape
            shape[axis] = x.reduce(0) { $0 + $1.shape[axis] }
            return Plain(shape) { index in
                var index = index
                var part = 0
                while index[axis] >= x[part].shape[axis] {
                    index[axis] -= x[part].shape[axis]
                    part += 1
                }
                return x[part][index]
            }
        },
        Operation(
            "stacked", .exact,
            samples(
                [
                    ([[2, 3], [2, 3]], 0), ([[2, 3], [2, 3], [2, 3]], 1), ([[2, 3], [2, 3]], -1), ([[], []], 0),
                    ([[0], [0]], 0),
                ],
                special: ([[4, 4], [4, 4]], 1), large: ([[150, 301], [150, 301]], 1)),
            mistakes: [
                Mistake("Shapes [2] and [3] cannot be stacked.") { .stacked([.zeros([2]), .zeros([3])]) }
            ]
        ) {
            .stacked($0, axis: $1)
        } definition: { x, axis in
            let axis = axis < 0 ? axis + x[0].rank + 1 : axis
            var shape = x[0].shape
            shape.insert(x.count, at: axis)
            return Plain(shape) { index in
                var index = index
                let part = index.remove(at: axis)
                return x[part][index]
            }
        },
    ]

    private static let repetitions: [Operation] = [
        Operation(
            "tiled", .exact,
            samples(
                [
                    ([[2, 3]], [2, 2]), ([[3]], [2, 2]), ([[2, 3]], [3]), ([[2, 3]], [1, 0]), ([[]], [4]),
                    ([[0, 2]], [2, 1]),
                ],
                special: ([[4, 4]], [1, 2]), large: ([[150, 301]], [1, 2])),
            mistakes: [
                Mistake("A repetition count must not be negative; got -1.") { .zeros([2]).tiled([-1]) }
            ]
        ) {
            $0[0].tiled($1)
        } definition: { x, counts in
            let rank = max(x[0].rank, counts.count)
            let extents = [Int](repeating: 1, count: rank - x[0].rank) + x[0].shape
            let repeats = [Int](repeating: 1, count: rank - counts.count) + counts
            return Plain(zip(extents, repeats).map { $0 * $1 }) { index in x[0][zip(index, extents).map { $0 % $1 }] }
        },
        Operation(
            "repeated", .exact,
            samples(
                [
                    ([[2, 3]], (count: 2, axis: 0)), ([[2, 3]], (3, -1)), ([[5]], (0, 0)), ([[2, 3, 2]], (2, 1)),
                    ([[0, 2]], (2, 1)),
                ], special: ([[4, 4]], (2, 1)), large: ([[150, 301]], (2, 1))),
            mistakes: [
                Mistake("A tensor of shape [2, 4611686018427387904] has too many elements to exist.") {
                    Tensor([1, 2]).repeated(1 << 62, axis: 0)
                }
            ]
        ) {
            $0[0].repeated($1.count, axis: $1.axis)
        } definition: { x, repetition in
            x[0].lines(along: repetition.axis) { line in
                line.flatMap { [Double](repeating: $0, count: repetition.count) }
            }
        },
        Operation(
            "rolled", .exact,
            samples(
                [
                    ([[7]], (shift: 2, axis: 0)), ([[7]], (-9, 0)), ([[2, 3, 4]], (1, 1)), ([[2, 3, 4]], (5, -1)),
                    ([[2, 3]], (3, 1)), ([[0]], (1, 0)),
                ], special: ([[4, 4]], (1, 0)), large: ([[150, 301]], (7, 1)))
        ) {
            $0[0].rolled(by: $1.shift, axis: $1.axis)
        } definition: { x, roll in
            x[0].lines(along: roll.axis) { line in
                line.indices.map { i in
                    let source = (i - roll.shift) % line.count
                    return line[source < 0 ? source + line.count : source]
                }
            }
        },
    ]

    private static let paddings: [Operation] = [
        padded("constant", .constant(1.5), isPeriodic: false) { line, position in
            line.indices.contains(position) ? line[position] : 1.5
        },
        padded("edge", .edge, isPeriodic: true) { line, position in
            line[min(max(position, 0), line.count - 1)]
        },
        padded("reflect", .reflect, isPeriodic: true) { line, position in
            var position = position
            // Turn at the ends until inside.
            while line.count > 1, !line.indices.contains(position) {
                position = position < 0 ? -position : 2 * (line.count - 1) - position
            }
            return line[line.count > 1 ? position : 0]
        },
        Operation(
            "padded along an axis", .exact,
            samples(
                [
                    ([[7]], (before: 2, after: 1, axis: 0)), ([[2, 3, 4]], (0, 2, 1)), ([[2, 3]], (1, 0, -1)),
                    ([[2, 0]], (1, 2, 1)),
                    ([[2, 3]], (0, 0, 0)),
                ], special: ([[4, 4]], (1, 1, 0)), large: ([[150, 301]], (3, 2, 1)))
        ) {
            $0[0].padded(before: $1.before, after: $1.after, axis: $1.axis)
        } definition: { x, padding in
            x[0].lines(along: padding.axis) {
                [Double](repeating: 0, count: padding.before) + $0 + [Double](repeating: 0, count: padding.after)
            }
        },
    ]

    private static func padded(
        _ name: String, _ mode: PaddingMode<Float>, isPeriodic: Bool,
        _ number: @escaping @Sendable (_ line: [Double], _ position: Int) -> Double
    ) -> Operation {
        let ordinary: [([Shape], [[Int]])] = [
            ([[7]], [[2, 3]]), ([[2, 3]], [[1, 0], [2, 2]]), ([[2, 3]], [[0, 0], [7, 5]]), ([[1]], [[2, 1]]),
            ([[2, 0]], [[1, 1], [0, 0]]), ([[]], []),
        ]
        let withoutElements = [
            Mistake("An empty axis has no elements to pad with (axis 0 of shape [0]).") {
                .zeros([0]).padded([(1, 0)], mode: mode)
            }
        ]
        let count = Mistake("padded needs one pair for every axis of shape [2, 3]; got 1.") {
            .zeros([2, 3]).padded([(1, 1)], mode: mode)
        }
        return Operation(
            "padded, \(name)", .exact,
            samples(ordinary, special: ([[4, 4]], [[1, 1], [0, 2]]), large: ([[150, 301]], [[1, 2], [3, 4]])),
            mistakes: isPeriodic ? withoutElements : [count]
        ) { x, amounts in
            x[0].padded(amounts.map { (before: $0[0], after: $0[1]) }, mode: mode)
        } definition: { x, amounts in
            amounts.enumerated().reduce(x[0]) { x, amount in
                let (before, after) = (amount.element[0], amount.element[1])
                return x.lines(along: amount.offset) { line in
                    (-before..<line.count + after).map { number(line, $0) }
                }
            }
        }
    }

    private static let triangles: [Operation] = [
        triangle("lowerTriangle") {
            $0.lowerTriangle(diagonal: $1)
        } keeps: { row, column, diagonal in
            column <= row + diagonal
        },
        triangle("upperTriangle") {
            $0.upperTriangle(diagonal: $1)
        } keeps: { row, column, diagonal in
            column >= row + diagonal
        },
        Operation(
            "from a diagonal", .exact,
            samples(
                [([[3]], 0), ([[3]], 1), ([[2, 2]], -2), ([[1]], 0), ([[0]], 0), ([[0]], 1)], special: ([[4, 4]], 0),
                large: ([[300]], 1))
        ) {
            Tensor(diagonal: $0[0], offset: $1)
        } definition: { x, offset in
            let lead = Array(x[0].shape.dropLast())
            let extent = x[0].shape[lead.count] + abs(offset)
            return Plain(lead + [extent, extent]) { index in
                let (row, column) = (index[lead.count], index[lead.count + 1])
                return column - row == offset ? x[0][index.dropLast(2) + [min(row, column)]] : 0
            }
        },
    ]

    private static func triangle(
        _ name: String, _ function: @escaping @Sendable (Tensor<Float>, Int) -> Tensor<Float>,
        keeps: @escaping @Sendable (_ row: Int, _ column: Int, _ diagonal: Int) -> Bool
    ) -> Operation {
        let all = samples(
            [
                ([[3, 4]], 0), ([[4, 3]], 1), ([[3, 3]], -1), ([[2, 3, 3]], 0), ([[2, 2]], 9), ([[2, 2]], -9),
                ([[0, 3]], 0),
            ],
            special: ([[4, 4]], 0), large: ([[150, 301]], 0))
        return Operation(name, .exact, all) {
            function($0[0], $1)
        } definition: { x, diagonal in
            Plain(x[0].shape) { index in
                keeps(index[index.count - 2], index[index.count - 1], diagonal) ? x[0][index] : 0
            }
        }
    }

    private static let gathers: [Operation] = [
        Operation(
            "gathered", .exact,
            samples(
                [
                    ([[4, 3]], (positions: [2, 0, -1, 2], axis: 0)), ([[2, 5, 3]], ([4, 4, 1, -5], 1)),
                    ([[7]], ([6], -1)),
                    ([[4, 3]], ([], 0)), ([[2, 0]], ([1], 0)),
                ], special: ([[4, 4]], ([3, 0], 0)), large: ([[150, 301]], ([149, 0, 7, 7], 0))),
            mistakes: [
                Mistake("Index 3 is out of range for axis 0 of shape [3].") {
                    .zeros([3]).gathered(at: [3], axis: 0)
                }
            ]
        ) {
            $0[0].gathered(at: Tensor<Int32>($1.positions.map { Int32($0) }), axis: $1.axis)
        } definition: { x, choice in
            x[0].lines(along: choice.axis) { line in choice.positions.map { line[$0 < 0 ? $0 + line.count : $0] } }
        },
        Operation(
            "gatheredAlong", .exact,
            samples(
                [([[4, 3]], 0), ([[4, 3]], 1), ([[2, 3, 2]], -2), ([[5]], 0), ([[0, 3]], 1)], special: ([[4, 4]], 1),
                large: ([[150, 301]], 0)),
            mistakes: [
                Mistake("gatheredAlong needs indices with as many axes as shape [2, 3]; got shape [1].") {
                    .zeros([2, 3]).gatheredAlong([0], axis: 0)
                }
            ]
        ) { x, axis in
            // Two positions for every line, which differ from line to line.
            let axis = x[0].shape.axis(axis)
            var shape = x[0].shape
            shape[axis] = 2
            let extent = x[0].shape[axis]
            let positions = (0..<shape.elementCount).map { Int32($0 * 7 % extent) }
            return x[0].gatheredAlong(Tensor(positions, shape: shape), axis: axis)
        } definition: { x, axis in
            let axis = x[0].axis(axis)
            var shape = x[0].shape
            shape[axis] = 2
            return Plain(shape) { index in
                let number = zip(index, shape).reduce(0) { $0 * $1.1 + $1.0 }
                var source = index
                source[axis] = number * 7 % x[0].shape[axis]
                return x[0][source]
            }
        },
        Operation(
            "scatteringAdd", .ulpsOfLargest(2),
            samples(
                [
                    ([[4, 3], [3, 3]], (positions: [2, 0, 2], axis: 0)), ([[2, 5], [2, 1]], ([4, 4, 1, -5], 1)),
                    ([[7], []], ([6, 0], 0)),
                    ([[4, 3], [0, 3]], ([], 0)), ([[2, 0], [1, 0]], ([1], 0)),
                ], special: ([[4, 4], [2, 4]], ([3, 0], 0)), large: ([[150, 301], [4, 301]], ([149, 0, 7, 7], 0))),
            mistakes: [
                Mistake("Index 3 is out of range for axis 0 of shape [3].") {
                    .zeros([3]).scatteringAdd(1, at: [3], axis: 0)
                }
            ]
        ) {
            $0[0].scatteringAdd($0[1], at: Tensor<Int32>($1.positions.map { Int32($0) }), axis: $1.axis)
        } definition: { x, choice in
            let axis = x[0].axis(choice.axis)
            return Plain(x[0].shape) { index in
                var sum = x[0][index]
                for (number, position) in choice.positions.enumerated() {
                    let target = position < 0 ? position + x[0].shape[axis] : position
                    var source = index
                    source[axis] = number
                    if target == index[axis] { sum += x[1][source] }
                }
                return sum
            }
        },
        Operation(
            "elements where", .exact,
            samples(
                [([[2, 3]], ()), ([[7]], ()), ([[2, 2, 2]], ()), ([[1]], ()), ([[0, 3]], ())], special: ([[4, 4]], ()),
                large: ([[150, 301]], ()))
        ) { x, _ in
            // Every third one, whatever the numbers: differences must not change the choice.
            let mask = (0..<x[0].count).map { $0 % 3 == 0 }
            return x[0].elements(where: Tensor<Bool>(mask, shape: x[0].shape))
        } definition: { x, _ in
            let chosen = x[0].numbers.enumerated().filter { $0.offset % 3 == 0 }.map { $0.element }
            return Plain(chosen, shape: [chosen.count])
        },
    ]
}
