extension Matrix {
    /// The eigenvalues, in ascending order, and eigenvectors of the symmetric tridiagonal matrix with diagonal d and
    /// off-diagonal e. The values overwrite d, the vectors self. Returns LAPACK's `info`.
    ///
    /// Divide and conquer (Gu and Eisenstat, *A Divide-and-Conquer Algorithm for the Symmetric Tridiagonal
    /// Eigenproblem*, 1995): the halves are solved in parallel and merged on all threads.
    func diagonalizeTridiagonal(_ d: UnsafeMutablePointer<Scalar>, _ e: UnsafeMutablePointer<Scalar>) -> Int {
        guard rows > 128 else { return diagonalizeWithLAPACK(d, e) }
        let middle = rows / 2
        let coupling = e[middle - 1]
        d[middle - 1] -= coupling.magnitude
        d[middle] -= coupling.magnitude
        let halves = [0..<middle, middle..<rows]
        setZero()
        let infos = parallelMap(2) {
            let half = halves[$0]
            return self[half, half].diagonalizeTridiagonal(d + half.lowerBound, e + half.lowerBound)
        }
        if let failure = infos.first(where: { $0 != 0 }) { return failure }
        return joinHalves(d, middle, coupling)
    }

    private func diagonalizeWithLAPACK(_ d: UnsafeMutablePointer<Scalar>, _ e: UnsafeMutablePointer<Scalar>) -> Int {
        let work = Tensor<Scalar>(shape: [1 + 4 * rows + rows * rows]) { _ in }
        let integers = Tensor<Int32>(shape: [3 + 5 * rows]) { _ in }
        defer { withExtendedLifetime((work, integers)) {} }
        return Int(
            Scalar.lapack.stedc(
                columnMajor, Letter.fromIdentity, BLAS.index(rows), d, e, base, step, work.base, BLAS.index(work.count),
                integers.base, BLAS.index(integers.count)))
    }

    /// Merges the eigenvalues and vectors of two halves into those of the whole: of diag(d) + ρ z zᵀ, in the basis of
    /// the vectors of the halves. Does the work of LAPACK's laed1 and laed3, with columns split among threads.
    private func joinHalves(_ d: UnsafeMutablePointer<Scalar>, _ middle: Int, _ coupling: Scalar) -> Int {
        let n = rows
        let vectors = MatrixStack<Scalar>(n, 3)
        let (z, poles, weights) = (vectors[0].base, vectors[0].base + n, vectors[0].base + 2 * n)
        let parts = Tensor<Scalar>(shape: [n * n]) { _ in }
        let integers = Tensor<Int32>(shape: [5 * n]) { _ in }
        defer { withExtendedLifetime((vectors, parts, integers)) {} }
        let (sorted, order, kinds) = (integers.base, integers.base + n, integers.base + 2 * n)
        for i in 0..<n {
            z[i] = self[i < middle ? middle - 1 : middle, i]
            sorted[i] = Int32(i < middle ? i + 1 : i - middle + 1)
        }
        var (rank, rho, info): (Int32, Scalar, Int32) = (0, coupling, 0)
        // Deflation: sets final eigenpairs aside, and groups the other vectors by where they are nonzero.
        Scalar.lapack.laed2(
            &rank, [Int32(n)], [Int32(middle)], d, base, [step], sorted, &rho, z, poles, weights, parts.base,
            integers.base + 3 * n, order, integers.base + 4 * n, kinds, &info)
        guard info == 0, rank > 0 else { return Int(info) }

        let (k, size, factor) = (Int(rank), rank, rho)
        let infos = parallelMap((k + 15) / 16) { block in
            var info: Int32 = 0
            for j in block * 16..<Swift.min(k, (block + 1) * 16) where info == 0 {
                Scalar.lapack.laed4([size], [Int32(j + 1)], poles, weights, base + j * leading, [factor], d + j, &info)
            }
            return Int(info)
        }
        if let failure = infos.first(where: { $0 != 0 }) { return failure }
        let corrected = vectors[0].base
        parallelRanges(k, grain: 64) { correctWeights(weights, poles, base, leading, k, $0, corrected) }
        let inner = MatrixStack<Scalar>(k, k)
        defer { withExtendedLifetime(inner) {} }
        parallelRanges(k, grain: 32) {
            for j in $0 { innerVector(corrected, base + j * leading, order, k, inner[0].base + j * k) }
        }

        let (upper, mixed, lower) = (Int(kinds[0]), Int(kinds[1]), Int(kinds[2]))
        let first = Matrix(base: parts.base, rows: middle, columns: upper + mixed, leading: middle)
        let second = Matrix(
            base: parts.base + middle * (upper + mixed), rows: n - middle, columns: mixed + lower, leading: n - middle)
        parallelRanges(k, grain: 128) { columns in
            self[0..<middle, columns].set(1, first, inner[0][0..<upper + mixed, columns], plus: 0)
            self[middle..<n, columns].set(1, second, inner[0][upper..<k, columns], plus: 0)
        }
        sortColumns(by: d, parts.base)
        return 0
    }

    /// Sorts values in ascending order, together with their columns.
    private func sortColumns(by values: UnsafeMutablePointer<Scalar>, _ workspace: UnsafeMutablePointer<Scalar>) {
        let order = (0..<columns).sorted { values[$0] < values[$1] }
        guard order != Array(0..<columns) else { return }
        let copy = Matrix(base: workspace, rows: rows, columns: columns, leading: rows)
        self.copy(to: copy)
        let old = (0..<columns).map { values[$0] }
        parallelRanges(columns, grain: 64) {
            for column in $0 {
                (base + column * leading).update(from: copy.base + order[column] * rows, count: rows)
                values[column] = old[order[column]]
            }
        }
    }
}

/// From the distances between poles (rows) and roots (columns), weights for which the computed roots are exact, so that
/// the vectors are orthogonal even if roots are close (Gu and Eisenstat).
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
private func correctWeights<Scalar: FloatingScalar>(
    _ weights: UnsafePointer<Scalar>, _ poles: UnsafePointer<Scalar>, _ distances: UnsafePointer<Scalar>,
    _ step: Int, _ count: Int, _ rows: Range<Int>, _ corrected: UnsafeMutablePointer<Scalar>
) {
    // For one or two roots, LAPACK returns the vectors themselves.
    guard count > 2 else { return }
    for i in rows { corrected[i] = distances[i + i * step] }
    for j in 0..<count {
        let column = distances + j * step
        for i in rows where i != j { corrected[i] *= column[i] / (poles[i] - poles[j]) }
    }
    for i in rows {
        let magnitude = Swift.max(0, -corrected[i]).squareRoot()
        corrected[i] = weights[i] < 0 ? -magnitude : magnitude
    }
}

/// The eigenvector of one root, of norm 1.
@_specialize(where Scalar == Float)
@_specialize(where Scalar == Double)
private func innerVector<Scalar: FloatingScalar>(
    _ weights: UnsafePointer<Scalar>, _ distances: UnsafePointer<Scalar>, _ order: UnsafePointer<Int32>, _ count: Int,
    _ vector: UnsafeMutablePointer<Scalar>
) {
    var squares: Scalar = 0
    for i in 0..<count {
        let from = Int(order[i]) - 1
        let value = count > 2 ? weights[from] / distances[from] : distances[from]
        vector[i] = value
        squares += value * value
    }
    let factor = 1 / squares.squareRoot()
    for i in 0..<count { vector[i] *= factor }
}
