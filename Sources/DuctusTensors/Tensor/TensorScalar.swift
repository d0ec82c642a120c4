import CBLAS
import CDuctusKernels

/// An element type of tensors: Float, Double, Int32, UInt8 or Bool.
public protocol TensorScalar: Sendable, BitwiseCopyable, Equatable {
    /// The corresponding type in files.
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
where RawSignificand: FixedWidthInteger {}

extension Float: FloatingScalar { public static var elementType: ElementType { .float32 } }
extension Double: FloatingScalar { public static var elementType: ElementType { .float64 } }

// Kernels are chosen by type instead of through protocol requirements, which would be public.
extension FloatingScalar {
    /// Whether this type is Float rather than Double.
    package static var isSinglePrecision: Bool {
        if self == Float.self { return true }
        precondition(self == Double.self, "Floating-point tensors are of Float or Double; got \(self).")
        return false
    }

    /// The kernels for this type, for the current processor.
    package static var kernels: ductus_kernels {
        isSinglePrecision ? ductus_kernels_float().pointee : ductus_kernels_double().pointee
    }

    /// C ← α op(A) op(B) + β C, row-major; `m`, `n`, `k` are extents after op.
    package static func gemm(
        _ transposeA: Bool, _ transposeB: Bool, _ m: Int, _ n: Int, _ k: Int, _ alpha: Self,
        _ a: UnsafePointer<Self>, _ lda: Int, _ b: UnsafePointer<Self>, _ ldb: Int, _ beta: Self,
        _ c: UnsafeMutablePointer<Self>, _ ldc: Int
    ) {
        let (opA, opB) = (transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans)
        let (m, n, k) = (BLAS.index(m), BLAS.index(n), BLAS.index(k))
        // BLAS refuses leading dimensions of 0, those of matrices without columns, and leaves C as it is.
        let (lda, ldb) = (BLAS.index(Swift.max(lda, 1)), BLAS.index(Swift.max(ldb, 1)))
        let ldc = BLAS.index(Swift.max(ldc, 1))
        if isSinglePrecision {
            cblas_sgemm(
                CblasRowMajor, opA, opB, m, n, k, known(alpha), known(a), lda, known(b), ldb,
                known(beta), known(c), ldc)
        } else {
            cblas_dgemm(
                CblasRowMajor, opA, opB, m, n, k, known(alpha), known(a), lda, known(b), ldb,
                known(beta), known(c), ldc)
        }
    }

    /// y ← op(A) x + β y; A is row-major `rows` × `columns` before op.
    package static func gemv(
        _ transpose: Bool, _ rows: Int, _ columns: Int, _ a: UnsafePointer<Self>, _ lda: Int,
        _ x: UnsafePointer<Self>, _ xStride: Int, _ beta: Self, _ y: UnsafeMutablePointer<Self>, _ yStride: Int
    ) {
        let op = transpose ? CblasTrans : CblasNoTrans
        let (rows, columns, lda) = (BLAS.index(rows), BLAS.index(columns), BLAS.index(lda))
        let (xStride, yStride) = (BLAS.index(xStride), BLAS.index(yStride))
        if isSinglePrecision {
            cblas_sgemv(
                CblasRowMajor, op, rows, columns, 1, known(a), lda, known(x), xStride, known(beta),
                known(y), yStride)
        } else {
            cblas_dgemv(
                CblasRowMajor, op, rows, columns, 1, known(a), lda, known(x), xStride, known(beta),
                known(y), yStride)
        }
    }
}

/// OpenBLAS as Ductus uses it: single-threaded, called from Ductus's own threads. Two thread pools would compete for
/// the cores, and only our own split is independent of the number of threads.
package enum BLAS {
    private static let singleThreaded: Void = openblas_set_num_threads(1)

    @inline(__always)
    package static func index(_ value: Int) -> blasint {
        _ = singleThreaded
        return blasint(value)
    }
}

/// A scalar, or a pointer to scalars, as the type it is known to have.
private func known<Value, Result>(_ value: Value) -> Result { unsafeBitCast(value, to: Result.self) }
