extension Tensor where Scalar: LAPACKScalar {
    /// x with A x = b, by LU decomposition with partial pivoting.
    ///
    /// Shapes: A `[n, n]`, b `[n]` or `[n, columns]` → as b.
    /// - Throws: `LinearAlgebraError.singular`.
    public func solve(_ b: Tensor) throws -> Tensor {
        let n = squareSize("solve")
        precondition(
            (b.rank == 1 || b.rank == 2) && b.shape[0] == n, "solve: A is \(shape), b is \(b.shape); b needs \(n) rows."
        )
        var (a, x) = (self, b.rank == 1 ? b.expandingShape(at: 1) : b)
        var pivots = [Int32](repeating: 0, count: n)
        let columns = Int32(x.shape[1])
        guard n > 0, columns > 0 else { return b }
        let info = a.withUnsafeMutableBuffer { a in
            x.withUnsafeMutableBuffer { Scalar.gesv(Int32(n), columns, a.baseAddress!, &pivots, $0.baseAddress!) }
        }
        guard info == 0 else { throw LinearAlgebraError.singular(pivot: Int(info)) }
        return b.rank == 1 ? x.squeezingShape(at: 1) : x
    }

    /// The lower triangle L with L Lᵀ = A, for a symmetric positive definite A; only A's lower triangle is read.
    /// - Throws: `LinearAlgebraError.notPositiveDefinite`.
    public func cholesky() throws -> Tensor {
        let n = squareSize("cholesky")
        guard n > 0 else { return self }
        var l = self
        let info = l.withUnsafeMutableBuffer { a in
            for row in 0..<n { for column in (row + 1)..<Swift.max(row + 1, n) { a[row * n + column] = 0 } }
            return Scalar.potrf(Int32(n), a.baseAddress!)
        }
        guard info == 0 else { throw LinearAlgebraError.notPositiveDefinite(order: Int(info)) }
        return l
    }

    /// A = Q R with orthonormal columns in Q and an upper triangle R.
    ///
    /// Shapes: A `[m, n]` → Q `[m, k]`, R `[k, n]`, k = min(m, n).
    public func qr() -> (q: Tensor, r: Tensor) {
        let (m, n) = matrixSize("qr")
        let k = Swift.min(m, n)
        guard k > 0 else { return (.zeros([m, k]), .zeros([k, n])) }
        var a = self
        var tau = [Scalar](repeating: 0, count: k)
        _ = a.withUnsafeMutableBuffer { Scalar.geqrf(Int32(m), Int32(n), $0.baseAddress!, &tau) }
        let r = Tensor(shape: [k, n]) { out in
            a.withUnsafeBuffer { for i in 0..<k { for j in 0..<n { out[i * n + j] = j < i ? 0 : $0[i * n + j] } } }
        }
        var q = a.sliced(0..<k, axis: 1)
        _ = q.withUnsafeMutableBuffer { Scalar.orgqr(Int32(m), Int32(k), $0.baseAddress!, Int32(k), tau) }
        return (q, r)
    }

    /// A = U diag(s) Vᵀ with the singular values s from large to small.
    ///
    /// Shapes: A `[m, n]` → U `[m, k]`, s `[k]`, Vᵀ `[k, n]`, k = min(m, n).
    /// - Throws: `LinearAlgebraError.noConvergence`.
    public func svd() throws -> (u: Tensor, s: Tensor, vt: Tensor) {
        let (m, n) = matrixSize("svd")
        let k = Swift.min(m, n)
        var (a, u, s, vt) = (self, Tensor.zeros([m, k]), Tensor.zeros([k]), Tensor.zeros([k, n]))
        guard k > 0 else { return (u, s, vt) }
        let info = a.withUnsafeMutableBuffer { a in
            u.withUnsafeMutableBuffer { u in
                s.withUnsafeMutableBuffer { s in
                    vt.withUnsafeMutableBuffer {
                        Scalar.gesdd(
                            Int32(m), Int32(n), a.baseAddress!, s.baseAddress!, u.baseAddress!, $0.baseAddress!)
                    }
                }
            }
        }
        guard info == 0 else { throw LinearAlgebraError.noConvergence }
        return (u, s, vt)
    }

    /// Eigenvalues from small to large and eigenvectors in columns, of a symmetric A; only its lower triangle is read.
    /// - Throws: `LinearAlgebraError.noConvergence`.
    public func symmetricEigen() throws -> (values: Tensor, vectors: Tensor) {
        let n = squareSize("symmetricEigen")
        var (vectors, values) = (self, Tensor.zeros([n]))
        guard n > 0 else { return (values, vectors) }
        let info = vectors.withUnsafeMutableBuffer { a in
            values.withUnsafeMutableBuffer { Scalar.syevd(Int32(n), a.baseAddress!, $0.baseAddress!) }
        }
        guard info == 0 else { throw LinearAlgebraError.noConvergence }
        return (values, vectors)
    }

    private func matrixSize(_ operation: String) -> (Int, Int) {
        precondition(rank == 2, "\(operation): A is \(shape); it must be a matrix.")
        return (shape[0], shape[1])
    }

    private func squareSize(_ operation: String) -> Int {
        let (m, n) = matrixSize(operation)
        precondition(m == n, "\(operation): A is \(shape); it must be square.")
        return n
    }
}
