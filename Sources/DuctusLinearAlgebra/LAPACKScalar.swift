import CLAPACKE
@_exported import DuctusTensors

/// Float or Double with their LAPACK routines. All arrays are row-major; each routine returns LAPACK's `info`.
public protocol LAPACKScalar: FloatingScalar {
    static func gesv(
        _ n: Int32, _ columns: Int32, _ a: UnsafeMutablePointer<Self>, _ pivots: UnsafeMutablePointer<Int32>,
        _ b: UnsafeMutablePointer<Self>
    ) -> Int32
    static func potrf(_ n: Int32, _ a: UnsafeMutablePointer<Self>) -> Int32
    static func geqrf(
        _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Self>, _ tau: UnsafeMutablePointer<Self>
    ) -> Int32
    static func orgqr(
        _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Self>, _ stride: Int32, _ tau: UnsafePointer<Self>
    ) -> Int32
    static func gesdd(
        _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Self>, _ s: UnsafeMutablePointer<Self>,
        _ u: UnsafeMutablePointer<Self>, _ vt: UnsafeMutablePointer<Self>
    ) -> Int32
    static func syevd(_ n: Int32, _ a: UnsafeMutablePointer<Self>, _ w: UnsafeMutablePointer<Self>) -> Int32
}

extension Float: LAPACKScalar {
    public static func gesv(
        _ n: Int32, _ columns: Int32, _ a: UnsafeMutablePointer<Float>, _ pivots: UnsafeMutablePointer<Int32>,
        _ b: UnsafeMutablePointer<Float>
    ) -> Int32 { LAPACKE_sgesv(LAPACK_ROW_MAJOR, n, columns, a, n, pivots, b, columns) }

    public static func potrf(_ n: Int32, _ a: UnsafeMutablePointer<Float>) -> Int32 {
        LAPACKE_spotrf(LAPACK_ROW_MAJOR, lower, n, a, n)
    }

    public static func geqrf(
        _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Float>, _ tau: UnsafeMutablePointer<Float>
    ) -> Int32 { LAPACKE_sgeqrf(LAPACK_ROW_MAJOR, m, n, a, n, tau) }

    public static func orgqr(
        _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Float>, _ stride: Int32, _ tau: UnsafePointer<Float>
    ) -> Int32 { LAPACKE_sorgqr(LAPACK_ROW_MAJOR, m, n, n, a, stride, tau) }

    public static func gesdd(
        _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Float>, _ s: UnsafeMutablePointer<Float>,
        _ u: UnsafeMutablePointer<Float>, _ vt: UnsafeMutablePointer<Float>
    ) -> Int32 { LAPACKE_sgesdd(LAPACK_ROW_MAJOR, thin, m, n, a, n, s, u, min(m, n), vt, n) }

    public static func syevd(_ n: Int32, _ a: UnsafeMutablePointer<Float>, _ w: UnsafeMutablePointer<Float>) -> Int32 {
        LAPACKE_ssyevd(LAPACK_ROW_MAJOR, vectors, lower, n, a, n, w)
    }
}

extension Double: LAPACKScalar {
    public static func gesv(
        _ n: Int32, _ columns: Int32, _ a: UnsafeMutablePointer<Double>, _ pivots: UnsafeMutablePointer<Int32>,
        _ b: UnsafeMutablePointer<Double>
    ) -> Int32 { LAPACKE_dgesv(LAPACK_ROW_MAJOR, n, columns, a, n, pivots, b, columns) }

    public static func potrf(_ n: Int32, _ a: UnsafeMutablePointer<Double>) -> Int32 {
        LAPACKE_dpotrf(LAPACK_ROW_MAJOR, lower, n, a, n)
    }

    public static func geqrf(
        _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Double>, _ tau: UnsafeMutablePointer<Double>
    ) -> Int32 { LAPACKE_dgeqrf(LAPACK_ROW_MAJOR, m, n, a, n, tau) }

    public static func orgqr(
        _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Double>, _ stride: Int32, _ tau: UnsafePointer<Double>
    ) -> Int32 { LAPACKE_dorgqr(LAPACK_ROW_MAJOR, m, n, n, a, stride, tau) }

    public static func gesdd(
        _ m: Int32, _ n: Int32, _ a: UnsafeMutablePointer<Double>, _ s: UnsafeMutablePointer<Double>,
        _ u: UnsafeMutablePointer<Double>, _ vt: UnsafeMutablePointer<Double>
    ) -> Int32 { LAPACKE_dgesdd(LAPACK_ROW_MAJOR, thin, m, n, a, n, s, u, min(m, n), vt, n) }

    public static func syevd(_ n: Int32, _ a: UnsafeMutablePointer<Double>, _ w: UnsafeMutablePointer<Double>) -> Int32
    {
        LAPACKE_dsyevd(LAPACK_ROW_MAJOR, vectors, lower, n, a, n, w)
    }
}

private let lower = CChar(UInt8(ascii: "L"))
private let thin = CChar(UInt8(ascii: "S"))
private let vectors = CChar(UInt8(ascii: "V"))
