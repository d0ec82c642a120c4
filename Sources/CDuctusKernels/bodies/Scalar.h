// Scalar math that the compiler can vectorize: no branches, no calls, no tables.
#include <math.h>
#include <string.h>

// The C library's function for T.
#if T_IS_FLOAT
#define LIBRARY(name) name##f
#else
#define LIBRARY(name) name
#endif

#if T_IS_FLOAT

// Adding this number rounds to an integer n, and leaves n + 127 in the lowest bits: the exponent of 2^n.
#define ROUND (12582912.0f + 127)

static inline T NAME(power_of_two)(T rounded) {
    uint32_t bits;
    memcpy(&bits, &rounded, 4);
    bits <<= 23;
    memcpy(&rounded, &bits, 4);
    return rounded;
}

// e^r = 2^n e^(r - n ln 2), the second factor by a minimax polynomial. Within 2 ulp from -87.3 to 88.3.
#define REDUCED_EXP(X)                                                           \
    const T rounded = (X) * 1.44269504088896341f + ROUND, n = rounded - ROUND;   \
    const T r = (X) - n * 0.693359375f + n * 2.12194440e-4f;                     \
    T p = 1.381454004e-3f;                                                       \
    p = p * r + 8.368745111e-3f;                                                 \
    p = p * r + 4.166839079e-2f;                                                 \
    p = p * r + 1.666652040e-1f;                                                 \
    p = p * r + 4.999999343e-1f;                                                 \
    p = p * r + 1.0f;                                                            \
    p = p * r + 1.0f;

// Overflows to infinity, underflows to 0.
static inline T NAME(exp)(T x) {
    REDUCED_EXP(x)
    // 2^128 overflows, but the product may not: n is added to the exponent of p.
    uint32_t bits, power;
    memcpy(&bits, &p, 4);
    memcpy(&power, &rounded, 4);
    bits += (power << 23) - (127u << 23);
    memcpy(&p, &bits, 4);
    p = x < -87.33654f ? 0.0f : p;
    return x <= 88.72283f ? p : x + INFINITY;
}

// Only for x <= 0: three fewer operations.
static inline T NAME(exp_of_negative)(T x) {
    const T bounded = x < -88.0f ? -88.0f : x;
    REDUCED_EXP(bounded)
    return p * NAME(power_of_two)(rounded);
}
#undef REDUCED_EXP

// Cephes logf, for positive normal numbers. Within 2 ulp.
static inline T NAME(log_of_normal)(T x) {
    int32_t bits;
    memcpy(&bits, &x, 4);
    int32_t exponent = (bits >> 23) - 126;
    int32_t mantissa = (bits & 0x007FFFFF) | 0x3F000000;
    T m;
    memcpy(&m, &mantissa, 4);
    int32_t small = m < 0.707106781186547524f;
    T e = (T)(exponent - small);
    m = (small ? m + m : m) - 1.0f;
    T z = m * m;
    T p = 7.0376836292E-2f;
    p = p * m - 1.1514610310E-1f;
    p = p * m + 1.1676998740E-1f;
    p = p * m - 1.2420140846E-1f;
    p = p * m + 1.4249322787E-1f;
    p = p * m - 1.6668057665E-1f;
    p = p * m + 2.0000714765E-1f;
    p = p * m - 2.4999993993E-1f;
    p = p * m + 3.3333331174E-1f;
    return p * m * z - 2.12194440e-4f * e - 0.5f * z + m + 0.693359375f * e;
}

// log 0 = -infinity, and NaN for negative numbers. Subnormal numbers count as the smallest normal one.
static inline T NAME(log)(T x) {
    T y = NAME(log_of_normal)(x < 1.17549435e-38f ? 1.17549435e-38f : x);
    y = x == INFINITY ? x : y;
    y = x <= 0.0f ? -INFINITY : y;
    y = x < 0.0f ? NAN : y;
    return x != x ? x : y;
}

// e^2x = 2^n (1 + t) / (1 - t) with t = tanh(x - n ln 2 / 2), a short odd polynomial: one division, and no
// cancellation near zero. Within 3 ulp.
static inline T NAME(tanh)(T x) {
    T bounded = x > 10.0f ? 10.0f : x;
    bounded = bounded < -10.0f ? -10.0f : bounded;
    const T rounded = bounded * 2.88539008177792681f + ROUND;
    const T r = bounded - (rounded - ROUND) * 0.346573590279972655f, q = r * r;
    const T t = (0.1311023520f * q - 0.3333126483f) * (q * r) + r;
    const T power = NAME(power_of_two)(rounded);
    const T y = (t * (power + 1) + (power - 1)) / (t * (power - 1) + (power + 1));
    // Only for -0 the quotient is of the other sign. Setting the bit is cheaper than a choice or copysign.
    uint32_t bits, sign;
    memcpy(&bits, &y, 4);
    memcpy(&sign, &x, 4);
    bits |= sign & 0x80000000u;
    T result;
    memcpy(&result, &bits, 4);
    return result;
}

// e^-x = 2^n (1 - t) / (1 + t) with t = tanh(r / 2), r = x + n ln 2. Within 3 ulp from -88 on; 0 below.
static inline T NAME(sigmoid)(T x) {
    T bounded = x > 30.0f ? 30.0f : x;
    bounded = bounded < -89.0f ? -89.0f : bounded;
    const T rounded = bounded * -1.44269504088896341f + ROUND, n = rounded - ROUND;
    const T r = n * 0.693359375f + bounded - n * 2.12194440e-4f, q = r * r;
    const T t = r * (q * (q * 4.09694850e-3f - 4.16640810e-2f) + 0.5f);
    return (1 + t) / (NAME(power_of_two)(rounded) * (1 - t) + (1 + t));
}
#undef ROUND

// x = n π/2 + r with r in double precision: n times the first part of π/2 is exact, and no digits are lost where x is
// close to a multiple. Then the polynomials of Cephes sinf and cosf, by the quadrant. Within 2 ulp.
static inline T NAME(sin_from_quadrant)(T x, uint32_t first) {
    const double round = 6755399441055744.0, shifted = x * 0.636619772367581343 + round, n = shifted - round;
    const T r = (T)(x - n * 1.57079632580280304 - n * 9.92093579680540441e-10), z = r * r;
    uint64_t bits;
    memcpy(&bits, &shifted, 8);
    const uint32_t quadrant = (uint32_t)bits + first;
    const T sine = ((-1.9515295891e-4f * z + 8.3321608736e-3f) * z - 1.6666654611e-1f) * z * r + r;
    const T cosine =
        ((2.443315711809948e-5f * z - 1.388731625493765e-3f) * z + 4.166664568298827e-2f) * z * z - 0.5f * z + 1;
    const T y = quadrant & 1 ? cosine : sine;
    return quadrant & 2 ? -y : y;
}

static inline T NAME(sin)(T x) { return x == 0 ? x : NAME(sin_from_quadrant)(x, 0); }   // -0 keeps its sign
static inline T NAME(cos)(T x) { return NAME(sin_from_quadrant)(x, 1); }

// Whether n above is small enough.
static inline bool NAME(are_ordinary_angles)(size_t n, const T *x) {
    uint32_t extraordinary = 0;
    for (size_t i = 0; i < n; i++) extraordinary |= !(x[i] > -1e8f && x[i] < 1e8f);
    return !extraordinary;
}

#else

static inline T NAME(exp)(T x) { return exp(x); }
static inline T NAME(exp_of_negative)(T x) { return exp(x); }
static inline T NAME(log)(T x) { return log(x); }
static inline T NAME(log_of_normal)(T x) { return log(x); }
static inline T NAME(tanh)(T x) { return tanh(x); }
static inline T NAME(sigmoid)(T x) { return 1 / (1 + exp(-x)); }

#endif

static inline T NAME(maximum)(T a, T b) { return a > b || a != a ? a : b; }
static inline T NAME(minimum)(T a, T b) { return a < b || a != a ? a : b; }
