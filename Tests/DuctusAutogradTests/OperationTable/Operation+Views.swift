import DuctusAutograd

extension Operation {
    /// Samples with settings, one with special numbers, and a large one.
    static func samples<Setting: Sendable>(
        _ ordinary: [([Shape], Setting)], special: ([Shape], Setting), large: ([Shape], Setting)
    ) -> [Sample<Setting>] {
        ordinary.map { Sample($0.0, $0.1) } + [
            Sample(special.0, special.1, .special(Operation.special)), Sample(large.0, large.1, .large),
        ]
    }

    static let views: [Operation] = [shapes, axes, parts].flatMap { $0 }

    private static let shapes: [Operation] = [
        Operation(
            "reshaped", .exact,
            samples(
                [
                    ([[2, 3, 4]], [4, 6] as Shape), ([[2, 3, 4]], [-1, 2]), ([[24]], [2, 3, 4]), ([[]], [1, 1]),
                    ([[1]], []), ([[0, 3]], [3, 0, 2]),
                ], special: ([[4, 4]], [2, 8]), large: ([[150, 301]], [301, 150])),
            mistakes: [
                Mistake("Shape [2, 3] cannot be reshaped to [4].") { .zeros([2, 3]).reshaped(to: [4]) },
                Mistake("Shape [0, 3] cannot be reshaped to [-1, 0].") { .zeros([0, 3]).reshaped(to: [-1, 0]) },
            ]
        ) {
            $0[0].reshaped(to: $1)
        } definition: { x, shape in
            let known = shape.reduce(1) { $1 == -1 ? $0 : $0 * $1 }
            return Plain(x[0].numbers, shape: shape.map { $0 == -1 ? x[0].numbers.count / known : $0 })
        },
        Operation(
            "flattened", .exact,
            samples(
                [([[2, 3, 4]], 0), ([[2, 3, 4]], 1), ([[2, 3, 4]], -1), ([[7]], 0), ([[2, 0, 3]], 1)],
                special: ([[4, 4]], 0), large: ([[150, 301]], 0))
        ) {
            $0[0].flattened(from: $1)
        } definition: { x, axis in
            let axis = x[0].axis(axis)
            return Plain(x[0].numbers, shape: Array(x[0].shape[..<axis]) + [x[0].shape[axis...].reduce(1, *)])
        },
        Operation(
            "expandingShape", .exact,
            samples(
                [([[2, 3]], 0), ([[2, 3]], 2), ([[2, 3]], -1), ([[2, 3]], -3), ([[]], 0), ([[0]], 1)],
                special: ([[4, 4]], 1), large: ([[150, 301]], 1)),
            mistakes: [
                Mistake("A new axis cannot be inserted at position 3 of shape [2].") {
                    .zeros([2]).expandingShape(at: 3)
                }
            ]
        ) {
            $0[0].expandingShape(at: $1)
        } definition: { x, axis in
            var shape = x[0].shape
            shape.insert(1, at: axis < 0 ? axis + shape.count + 1 : axis)
            return Plain(x[0].numbers, shape: shape)
        },
        Operation(
            "squeezingShape at an axis", .exact,
            samples(
                [([[1, 3]], 0), ([[2, 3, 1]], -1), ([[2, 1, 3]], 1), ([[1]], 0), ([[0, 1]], 1)],
                special: ([[4, 1, 4]], 1), large: ([[300, 1, 301]], 1)),
            mistakes: [
                Mistake("Axis 0 of shape [2, 3] cannot be squeezed; its extent is not 1.") {
                    .zeros([2, 3]).squeezingShape(at: 0)
                }
            ]
        ) {
            $0[0].squeezingShape(at: $1)
        } definition: { x, axis in
            var shape = x[0].shape
            shape.remove(at: x[0].axis(axis))
            return Plain(x[0].numbers, shape: shape)
        },
        Operation(
            "squeezingShape", .exact,
            samples(
                [
                    ([[1, 3]], ()), ([[2, 1, 3, 1]], ()), ([[1, 1]], ()), ([[2, 3]], ()), ([[]], ()), ([[0, 1]], ()),
                ],
                special: ([[4, 1, 4]], ()), large: ([[300, 1, 301]], ()))
        ) { x, _ in
            x[0].squeezingShape()
        } definition: { x, _ in
            Plain(x[0].numbers, shape: x[0].shape.filter { $0 != 1 })
        },
        Operation(
            "broadcast", .exact,
            samples(
                [
                    ([[3]], [2, 3] as Shape), ([[2, 1]], [2, 4]), ([[]], [2, 2]), ([[1, 3, 1]], [2, 2, 3, 5]),
                    ([[1]], [0]),
                    ([[2, 3]], [2, 3]),
                ], special: ([[1, 16]], [2, 16]), large: ([[300, 1]], [300, 301])),
            mistakes: [Mistake("Shape [2] does not broadcast to [3].") { .zeros([2]).broadcast(to: [3]) }]
        ) {
            $0[0].broadcast(to: $1)
        } definition: { x, shape in
            Plain(Array(shape)) { x[0][$0] }
        },
    ]

    private static let axes: [Operation] = [
        Operation(
            "permuted", .exact,
            samples(
                [
                    ([[2, 3, 4]], [2, 0, 1]), ([[2, 3, 4]], [1, -1, 0]), ([[7]], [0]), ([[]], []),
                    ([[2, 0, 3]], [1, 2, 0]),
                ],
                special: ([[4, 4]], [1, 0]), large: ([[30, 43, 71]], [2, 1, 0])),
            mistakes: [
                Mistake("permuted needs every axis of shape [2, 3] once; got [0, 0].") {
                    .zeros([2, 3]).permuted([0, 0])
                }
            ]
        ) {
            $0[0].permuted($1)
        } definition: { x, axes in
            permuted(x[0], axes)
        },
        Operation(
            "transposed", .exact,
            samples(
                [([[2, 3, 4]], [-2, -1]), ([[2, 3, 4]], [0, 2]), ([[33, 17]], [0, 1]), ([[0, 3]], [0, 1])],
                special: ([[4, 4]], [0, 1]), large: ([[150, 301]], [0, 1]))
        ) {
            $0[0].transposed($1[0], $1[1])
        } definition: { x, pair in
            var axes = Array(0..<x[0].rank)
            axes.swapAt(x[0].axis(pair[0]), x[0].axis(pair[1]))
            return permuted(x[0], axes)
        },
        Operation(
            "movingAxis", .exact,
            samples(
                [([[2, 3, 4]], [0, 2]), ([[2, 3, 4]], [-1, 0]), ([[2, 3, 4]], [1, 1]), ([[0, 3]], [1, 0])],
                special: ([[2, 2, 4]], [2, 0]), large: ([[30, 43, 71]], [2, 0]))
        ) {
            $0[0].movingAxis(from: $1[0], to: $1[1])
        } definition: { x, pair in
            var axes = Array(0..<x[0].rank)
            axes.insert(axes.remove(at: x[0].axis(pair[0])), at: x[0].axis(pair[1]))
            return permuted(x[0], axes)
        },
        Operation(
            "flipped", .exact,
            samples(
                [([[2, 3, 4]], nil as [Int]?), ([[2, 3, 4]], [1, -1]), ([[7]], [0]), ([[]], nil), ([[2, 0]], [0])],
                special: ([[4, 4]], [1]), large: ([[150, 301]], nil))
        ) {
            $0[0].flipped(axes: $1)
        } definition: { x, axes in
            let flipped = axes.map { $0.map(x[0].axis) } ?? Array(0..<x[0].rank)
            return Plain(x[0].shape) { index in
                x[0][index.enumerated().map { flipped.contains($0) ? x[0].shape[$0] - 1 - $1 : $1 }]
            }
        },
    ]

    private static func permuted(_ x: Plain, _ axes: [Int]) -> Plain {
        let axes = axes.map(x.axis)
        return Plain(axes.map { x.shape[$0] }) { index in
            var source = index
            for (to, from) in axes.enumerated() { source[from] = index[to] }
            return x[source]
        }
    }

    /// The part of `x` from `start` on along an axis.
    private static func slice(_ x: Plain, _ range: Range<Int>, axis: Int) -> Plain {
        x.lines(along: axis) { Array($0[range]) }
    }

    private static let parts: [Operation] = [
        Operation(
            "sliced", .exact,
            samples(
                [
                    ([[2, 3, 4]], (range: 1..<3, axis: 1)), ([[2, 3, 4]], (0..<2, -1)), ([[9]], (2..<9, 0)),
                    ([[9]], (4..<4, 0)),
                    ([[0, 3]], (1..<2, 1)),
                ], special: ([[4, 4]], (1..<4, 0)), large: ([[150, 301]], (5..<299, 1))),
            mistakes: [
                Mistake("Range 1..<4 is out of range for axis 0 of shape [3].") { .zeros([3]).sliced(1..<4, axis: 0) }
            ]
        ) {
            $0[0].sliced($1.range, axis: $1.axis)
        } definition: { x, part in
            slice(x[0], part.range, axis: part.axis)
        },
        Operation(
            "row", .exact,
            samples(
                [([[3, 4]], 0), ([[3, 2, 2]], 2), ([[5]], 4), ([[2, 0]], 1)], special: ([[4, 4]], 1),
                large: ([[3, 40_001]], 1))
        ) {
            $0[0].row($1)
        } definition: { x, row in
            Plain(slice(x[0], row..<row + 1, axis: 0).numbers, shape: Array(x[0].shape.dropFirst()))
        },
        Operation(
            "subscript with steps", .exact,
            samples(
                [([[3, 7]], 2), ([[2, 8]], -3), ([[4, 5]], -1), ([[2, 0]], 2)], special: ([[4, 4]], -2),
                large: ([[150, 301]], 2))
        ) {
            $0[0][1..., .strided(by: $1)]
        } definition: { x, step in
            let rows = slice(x[0], 1..<x[0].shape[0], axis: 0)
            return rows.lines(along: 1) { line in
                stride(from: step > 0 ? 0 : line.count - 1, to: step > 0 ? line.count : -1, by: step).map { line[$0] }
            }
        },
        Operation(
            "split", .exact,
            samples(
                [
                    ([[2, 6]], (count: 3, axis: 1, part: 1)), ([[4, 3]], (2, 0, 1)), ([[7]], (1, 0, 0)),
                    ([[0, 4]], (2, -1, 1)),
                ],
                special: ([[4, 4]], (2, 1, 0)), large: ([[150, 301]], (3, 0, 2))),
            mistakes: [
                Mistake("Axis 0 of shape [3] cannot be split into 2 equal parts.") {
                    Tensor<Float>.zeros([3]).split(into: 2, axis: 0)[0]
                }
            ]
        ) {
            $0[0].split(into: $1.count, axis: $1.axis)[$1.part]
        } definition: { x, split in
            let extent = x[0].shape[x[0].axis(split.axis)] / split.count
            return slice(x[0], split.part * extent..<(split.part + 1) * extent, axis: split.axis)
        },
        Operation(
            "split into sizes", .exact,
            samples(
                [([[2, 6]], (sizes: [1, 3, 2], part: 1)), ([[2, 6]], ([6, 0], 1)), ([[0, 4]], ([2, 2], 0))],
                special: ([[4, 4]], ([1, 3], 1)), large: ([[150, 301]], ([1, 300], 1))),
            mistakes: [
                Mistake("Sizes [1, 1] do not add up to axis 0 of shape [3].") {
                    Tensor<Float>.zeros([3]).split(sizes: [1, 1], axis: 0)[0]
                }
            ]
        ) {
            $0[0].split(sizes: $1.sizes, axis: -1)[$1.part]
        } definition: { x, split in
            let start = split.sizes[..<split.part].reduce(0, +)
            return slice(x[0], start..<start + split.sizes[split.part], axis: -1)
        },
        Operation(
            "diagonal", .exact,
            samples(
                [([[3, 4]], 0), ([[3, 4]], 2), ([[3, 4]], -1), ([[2, 3, 3]], 0), ([[2, 2]], 5), ([[0, 3]], 0)],
                special: ([[4, 4]], 0), large: ([[150, 301]], 0)),
            mistakes: [Mistake("diagonal needs at least two axes; got shape [3].") { .zeros([3]).diagonal() }]
        ) {
            $0[0].diagonal(offset: $1)
        } definition: { x, offset in
            let lead = Array(x[0].shape.dropLast(2))
            let (rows, columns) = (x[0].shape[lead.count], x[0].shape[lead.count + 1])
            let length = max(0, min(rows - max(-offset, 0), columns - max(offset, 0)))
            return Plain(lead + [length]) { index in
                let i = index[lead.count]
                return x[0][index.dropLast() + [i + max(-offset, 0), i + max(offset, 0)]]
            }
        },
    ]
}
