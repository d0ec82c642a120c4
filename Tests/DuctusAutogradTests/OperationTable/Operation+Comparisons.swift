import DuctusAutograd

extension Operation {
    static let comparisons: [Operation] = [relations, relationsWithNumbers, masks].flatMap { $0 }

    /// A relation, as 1 or 0.
    private static func relation(
        _ name: String, _ function: @escaping @Sendable (Tensor<Float>, Tensor<Float>) -> Tensor<Bool>,
        is definition: @escaping @Sendable (Double, Double) -> Bool
    ) -> Operation {
        .binary(name, .exact, isCommon: name == "a .< b") {
            Tensor<Float>(function($0, $1))
        } is: {
            definition($0, $1) ? 1 : 0
        }
    }

    private static let relations: [Operation] = [
        relation("a .== b", { $0 .== $1 }, is: { $0 == $1 }), relation("a .!= b", { $0 .!= $1 }, is: { $0 != $1 }),
        relation("a .< b", { $0 .< $1 }, is: { $0 < $1 }), relation("a .<= b", { $0 .<= $1 }, is: { $0 <= $1 }),
        relation("a .> b", { $0 .> $1 }, is: { $0 > $1 }), relation("a .>= b", { $0 .>= $1 }, is: { $0 >= $1 }),
        relation("isClose") {
            $0.isClose(to: $1, relativeTolerance: 0.5, absoluteTolerance: 0.25)
        } is: {
            $0 == $1 || $1.isFinite && abs($0 - $1) <= 0.25 + 0.5 * abs($1)
        },
        relation("and", { ($0 .> 0) .& ($1 .> 0) }, is: { $0 > 0 && $1 > 0 }),
        relation("or", { ($0 .> 0) .| ($1 .> 0) }, is: { $0 > 0 || $1 > 0 }),
        relation("exclusive or", { ($0 .> 0) .^ ($1 .> 0) }, is: { ($0 > 0) != ($1 > 0) }),
    ]

    /// A relation with a number, as 1 or 0.
    private static func relation(
        _ name: String, _ function: @escaping @Sendable (Tensor<Float>) -> Tensor<Bool>,
        is definition: @escaping @Sendable (Double) -> Bool
    ) -> Operation {
        .unary(name, .exact, { Tensor<Float>(function($0)) }, is: { definition($0) ? 1 : 0 })
    }

    private static let relationsWithNumbers: [Operation] = [
        relation("x .== 1", { $0 .== Float(1) }, is: { $0 == 1 }),
        relation("1 .== x", { Float(1) .== $0 }, is: { $0 == 1 }),
        relation("x .!= 1", { $0 .!= Float(1) }, is: { $0 != 1 }),
        relation("1 .!= x", { Float(1) .!= $0 }, is: { $0 != 1 }),
        relation("x .< 1", { $0 .< Float(1) }, is: { $0 < 1 }), relation("1 .< x", { Float(1) .< $0 }, is: { $0 > 1 }),
        relation("x .<= 1", { $0 .<= Float(1) }, is: { $0 <= 1 }),
        relation("1 .<= x", { Float(1) .<= $0 }, is: { $0 >= 1 }),
        relation("x .> 1", { $0 .> Float(1) }, is: { $0 > 1 }), relation("1 .> x", { Float(1) .> $0 }, is: { $0 < 1 }),
        relation("x .>= 1", { $0 .>= Float(1) }, is: { $0 >= 1 }),
        relation("1 .>= x", { Float(1) .>= $0 }, is: { $0 <= 1 }),
    ]

    private static let masks: [Operation] = [
        relation("isNaN", { $0.isNaN() }, is: { $0.isNaN }),
        relation("isInfinite", { $0.isInfinite() }, is: { $0.isInfinite }),
        relation("isFinite", { $0.isFinite() }, is: { $0.isFinite }),
        relation("not", { .!($0 .> 0) }, is: { !($0 > 0) }),
        Operation(
            "replacing", .exact,
            [
                [[7], [7], [7]], [[], [9], [9]], [[9], [], [9]], [[2, 3], [3], [2, 1]], [[2, 1], [1, 5], []],
                [[0], [], [1]],
            ]
            .map { Sample($0) } + [
                Sample([[16], [16], [16]], .special(special)), Sample([[150, 301], [], [150, 301]], .large),
                Sample([[40_001], [40_001], [40_001]], .large),
            ],
            mistakes: [
                Mistake("Shapes [2] and [3] do not broadcast") {
                    Tensor<Float>.zeros([2]).replacing(with: 1, where: Tensor<Bool>(repeating: true, shape: [3]))
                }
            ]
        ) { x, _ in
            x[0].replacing(with: x[1], where: x[2].detached() .> 0)
        } definition: { x, _ in
            let shape = Plain.common(Plain.common(x[0].shape, x[1].shape), x[2].shape)
            return Plain(shape) { x[2][$0] > 0 ? x[1][$0] : x[0][$0] }
        },
    ]
}
