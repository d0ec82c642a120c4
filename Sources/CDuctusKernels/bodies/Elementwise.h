// A non-temporal store of a cache line: memory need not be read before it is overwritten.
#define LINE (64 / sizeof(T))
typedef T NAME(half_line) __attribute__((vector_size(32)));

static inline void NAME(stream_line)(const T *values, T *y) {
    NAME(half_line) halves[2];
    memcpy(halves, values, sizeof halves);
    __builtin_nontemporal_store(halves[0], (NAME(half_line) *)y);
    __builtin_nontemporal_store(halves[1], (NAME(half_line) *)y + 1);
}

// Non-temporal stores are not ordered with the stores that signal completion to other threads.
static inline void NAME(stream_end)(void) {
#if defined(__x86_64__)
    __builtin_ia32_sfence();
#endif
}

// y[i] = VALUE for all i, two vectors at a time, to hide the latency of long formulas.
#define FILL(VALUE)                                                                               \
    {                                                                                             \
        size_t first = 0;                                                                         \
        if (streams && (uintptr_t)y % 32 == 0) {                                                  \
            for (; first + LINE <= n; first += LINE) {                                            \
                T line[LINE];                                                                     \
                for (size_t i = first; i < first + LINE; i++) line[i - first] = (VALUE);          \
                NAME(stream_line)(line, y + first);                                               \
            }                                                                                     \
            NAME(stream_end)();                                                                   \
        }                                                                                         \
        _Pragma("clang loop interleave_count(2)") for (size_t i = first; i < n; i++) y[i] = (VALUE); \
    }

#define EACH(F) FILL(F(x[i])) break
#define NEGATE(x) (-(x))
#define SQUARE(x) ((x) * (x))
#define RELU(x) ((x) < 0 ? 0 : (x))
#define RECIPROCAL(x) (1 / (x))

// Functions of the C library, which are not vectorized.
#define CALL(F)                                          \
    for (size_t i = 0; i < n; i++) y[i] = LIBRARY(F)(x[i]); \
    break
// Formulas valid for ordinary numbers; the library handles the rest.
#define EACH_ORDINARY(F)                                                             \
    FILL(NAME(F)(x[i]))                                                              \
    if (!NAME(are_ordinary_angles)(n, x))                                            \
        for (size_t i = 0; i < n; i++)                                               \
            if (!NAME(are_ordinary_angles)(1, x + i)) y[i] = LIBRARY(F)(x[i]);       \
    break
#define SIGN(x) ((x) > 0 ? 1 : (x) < 0 ? -1 : (x) + 0)   // The sum of -0 and 0 is 0, that of NaN is NaN.

// The sigmoid linear unit x σ(x) (Elfwing et al. 2018) and its derivative σ(x) (1 + x (1 − σ(x))).
static inline T NAME(silu)(T x) { return x * NAME(sigmoid)(x); }

static inline T NAME(silu_gradient)(T dy, T x) {
    const T s = NAME(sigmoid)(x);
    return dy * s * (1 + x * (1 - s));
}

static void NAME(unary)(ductus_unary op, size_t n, const void *px, void *py, bool streams) {
    const T *x = px;
    T *y = py;
    switch (op) {
    case DUCTUS_NEGATE: EACH(NEGATE);
    case DUCTUS_ABSOLUTE: EACH(__builtin_elementwise_abs);
    case DUCTUS_SQUARE: EACH(SQUARE);
    case DUCTUS_SQRT: EACH(__builtin_elementwise_sqrt);
    case DUCTUS_EXP: EACH(NAME(exp));
    case DUCTUS_LOG: EACH(NAME(log));
    case DUCTUS_TANH: EACH(NAME(tanh));
    case DUCTUS_SIGMOID: EACH(NAME(sigmoid));
    case DUCTUS_RELU: EACH(RELU);
    case DUCTUS_RECIPROCAL: EACH(RECIPROCAL);
    case DUCTUS_GELU: EACH(NAME(gelu));
    case DUCTUS_SILU: EACH(NAME(silu));
    case DUCTUS_EXP2: CALL(exp2);
    case DUCTUS_EXPM1: CALL(expm1);
    case DUCTUS_LOG2: CALL(log2);
    case DUCTUS_LOG10: CALL(log10);
    case DUCTUS_LOG1P: CALL(log1p);
#if T_IS_FLOAT
    case DUCTUS_SIN: EACH_ORDINARY(sin);
    case DUCTUS_COS: EACH_ORDINARY(cos);
#else
    case DUCTUS_SIN: CALL(sin);
    case DUCTUS_COS: CALL(cos);
#endif
    case DUCTUS_TAN: CALL(tan);
    case DUCTUS_ASIN: CALL(asin);
    case DUCTUS_ACOS: CALL(acos);
    case DUCTUS_ATAN: CALL(atan);
    case DUCTUS_SINH: CALL(sinh);
    case DUCTUS_COSH: CALL(cosh);
    case DUCTUS_ASINH: CALL(asinh);
    case DUCTUS_ACOSH: CALL(acosh);
    case DUCTUS_ATANH: CALL(atanh);
    case DUCTUS_CUBE_ROOT: CALL(cbrt);
    case DUCTUS_ERF: CALL(erf);
    case DUCTUS_SIGN: EACH(SIGN);
    case DUCTUS_FLOOR: EACH(__builtin_elementwise_floor);
    case DUCTUS_CEIL: EACH(__builtin_elementwise_ceil);
    case DUCTUS_ROUND: EACH(__builtin_elementwise_roundeven);
    case DUCTUS_TRUNCATE: EACH(__builtin_elementwise_trunc);
    }
}
#undef CALL
#undef EACH_ORDINARY
#undef SIGN
#undef NEGATE
#undef SQUARE
#undef RELU
#undef RECIPROCAL
#undef EACH

// Common strides have loops of their own: dense with dense, and dense with a repeated number.
#define EACH(F)                                                              \
    if (sa == 1 && sb == 1) {                                                \
        FILL(F(a[i], b[i]))                                                  \
    } else if (sa == 1 && sb == 0) {                                         \
        const T v = b[0];                                                    \
        FILL(F(a[i], v))                                                     \
    } else if (sa == 0 && sb == 1) {                                         \
        const T u = a[0];                                                    \
        FILL(F(u, b[i]))                                                     \
    } else {                                                                 \
        for (size_t i = 0; i < n; i++) y[i] = F(a[(ptrdiff_t)i * sa], b[(ptrdiff_t)i * sb]); \
    }                                                                        \
    break
#define ADD(u, v) ((u) + (v))
#define SUBTRACT(u, v) ((u) - (v))
#define MULTIPLY(u, v) ((u) * (v))
#define DIVIDE(u, v) ((u) / (v))
#define RELU_GRADIENT(u, v) ((v) > 0 ? (u) : 0)
#define TANH_GRADIENT(u, v) ((u) * (1 - (v) * (v)))
#define SIGMOID_GRADIENT(u, v) ((u) * (v) * (1 - (v)))
#define ABSOLUTE_GRADIENT(u, v) ((v) > 0 ? (u) : (v) < 0 ? -(u) : 0)
#define CALL(F)                                                                              \
    for (size_t i = 0; i < n; i++) y[i] = F(a[(ptrdiff_t)i * sa], b[(ptrdiff_t)i * sb]); \
    break

// The remainder of floor division, with the sign of b as in Python; that of C has the sign of a.
static T NAME(modulo)(T a, T b) {
    const T rest = LIBRARY(fmod)(a, b);
    if (rest == 0) return LIBRARY(copysign)(0, b);
    return (rest < 0) != (b < 0) ? rest + b : rest;
}

// The floor of a / b that matches this remainder. The division that computes it may round.
static T NAME(floor_divide)(T a, T b) {
    if (b == 0) return a / b;
    const T rest = LIBRARY(fmod)(a, b);
    T quotient = (a - rest) / b;
    if (rest != 0 && (rest < 0) != (b < 0)) quotient -= 1;
    if (quotient == 0) return LIBRARY(copysign)(0, a / b);
    const T whole = LIBRARY(floor)(quotient);
    return quotient - whole > (T)0.5 ? whole + 1 : whole;
}

// log(e^a + e^b), which is not NaN for equal infinities.
static T NAME(log_add_exp)(T a, T b) {
    if (a == b) return a + (T)M_LN2;
    const T distance = a - b;
    return (distance > 0 ? a : b) + LIBRARY(log1p)(LIBRARY(exp)(distance > 0 ? -distance : distance));
}

static void NAME(binary)(ductus_binary op, size_t n, const void *pa, ptrdiff_t sa, const void *pb, ptrdiff_t sb,
                         void *py, bool streams) {
    const T *a = pa, *b = pb;
    T *y = py;
    switch (op) {
    case DUCTUS_ADD: EACH(ADD);
    case DUCTUS_SUBTRACT: EACH(SUBTRACT);
    case DUCTUS_MULTIPLY: EACH(MULTIPLY);
    case DUCTUS_DIVIDE: EACH(DIVIDE);
    case DUCTUS_MAXIMUM: EACH(NAME(maximum));
    case DUCTUS_MINIMUM: EACH(NAME(minimum));
    case DUCTUS_POWER: CALL(LIBRARY(pow));
    case DUCTUS_ATAN2: CALL(LIBRARY(atan2));
    case DUCTUS_HYPOT: CALL(LIBRARY(hypot));
    case DUCTUS_MODULO: CALL(NAME(modulo));
    case DUCTUS_FLOOR_DIVIDE: CALL(NAME(floor_divide));
    case DUCTUS_LOG_ADD_EXP: CALL(NAME(log_add_exp));
    case DUCTUS_RELU_GRADIENT: EACH(RELU_GRADIENT);
    case DUCTUS_TANH_GRADIENT: EACH(TANH_GRADIENT);
    case DUCTUS_SIGMOID_GRADIENT: EACH(SIGMOID_GRADIENT);
    case DUCTUS_ABSOLUTE_GRADIENT: EACH(ABSOLUTE_GRADIENT);
    case DUCTUS_GELU_GRADIENT: EACH(NAME(gelu_gradient));
    case DUCTUS_SILU_GRADIENT: EACH(NAME(silu_gradient));
    }
}
#undef EACH
#undef CALL

static void NAME(binary_rows)(ductus_binary op, size_t rows, size_t columns, const void *pa, ptrdiff_t a_row,
                              ptrdiff_t sa, const void *pb, ptrdiff_t b_row, ptrdiff_t sb, void *py) {
    const T *a = pa, *b = pb;
    T *y = py;
    for (size_t r = 0; r < rows; r++, a += a_row, b += b_row, y += columns)
        NAME(binary)(op, columns, a, sa, b, sb, y, false);
}

static void NAME(axpby)(size_t n, double alpha, const void *px, double beta, void *py) {
    const T *x = px;
    T *y = py;
    const T a = (T)alpha, b = (T)beta;
    if (b == 0) {
        for (size_t i = 0; i < n; i++) y[i] = a * x[i];
    } else if (b == 1) {
        for (size_t i = 0; i < n; i++) y[i] += a * x[i];
    } else {
        for (size_t i = 0; i < n; i++) y[i] = a * x[i] + b * y[i];
    }
}

static inline T NAME(activate)(ductus_activation activation, T x) {
    switch (activation) {
    case DUCTUS_ACT_RELU: return x < 0 ? 0 : x;
    case DUCTUS_ACT_TANH: return NAME(tanh)(x);
    case DUCTUS_ACT_SIGMOID: return NAME(sigmoid)(x);
    case DUCTUS_ACT_GELU: return NAME(gelu)(x);
    case DUCTUS_ACT_SILU: return NAME(silu)(x);
    default: return x;
    }
}

// A loop for every activation, so that none is chosen inside a loop.
static void NAME(activate_row)(ductus_activation activation, size_t n, T *y) {
#define EACH(A) for (size_t i = 0; i < n; i++) y[i] = NAME(activate)(A, y[i]); break
    switch (activation) {
    case DUCTUS_IDENTITY: break;
    case DUCTUS_ACT_RELU: EACH(DUCTUS_ACT_RELU);
    case DUCTUS_ACT_TANH: EACH(DUCTUS_ACT_TANH);
    case DUCTUS_ACT_SIGMOID: EACH(DUCTUS_ACT_SIGMOID);
    case DUCTUS_ACT_GELU: EACH(DUCTUS_ACT_GELU);
    case DUCTUS_ACT_SILU: EACH(DUCTUS_ACT_SILU);
    }
#undef EACH
}

static void NAME(bias_activation)(size_t rows, size_t columns, const void *pb, ductus_activation activation, void *py) {
    const T *bias = pb;
    for (size_t r = 0; r < rows; r++) {
        T *y = (T *)py + r * columns;
        if (bias) for (size_t c = 0; c < columns; c++) y[c] += bias[c];
        NAME(activate_row)(activation, columns, y);
    }
}

// dx may be dy: every element is read before it is written. (The double precision of GELU calls the C library.)
#if T_IS_FLOAT
#define VECTORIZE _Pragma("clang loop vectorize(assume_safety)")
#else
#define VECTORIZE
#endif
#define EACH(GRADIENT)                                                                             \
    if (dx) {                                                                                      \
        VECTORIZE for (size_t i = 0; i < n; i++) {                                                 \
            const T u = dy[i], v = y[i], gradient = (GRADIENT);                                    \
            (void)v;                                                                               \
            dx[i] = gradient;                                                                      \
            sums[i] += gradient;                                                                   \
        }                                                                                          \
    } else {                                                                                       \
        VECTORIZE for (size_t i = 0; i < n; i++) {                                                 \
            const T u = dy[i], v = y[i], gradient = (GRADIENT);                                    \
            (void)v;                                                                               \
            sums[i] += gradient;                                                                   \
        }                                                                                          \
    }                                                                                              \
    break

static inline void NAME(gradient_and_sums)(ductus_activation activation, size_t n, const T *y, const T *dy, T *dx,
                                           T *sums) {
    switch (activation) {
    case DUCTUS_IDENTITY: EACH(u);
    case DUCTUS_ACT_RELU: EACH(RELU_GRADIENT(u, v));
    case DUCTUS_ACT_TANH: EACH(TANH_GRADIENT(u, v));
    case DUCTUS_ACT_SIGMOID: EACH(SIGMOID_GRADIENT(u, v));
    case DUCTUS_ACT_GELU: EACH(NAME(gelu_gradient)(u, v));
    case DUCTUS_ACT_SILU: EACH(NAME(silu_gradient)(u, v));
    }
}
#undef VECTORIZE
#undef EACH

// Narrow rows are processed several at a time, so that no sum waits for the previous one.
#define WIDE 64
static void NAME(activation_gradient)(ductus_activation activation, size_t rows, size_t columns, const void *py,
                                      const void *pdy, void *pdx, void *psums) {
    const T *y = py, *dy = pdy;
    T *dx = pdx, *sums = psums, wide[2 * WIDE] = {0};
    const size_t merged = columns < WIDE ? WIDE / columns : 1, together = columns < WIDE ? rows / merged : 0;
    const size_t width = merged * columns, first = together * merged;
    for (size_t r = 0; r < together; r++)
        NAME(gradient_and_sums)(activation, width, y + r * width, dy + r * width, dx ? dx + r * width : NULL, wide);
    for (size_t c = 0; c < columns; c++) sums[c] = 0;
    if (together > 0)
        for (size_t j = 0; j < merged; j++)
            for (size_t c = 0; c < columns; c++) sums[c] += wide[j * columns + c];
    for (size_t r = first; r < rows; r++)
        NAME(gradient_and_sums)(activation, columns, y + r * columns, dy + r * columns,
                                dx ? dx + r * columns : NULL, sums);
}
#undef WIDE
#undef ADD
#undef SUBTRACT
#undef MULTIPLY
#undef DIVIDE
#undef RELU_GRADIENT
#undef TANH_GRADIENT
#undef SIGMOID_GRADIENT
#undef ABSOLUTE_GRADIENT
#undef FILL
#undef LINE
