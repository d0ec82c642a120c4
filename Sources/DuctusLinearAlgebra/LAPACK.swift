import CLAPACKE

/// The LAPACK routines for one element type, named as in the LAPACK Users' Guide (https://netlib.org/lapack/lug), with
/// column-major matrices and workspace from the buffer pool.
struct LAPACK<Scalar>: Sendable {
    typealias Integer = Int32
    typealias Option = CChar
    typealias Elements = UnsafeMutablePointer<Scalar>
    typealias Integers = UnsafeMutablePointer<Int32>
    typealias Layout = Int32

    // Linear systems
    let getrf: @Sendable (Layout, Integer, Integer, Elements, Integer, Integers) -> Integer
    let getrs:
        @Sendable (
            Layout, Option, Integer, Integer, UnsafePointer<Scalar>, Integer, UnsafePointer<Int32>, Elements, Integer
        )
            -> Integer
    let laswp:
        @Sendable (Layout, Integer, Elements, Integer, Integer, Integer, UnsafePointer<Int32>, Integer) -> Integer
    let trtrs:
        @Sendable (Layout, Option, Option, Option, Integer, Integer, UnsafePointer<Scalar>, Integer, Elements, Integer)
            -> Integer
    let potrf: @Sendable (Layout, Option, Integer, Elements, Integer) -> Integer
    let geqrt: @Sendable (Layout, Integer, Integer, Integer, Elements, Integer, Elements, Integer, Elements) -> Integer

    // Symmetric eigenvalues
    let sytrd:
        @Sendable (Layout, Option, Integer, Elements, Integer, Elements, Elements, Elements, Elements, Integer) ->
            Integer
    let sterf: @Sendable (Integer, Elements, Elements) -> Integer
    let stedc:
        @Sendable (
            Layout, Option, Integer, Elements, Elements, Elements, Integer, Elements, Integer, Integers, Integer
        ) -> Integer

    // Singular values
    let gebrd:
        @Sendable (
            Layout, Integer, Integer, Elements, Integer, Elements, Elements, Elements, Elements, Elements, Integer
        ) -> Integer
    let bdsdc:
        @Sendable (
            Layout, Option, Option, Integer, Elements, Elements, Elements?, Integer, Elements?, Integer, Elements?,
            Integers?, Elements, Integers
        ) -> Integer

    // Eigenvalues and least squares
    let geev:
        @Sendable (
            Layout, Option, Option, Integer, Elements, Integer, Elements, Elements, Elements?, Integer, Elements?,
            Integer, Elements, Integer
        ) -> Integer
    let gelsd:
        @Sendable (
            Layout, Integer, Integer, Integer, Elements, Integer, Elements, Integer, Elements, Scalar, Integers,
            Elements, Integer, Integers
        ) -> Integer

    // Steps of divide-and-conquer
    let laed2:
        @Sendable (
            Integers, UnsafePointer<Int32>, UnsafePointer<Int32>, Elements, Elements, UnsafePointer<Int32>, Integers,
            Elements, Elements, Elements, Elements, Elements, Integers, Integers, Integers, Integers, Integers
        ) -> Void
    let laed4:
        @Sendable (
            UnsafePointer<Int32>, UnsafePointer<Int32>, UnsafePointer<Scalar>, UnsafePointer<Scalar>, Elements,
            UnsafePointer<Scalar>, Elements, Integers
        ) -> Void
}

extension LAPACK<Float> {
    fileprivate static let single = LAPACK(
        getrf: LAPACKE_sgetrf_work, getrs: LAPACKE_sgetrs_work, laswp: LAPACKE_slaswp_work,
        trtrs: LAPACKE_strtrs_work, potrf: LAPACKE_spotrf_work, geqrt: LAPACKE_sgeqrt_work,
        sytrd: LAPACKE_ssytrd_work, sterf: LAPACKE_ssterf_work, stedc: LAPACKE_sstedc_work,
        gebrd: LAPACKE_sgebrd_work, bdsdc: LAPACKE_sbdsdc_work, geev: LAPACKE_sgeev_work,
        gelsd: LAPACKE_sgelsd_work, laed2: slaed2_, laed4: slaed4_)
}

extension LAPACK<Double> {
    fileprivate static let double = LAPACK(
        getrf: LAPACKE_dgetrf_work, getrs: LAPACKE_dgetrs_work, laswp: LAPACKE_dlaswp_work,
        trtrs: LAPACKE_dtrtrs_work, potrf: LAPACKE_dpotrf_work, geqrt: LAPACKE_dgeqrt_work,
        sytrd: LAPACKE_dsytrd_work, sterf: LAPACKE_dsterf_work, stedc: LAPACKE_dstedc_work,
        gebrd: LAPACKE_dgebrd_work, bdsdc: LAPACKE_dbdsdc_work, geev: LAPACKE_dgeev_work,
        gelsd: LAPACKE_dgelsd_work, laed2: dlaed2_, laed4: dlaed4_)
}

extension FloatingScalar {
    /// The LAPACK routines for this type.
    static var lapack: LAPACK<Self> {
        isSinglePrecision
            ? unsafeBitCast(LAPACK.single, to: LAPACK<Self>.self)
            : unsafeBitCast(LAPACK.double, to: LAPACK<Self>.self)
    }
}

/// The character arguments of LAPACK.
enum Letter {
    static let lower = CChar(UInt8(ascii: "L"))
    static let upper = CChar(UInt8(ascii: "U"))
    static let plain = CChar(UInt8(ascii: "N"))
    static let transposed = CChar(UInt8(ascii: "T"))
    static let unitDiagonal = CChar(UInt8(ascii: "U"))
    static let anyDiagonal = CChar(UInt8(ascii: "N"))
    static let valuesOnly = CChar(UInt8(ascii: "N"))
    static let vectors = CChar(UInt8(ascii: "V"))
    static let fromIdentity = CChar(UInt8(ascii: "I"))
}

let columnMajor = LAPACK_COL_MAJOR

/// Queries a routine for its workspace size, and calls it with that much.
func withWorkspace<Scalar: FloatingScalar>(
    _ routine: (_ work: UnsafeMutablePointer<Scalar>, _ count: Int32) -> Int32
) -> Int32 {
    var wanted: Scalar = 0
    let info = routine(&wanted, -1)
    guard info == 0 else { return info }
    // The size is returned as a floating-point number, which may have been rounded down.
    let work = Tensor<Scalar>(shape: [Swift.max(1, Int(wanted.nextUp.rounded(.up)))]) { _ in }
    defer { withExtendedLifetime(work) {} }
    return routine(work.base, BLAS.index(work.count))
}
