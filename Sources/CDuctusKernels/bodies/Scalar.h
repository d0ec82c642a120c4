// Scalar mathematics that the compiler can turn into vector code: no branches, no calls, no tables.
#include <math.h>
#include <string.h>

#if T_IS_FLOAT

// Cody-Waite reduction and the Cephes polynomial (Moshier, expf); within 2 ulp. Overflows to infinity, underflows to 0.
static inline T NAME(exp)(T x) {
    T n = x * 1.44269504088896341f + 12582912.0f;
    int32_t bits;
    memcpy(&bits, &n, 4);
    n -= 12582912.0f;
    T r = x - n * 0.693359375f + n * 2.12194440e-4f;
    T p = 1.9875691500E-4f;
    p = p * r + 1.3981999507E-3f;
    p = p * r + 8.3334519073E-3f;
    p = p * r + 4.1665795894E-2f;
    p = p * r + 1.6666665459E-1f;
    p = p * r + 5.0000001201E-1f;
    p = p * r * r + r + 1.0f;
    // 2^n in two factors, so that n = 128 does not overflow early.
    int32_t k = bits - 0x4B400000, half = k >> 1;
    int32_t low = (half + 127) << 23, high = (k - half + 127) << 23;
    T a, b;
    memcpy(&a, &low, 4);
    memcpy(&b, &high, 4);
    T y = p * a * b;
    y = x > 88.72283f ? INFINITY : y;
    y = x < -87.33654f ? 0.0f : y;
    return x != x ? x : y;
}

// Cephes logf; within 2 ulp for normal numbers. log 0 = -infinity, log of a negative number is not a number.
static inline T NAME(log)(T x) {
    int32_t bits;
    T y = x < 1.17549435e-38f ? 1.17549435e-38f : x;
    memcpy(&bits, &y, 4);
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
    p = p * m * z - 2.12194440e-4f * e - 0.5f * z + m + 0.693359375f * e;
    p = x == INFINITY ? x : p;
    p = x <= 0.0f ? -INFINITY : p;
    p = x < 0.0f ? NAN : p;
    return x != x ? x : p;
}

// Near zero a polynomial keeps the relative accuracy that 1 - 2 / (exp(2x) + 1) would lose (Cephes tanhf).
static inline T NAME(tanh)(T x) {
    T z = x * x;
    T p = -5.70498872745E-3f;
    p = p * z + 2.06390887954E-2f;
    p = p * z - 5.37397155531E-2f;
    p = p * z + 1.33314422036E-1f;
    p = p * z - 3.33332819422E-1f;
    p = p * z * x + x;
    T large = 1.0f - 2.0f / (NAME(exp)(2.0f * x) + 1.0f);
    return z < 0.390625f ? p : large;
}

#else

static inline T NAME(exp)(T x) { return exp(x); }
static inline T NAME(log)(T x) { return log(x); }
static inline T NAME(tanh)(T x) { return tanh(x); }

#endif

static inline T NAME(sigmoid)(T x) { return (T)1 / ((T)1 + NAME(exp)(-x)); }
static inline T NAME(maximum)(T a, T b) { return a > b || a != a ? a : b; }
static inline T NAME(minimum)(T a, T b) { return a < b || a != a ? a : b; }

static inline T NAME(activate)(ductus_activation activation, T x) {
    switch (activation) {
    case DUCTUS_ACT_RELU: return x < 0 ? 0 : x;
    case DUCTUS_ACT_TANH: return NAME(tanh)(x);
    case DUCTUS_ACT_SIGMOID: return NAME(sigmoid)(x);
    default: return x;
    }
}
