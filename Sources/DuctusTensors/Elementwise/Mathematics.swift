// Functions of the C library, under names that do not collide with tensor methods.
#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

package func logarithm(_ x: Double) -> Double { log(x) }
package func exponential(_ x: Double) -> Double { exp(x) }
package func cosine(_ x: Double) -> Double { cos(x) }
package func sine(_ x: Double) -> Double { sin(x) }
package func power(_ x: Double, _ y: Double) -> Double { pow(x, y) }
package func arcTangent(_ y: Double, _ x: Double) -> Double { atan2(y, x) }
package func tangent(_ x: Double) -> Double { tan(x) }
