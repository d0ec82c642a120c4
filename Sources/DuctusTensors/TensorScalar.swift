import CBLAS
import CDuctusKernels

/// An element type of tensors: Float, Double, Int32, UInt8 or Bool.
public protocol TensorScalar: Sendable, BitwiseCopyable, Equatable {
    /// The type as files call it.
    static var elementType: ElementType { get }
}

/// Numbers: every element type but Bool.
public protocol NumericScalar: TensorScalar, Numeric, Comparable {}

/// Int32 or UInt8: labels, indices, counts and pixels.
public protocol IntegerScalar: NumericScalar, FixedWidthInteger {}

extension Int32: IntegerScalar { public static var elementType: ElementType { .int32 } }
extension UInt8: IntegerScalar { public static var elementType: ElementType { .uint8 } }
extension Bool: TensorScalar { public static var elementType: ElementType { .bool } }

/// Float or Double: the element types with gradients and kernels.
public protocol FloatingScalar: NumericScalar, BinaryFloatingPoint, LosslessStringConvertible
where RawSignificand: FixedWidthInteger {
    /// The kernels for this type and processor.
    static var kernels: ductus_kernels { get }

    /// C ← α op(A) op(B) + β C, row-major; `m`, `n`, `k` are extents after op.
    static func gemm(
        _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int, _ alpha: Self,
        _ a: UnsafePointer<Self>, _ lda: Int, _ b: UnsafePointer<Self>, _ ldb: Int, _ beta: Self,
        _ c: UnsafeMutablePointer<Self>, _ ldc: Int)

    /// y ← op(A) x + β y; A is row-major `rows` × `columns` before op.
    static func gemv(
        _ transpose: Bool, _ rows: Int, _ columns: Int, _ a: UnsafePointer<Self>, _ lda: Int,
        _ x: UnsafePointer<Self>, _ xStride: Int, _ beta: Self, _ y: UnsafeMutablePointer<Self>, _ yStride: Int)
}

extension Float: FloatingScalar {
    public static var elementType: ElementType { .float32 }
    public static var kernels: ductus_kernels { ductus_kernels_float().pointee }

    public static func gemm(
        _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int, _ alpha: Float,
        _ a: UnsafePointer<Float>, _ lda: Int, _ b: UnsafePointer<Float>, _ ldb: Int, _ beta: Float,
        _ c: UnsafeMutablePointer<Float>, _ ldc: Int
    ) {
        cblas_sgemm(
            CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
            BLAS.index(m), BLAS.index(n), BLAS.index(k), alpha, a, BLAS.index(lda), b, BLAS.index(ldb), beta, c,
            BLAS.index(ldc))
    }

    public static func gemv(
        _ transpose: Bool, _ rows: Int, _ columns: Int, _ a: UnsafePointer<Float>, _ lda: Int,
        _ x: UnsafePointer<Float>, _ xStride: Int, _ beta: Float, _ y: UnsafeMutablePointer<Float>, _ yStride: Int
    ) {
        cblas_sgemv(
            CblasRowMajor, transpose ? CblasTrans : CblasNoTrans, BLAS.index(rows), BLAS.index(columns), 1, a,
            BLAS.index(lda), x, BLAS.index(xStride), beta, y, BLAS.index(yStride))
    }
}

extension Double: FloatingScalar {
    public static var elementType: ElementType { .float64 }
    public static var kernels: ductus_kernels { ductus_kernels_double().pointee }

    public static func gemm(
        _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int, _ alpha: Double,
        _ a: UnsafePointer<Double>, _ lda: Int, _ b: UnsafePointer<Double>, _ ldb: Int, _ beta: Double,
        _ c: UnsafeMutablePointer<Double>, _ ldc: Int
    ) {
        cblas_dgemm(
            CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans,
            BLAS.index(m), BLAS.index(n), BLAS.index(k), alpha, a, BLAS.index(lda), b, BLAS.index(ldb), beta, c,
            BLAS.index(ldc))
    }

    public static func gemv(
        _ transpose: Bool, _ rows: Int, _ columns: Int, _ a: UnsafePointer<Double>, _ lda: Int,
        _ x: UnsafePointer<Double>, _ xStride: Int, _ beta: Double, _ y: UnsafeMutablePointer<Double>, _ yStride: Int
    ) {
        cblas_dgemv(
            CblasRowMajor, transpose ? CblasTrans : CblasNoTrans, BLAS.index(rows), BLAS.index(columns), 1, a,
            BLAS.index(lda), x, BLAS.index(xStride), beta, y, BLAS.index(yStride))
    }
}

/// OpenBLAS as Ductus uses it: single-threaded, called from Ductus's own threads. Two pools would fight over the
/// cores, and only a split that we choose is the same for every number of threads.
package enum BLAS {
    private static let singleThreaded: Void = openblas_set_num_threads(1)

    @inline(__always)
    package static func index(_ value: Int) -> blasint {
        _ = singleThreaded
        return blasint(value)
    }
}
