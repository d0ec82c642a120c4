// The Gaussian error linear unit x Φ(x) (Hendrycks and Gimpel 2016) and its derivative Φ(x) + x φ(x).
#if T_IS_FLOAT

// Here e^(-a²/2) is 2^-127, whose exponent bits are zero: 0. (Infinity times zero would be NaN.)
static inline T NAME(magnitude_to_end)(T x) {
    const T a = x < 0 ? -x : x;
    return a > 13.268f ? 13.268f : a;
}

// e^(-a²/2) as a power of two: minimax polynomial for the fraction, the integer in the exponent.
static inline T NAME(bell)(T a) {
    const T round = 12582912.0f + 127, t = a * a * -0.721347520444481704f, rounded = t + round;
    const T f = t - (rounded - round);
    T p = 1.534581160e-4f;
    p = p * f + 1.339993122e-3f;
    p = p * f + 9.618488959e-3f;
    p = p * f + 5.550328777e-2f;
    p = p * f + 2.402264689e-1f;
    p = p * f + 6.931472057e-1f;
    p = p * f + 1.0f;
    return p * NAME(power_of_two)(rounded);
}

// Φ(-a) e^(a²/2) for 0 <= a <= 13.3, by a rational function with positive coefficients: relative error below 1e-8
// before rounding. No cancellation where erf is close to -1.
static inline T NAME(scaled_tail)(T a) {
    T p = 4.02863e-3f;
    p = p * a + 4.004135e-2f;
    p = p * a + 1.8147704e-1f;
    p = p * a + 4.3591736e-1f;
    p = p * a + 0.5f;
    T q = 1.009813e-2f;
    q = q * a + 1.0037608e-1f;
    q = q * a + 4.6482973e-1f;
    q = q * a + 1.19519341f;
    q = q * a + 1.66971964f;
    q = q * a + 1.0f;
    return p / q;
}

static inline T NAME(gelu)(T x) {
    const T a = NAME(magnitude_to_end)(x);
    return (x < 0 ? 0 : x) - a * NAME(bell)(a) * NAME(scaled_tail)(a);
}

static inline T NAME(gelu_gradient)(T dy, T x) {
    const T a = NAME(magnitude_to_end)(x), bell = NAME(bell)(a), tail = bell * NAME(scaled_tail)(a);
    const T slope = a * bell * 0.398942280f;
    return dy * (x < 0 ? tail - slope : 1 - tail + slope);
}

#else

// Beyond, Φ and φ are 0 or 1. (Infinity times zero would be NaN.)
static inline T NAME(bounded)(T x) { return x < -40 ? -40 : x > 40 ? 40 : x; }

static inline T NAME(gelu)(T x) { return x < -40 ? 0 : x * 0.5 * erfc(-x * M_SQRT1_2); }

static inline T NAME(gelu_gradient)(T dy, T x) {
    const T a = NAME(bounded)(x);
    return dy * (0.5 * erfc(-a * M_SQRT1_2) + a * exp(a * a * -0.5) * 0.398942280401432678);
}

#endif
