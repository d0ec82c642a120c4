//! What a NumPy user does every day.

// snippet.hide
import DuctusLinearAlgebra

// snippet.show
// snippet.making
let x: Tensor<Float> = [[1, 2, 3], [4, 5, 6]]
let grid = Tensor<Float>.arange(12).reshaped(to: [3, 4])
let steps = Tensor<Double>.linspace(0, 1, count: 5)  // [0.   0.25 0.5  0.75 1.  ]
var random = RandomStream(seed: 1)
let noise = Tensor<Float>.normal([3, 4], using: &random)
let labels = Tensor<Int32>([0, 2, 1])
// snippet.end

// snippet.indexing
let number = grid[1, 2]  // 6.0, a Float
let row = grid[1, ...]  // [4. 5. 6. 7.]
let column = grid[..., 0]  // [0. 4. 8.]
let corner = grid[0..<2, 2...]  // [[2. 3.] [6. 7.]]
let backwards = grid[.strided(by: -1), ...]  // rows 2, 1 and 0
let picked = grid[labels, ...]  // rows 0, 2 and 1
let large = grid[grid .> 8]  // [ 9. 10. 11.]
var changed = grid
changed[grid .> 8] = 0  // `grid` is what it was
changed[..., 1] = [7, 8, 9]
// snippet.end

// snippet.computing
let centered = grid - grid.mean(axes: [0])
let scaled = centered / grid.standardDeviation(axes: [0])
let clipped = (grid * 0.5).exp().clipped(to: 0...10)
let best = grid.argmax(axis: -1)  // [3 3 3]
let positive = centered.replacing(with: 0, where: centered .< 0)
let products = einsum("ij,kj->ik", grid, noise)
let order = noise.argsort(axis: -1)
// snippet.end

// snippet.solving
let a: Tensor<Double> = [[4, 1], [1, 3]]
let solution = try a.solve([1, 2])  // [0.09090909 0.63636364]
let (u, s, vt) = try a.svd()
do {
    _ = try Tensor<Double>.ones([2, 2]).inverse()
} catch {
    print(error)  // The matrix is singular at pivot 2.
}
// snippet.end

// snippet.files
try grid.write(npy: "grid.npy")
let read = try Tensor<Float>(npy: "grid.npy")
// snippet.end
print(x, steps, number, row, column, corner, backwards, picked, large, changed, scaled, clipped, best, positive)
print(products, order, solution, u, s, vt, read)
