import CBLAS
import CDuctusKernels

#if canImport(Darwin)
    import Darwin
#elseif canImport(Glibc)
    import Glibc
#endif

/// What computes: the libraries and the kernels that were chosen for this processor.
package enum Machine {
    /// The number of processors of this host.
    package static var processors: Int { sysconf(Int32(_SC_NPROCESSORS_ONLN)) }

    /// The BLAS library with its kernels: `OpenBLAS 0.3.21 Haswell`.
    package static var blas: String {
        let words = String(cString: openblas_get_config()).split(separator: " ")
        return (words.prefix(2) + [Substring(String(cString: openblas_get_corename()))]).joined(separator: " ")
    }

    /// The instruction set of the kernels in use.
    package static var instructionSet: String {
        ductus_kernels_float() == ductus_kernels_float_of(0) ? "portable" : "x86-64-v3"
    }
}
