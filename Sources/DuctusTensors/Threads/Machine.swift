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

    /// Whether the BLAS uses kernels for processors without AVX, because it does not know this one.
    package static let blasIsBehind = isBehind(blas: blas, instructionSet: instructionSet)

    package static func isBehind(blas: String, instructionSet: String) -> Bool {
        let cores = ["Prescott", "Core2", "Penryn", "Dunnington", "Nehalem", "Atom", "Generic", "unknown"]
        return instructionSet != "portable" && cores.contains { blas.hasSuffix(" \($0)") }
    }

    /// The instruction set of the kernels in use.
    package static var instructionSet: String {
        String(cString: ductus_kernels_float().pointee.name)
    }
}
