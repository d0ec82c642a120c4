// Per-column statistics of a matrix (sums, moments), the maps that use them, and normalization within rows.
//
// Few columns make short rows. Several rows side by side form one long row over which the column statistics repeat, so
// that loops are long and consist of whole vectors for any number of columns. Many columns are processed in strips.
#define SHORT 64
#define LONG 1024

// A strip of a matrix as long rows: `abreast` rows side by side, `width` elements in total.
typedef struct {
    size_t columns, abreast, width, stride;
} NAME(strip);

static inline NAME(strip) NAME(strip_at)(size_t columns, size_t first) {
    NAME(strip) s = {.columns = columns - first < LONG ? columns - first : LONG, .abreast = 1};
    if (columns < SHORT)
        while (s.abreast * columns < SHORT || s.abreast * columns % 8) s.abreast++;
    s.width = s.abreast * s.columns;
    s.stride = s.abreast * columns;
    return s;
}

// The number of rows that fit the L1 cache, whose sums are computed in the precision of the elements.
static inline size_t NAME(rows_at_once)(const NAME(strip) *s) {
    const size_t rows = 8192 / s->width;
    return s->abreast * (rows < 4 ? 4 : rows);
}

static inline void NAME(repeat)(const NAME(strip) *s, const T *values, T *repeated) {
    for (size_t a = 0; a < s->abreast; a++) memcpy(repeated + a * s->columns, values, s->columns * sizeof(T));
}

static inline void NAME(fold)(const NAME(strip) *s, T *sums) {
    for (size_t a = 1; a < s->abreast; a++)
        for (size_t c = 0; c < s->columns; c++) sums[c] += sums[a * s->columns + c];
}

// For every column `j` of a strip, the sum of TERM for elements `i` over `rows` rows.
#define SUM_ROWS(s, rows, SUMS, TERM)                                                            \
    do {                                                                                         \
        const size_t count = (rows) / (s).abreast, rest = (rows) % (s).abreast * (s).columns;    \
        size_t row = 0;                                                                          \
        memset(SUMS, 0, (s).width * sizeof(T));                                                  \
        for (; (s).width < 2 * SHORT && row + 4 <= count; row += 4)                              \
            for (size_t j = 0; j < (s).width; j++) {                                             \
                T four = 0;                                                                      \
                _Pragma("clang loop unroll(full)") for (size_t q = 0; q < 4; q++) {              \
                    const size_t i = (row + q) * (s).stride + j;                                 \
                    four += (TERM);                                                              \
                }                                                                                \
                (SUMS)[j] += four;                                                               \
            }                                                                                    \
        for (; row <= count; row++)                                                              \
            for (size_t j = 0; j < (row < count ? (s).width : rest); j++) {                      \
                const size_t i = row * (s).stride + j;                                           \
                (SUMS)[j] += (TERM);                                                             \
            }                                                                                    \
        NAME(fold)(&(s), SUMS);                                                                  \
    } while (0)

static void NAME(column_sums)(size_t rows, size_t columns, const void *px, double *sums) {
    for (size_t first = 0; first < columns; first += LONG) {
        const NAME(strip) s = NAME(strip_at)(columns, first);
        const size_t step = NAME(rows_at_once)(&s);
        T sum[LONG];
        for (size_t c = 0; c < s.columns; c++) sums[first + c] = 0;
        for (size_t start = 0; start < rows; start += step) {
            const T *x = (const T *)px + start * columns + first;
            SUM_ROWS(s, rows - start < step ? rows - start : step, sum, x[i]);
            for (size_t c = 0; c < s.columns; c++) sums[first + c] += (double)sum[c];
        }
    }
}

static void NAME(join_moments)(size_t columns, size_t rows, double *means, double *squares, size_t more_rows,
                               const double *more_means, const double *more_squares) {
    const double share = (double)more_rows / (double)(rows + more_rows), weight = share * (double)rows;
    for (size_t c = 0; c < columns; c++) {
        const double distance = more_means[c] - means[c];
        means[c] += distance * share;
        squares[c] += more_squares[c] + distance * distance * weight;
    }
}

static void NAME(column_moments)(size_t rows, size_t columns, const void *px, double *means, double *squares) {
    for (size_t first = 0; first < columns; first += LONG) {
        const NAME(strip) s = NAME(strip_at)(columns, first);
        const size_t step = NAME(rows_at_once)(&s);
        T mean[LONG], sum[LONG];
        double more_means[LONG], more_squares[LONG];
        for (size_t c = 0; c < s.columns; c++) means[first + c] = squares[first + c] = 0;
        for (size_t start = 0; start < rows; start += step) {
            const T *x = (const T *)px + start * columns + first;
            const size_t n = rows - start < step ? rows - start : step;
            SUM_ROWS(s, n, sum, x[i]);
            for (size_t c = 0; c < s.columns; c++) more_means[c] = (double)(sum[c] /= (T)n);
            NAME(repeat)(&s, sum, mean);
            SUM_ROWS(s, n, sum, (x[i] - mean[j]) * (x[i] - mean[j]));
            for (size_t c = 0; c < s.columns; c++) more_squares[c] = (double)sum[c];
            NAME(join_moments)(s.columns, start, means + first, squares + first, n, more_means, more_squares);
        }
    }
}

static void NAME(norm_coefficients)(size_t columns, const double *mean, const double *variance, double epsilon,
                                    const void *pgamma, const void *pbeta, void *pscale, void *pshift) {
    const T *gamma = pgamma, *beta = pbeta;
    T *scale = pscale, *shift = pshift;
    for (size_t c = 0; c < columns; c++) {
        const double factor = (double)gamma[c] / sqrt(variance[c] + epsilon);
        scale[c] = (T)factor;
        shift[c] = (T)((double)beta[c] - factor * mean[c]);
    }
}

static void NAME(norm_gradient_coefficients)(size_t rows, size_t columns, const double *mean, const double *variance,
                                             double epsilon, const void *pgamma, const double *sums,
                                             const double *products, void *pslope, void *pconstant, void *pd_gamma,
                                             void *pd_beta) {
    const T *gamma = pgamma;
    T *slope = pslope, *constant = pconstant, *d_gamma = pd_gamma, *d_beta = pd_beta;
    for (size_t c = 0; c < columns; c++) {
        const double inverse = 1 / sqrt(variance[c] + epsilon), factor = (double)gamma[c] * inverse;
        // dx = factor (g - mean(g) - x̂ mean(g x̂)), collected by powers of x.
        const double b = -factor * inverse * inverse * products[c] / (double)rows;
        slope[c] = (T)b;
        constant[c] = (T)(-factor * sums[c] / (double)rows - b * mean[c]);
        d_gamma[c] = (T)(products[c] * inverse);
        d_beta[c] = (T)sums[c];
    }
}

// The gradient before an activation, from the gradient after it and the pre-activation.
static inline T NAME(through)(ductus_activation activation, T z, T dy) {
    switch (activation) {
    case DUCTUS_ACT_RELU: return z > 0 ? dy : 0;
    case DUCTUS_ACT_TANH: z = NAME(tanh)(z); return dy * (1 - z * z);
    case DUCTUS_ACT_SIGMOID: z = NAME(sigmoid)(z); return dy * z * (1 - z);
    case DUCTUS_ACT_GELU: return NAME(gelu_gradient)(dy, z);
    case DUCTUS_ACT_SILU: return NAME(silu_gradient)(dy, z);
    default: return dy;
    }
}

// A separate loop for every activation A, so that none is selected inside the loop.
#define EACH_ACTIVATION(activation, LOOP)                                                       \
    switch (activation) {                                                                       \
    case DUCTUS_IDENTITY: { const ductus_activation A = DUCTUS_IDENTITY; LOOP; } break;         \
    case DUCTUS_ACT_RELU: { const ductus_activation A = DUCTUS_ACT_RELU; LOOP; } break;         \
    case DUCTUS_ACT_TANH: { const ductus_activation A = DUCTUS_ACT_TANH; LOOP; } break;         \
    case DUCTUS_ACT_SIGMOID: { const ductus_activation A = DUCTUS_ACT_SIGMOID; LOOP; } break;   \
    case DUCTUS_ACT_GELU: { const ductus_activation A = DUCTUS_ACT_GELU; LOOP; } break;         \
    case DUCTUS_ACT_SILU: { const ductus_activation A = DUCTUS_ACT_SILU; LOOP; } break;         \
    }

typedef T NAME(line) __attribute__((ext_vector_type(32 / sizeof(T))));
#define LANES (32 / sizeof(T))

// Y = VALUE for every element `i` in column `j` of a strip; with non-temporal stores if Y `streams`.
#define MAP_ROWS(s, rows, streams, Y, VALUE)                                                     \
    do {                                                                                         \
        const size_t count = (rows) / (s).abreast, rest = (rows) % (s).abreast * (s).columns;    \
        const bool isAligned = ((uintptr_t)(Y) | (s).stride * sizeof(T)) % 32 == 0;              \
        for (size_t row = 0; row <= count; row++) {                                              \
            const size_t width = row < count ? (s).width : rest, start = row * (s).stride;       \
            size_t first = 0;                                                                    \
            for (; (streams) && isAligned && first + LANES <= width; first += LANES) {           \
                NAME(line) values;                                                               \
                _Pragma("clang loop unroll(full)") for (size_t q = 0; q < LANES; q++) {          \
                    const size_t j = first + q, i = start + j;                                   \
                    values[q] = (VALUE);                                                         \
                }                                                                                \
                __builtin_nontemporal_store(values, (NAME(line) *)((Y) + start + first));        \
            }                                                                                    \
            for (size_t j = first; j < width; j++) {                                             \
                const size_t i = start + j;                                                      \
                (Y)[i] = (VALUE);                                                                \
            }                                                                                    \
        }                                                                                        \
        if (streams) NAME(stream_end)();                                                         \
    } while (0)

static void NAME(column_affine)(size_t rows, size_t columns, const void *px, const void *pscale, const void *pshift,
                                ductus_activation activation, bool streams, void *py) {
    for (size_t first = 0; first < columns; first += LONG) {
        const NAME(strip) s = NAME(strip_at)(columns, first);
        const T *x = (const T *)px + first;
        T *y = (T *)py + first;
        T scale[LONG], shift[LONG];
        NAME(repeat)(&s, (const T *)pscale + first, scale);
        NAME(repeat)(&s, (const T *)pshift + first, shift);
        EACH_ACTIVATION(activation,
                        MAP_ROWS(s, rows, streams, y, NAME(activate)(A, x[i] * scale[j] + shift[j])))
    }
}

static void NAME(column_affine_sums)(size_t rows, size_t columns, const void *px, const double *means,
                                     const void *pscale, const void *pshift, ductus_activation activation,
                                     const void *pdy, double *sums, double *products) {
    for (size_t first = 0; first < columns; first += LONG) {
        const NAME(strip) s = NAME(strip_at)(columns, first);
        const size_t step = NAME(rows_at_once)(&s);
        T mean[LONG], scale[LONG], shift[LONG], sum[LONG], product[LONG];
        for (size_t c = 0; c < s.columns; c++) sum[c] = (T)means[first + c];
        NAME(repeat)(&s, sum, mean);
        NAME(repeat)(&s, (const T *)pscale + first, scale);
        NAME(repeat)(&s, (const T *)pshift + first, shift);
        for (size_t c = 0; c < s.columns; c++) sums[first + c] = products[first + c] = 0;
        for (size_t start = 0; start < rows; start += step) {
            const T *x = (const T *)px + start * columns + first, *dy = (const T *)pdy + start * columns + first;
            const size_t n = rows - start < step ? rows - start : step;
            EACH_ACTIVATION(activation, {
                SUM_ROWS(s, n, sum, NAME(through)(A, x[i] * scale[j] + shift[j], dy[i]));
                SUM_ROWS(s, n, product, NAME(through)(A, x[i] * scale[j] + shift[j], dy[i]) * (x[i] - mean[j]));
            })
            for (size_t c = 0; c < s.columns; c++) {
                sums[first + c] += (double)sum[c];
                products[first + c] += (double)product[c];
            }
        }
    }
}

static void NAME(column_affine_gradient)(size_t rows, size_t columns, const void *px, const void *pscale,
                                         const void *pshift, ductus_activation activation, const void *pdy,
                                         const void *pslope, const void *pconstant, bool streams, void *pdx) {
    for (size_t first = 0; first < columns; first += LONG) {
        const NAME(strip) s = NAME(strip_at)(columns, first);
        const T *x = (const T *)px + first, *dy = (const T *)pdy + first;
        T *dx = (T *)pdx + first;
        T scale[LONG], shift[LONG], slope[LONG], constant[LONG];
        NAME(repeat)(&s, (const T *)pscale + first, scale);
        NAME(repeat)(&s, (const T *)pshift + first, shift);
        NAME(repeat)(&s, (const T *)pslope + first, slope);
        NAME(repeat)(&s, (const T *)pconstant + first, constant);
        EACH_ACTIVATION(activation,
                        MAP_ROWS(s, rows, streams, dx,
                                 scale[j] * NAME(through)(A, x[i] * scale[j] + shift[j], dy[i])
                                     + slope[j] * x[i] + constant[j]))
    }
}
#undef LANES
#undef MAP_ROWS
#undef SUM_ROWS
#undef EACH_ACTIVATION
#undef SHORT
#undef LONG

typedef T NAME(loose_line) __attribute__((ext_vector_type(32 / sizeof(T)), aligned(sizeof(T))));
#define LANES (32 / sizeof(T))
#define VECTOR(p) (*(const NAME(loose_line) *)((p) + i))
#define SCALAR(p) ((p)[i])

static inline T NAME(sum_of_lanes)(const NAME(line) *v) {
    const NAME(line) x = *v;
#if T_IS_FLOAT
    return ((x[0] + x[4]) + (x[1] + x[5])) + ((x[2] + x[6]) + (x[3] + x[7]));
#else
    return (x[0] + x[2]) + (x[1] + x[3]);
#endif
}

// The sum of TERM over a row of `n` elements, in an order that depends only on `n`: four vectors of running sums.
#define SUM_ROW(n, SUM, TERM)                                                                    \
    do {                                                                                         \
        NAME(line) sums[4] = {0, 0, 0, 0};                                                       \
        T rest = 0;                                                                              \
        size_t i = 0;                                                                            \
        while (i + 4 * LANES <= (n)) {                                                           \
            _Pragma("clang loop unroll(full)") for (int v = 0; v < 4; v++, i += LANES)           \
                sums[v] += TERM(VECTOR);                                                         \
        }                                                                                        \
        for (; i + LANES <= (n); i += LANES) sums[0] += TERM(VECTOR);                            \
        for (; i < (n); i++) rest += TERM(SCALAR);                                               \
        sums[0] = (sums[0] + sums[1]) + (sums[2] + sums[3]);                                     \
        SUM = rest + NAME(sum_of_lanes)(sums);                                                   \
    } while (0)

// Ba, Kiros and Hinton 2016: every row is normalized by its own moments.
static void NAME(layer_norm)(size_t rows, size_t columns, const void *px, const void *pscale, const void *pshift,
                             double epsilon, void *py, void *pmeans, void *pinverses) {
    const T *scale = pscale, *shift = pshift;
    for (size_t r = 0; r < rows; r++) {
        const T *x = (const T *)px + r * columns;
        T *y = (T *)py + r * columns, sum, squares;
#define ELEMENT(AT) AT(x)
#define SQUARED_DISTANCE(AT) (AT(x) - mean) * (AT(x) - mean)
        SUM_ROW(columns, sum, ELEMENT);
        const T mean = sum / (T)columns;
        SUM_ROW(columns, squares, SQUARED_DISTANCE);
        const T inverse = 1 / __builtin_elementwise_sqrt(squares / (T)columns + (T)epsilon);
        for (size_t i = 0; i < columns; i++) y[i] = (x[i] - mean) * inverse * scale[i] + shift[i];
        ((T *)pmeans)[r] = mean;
        ((T *)pinverses)[r] = inverse;
#undef ELEMENT
#undef SQUARED_DISTANCE
    }
}

static void NAME(layer_norm_gradient)(size_t rows, size_t columns, const void *px, const void *pmeans,
                                      const void *pinverses, const void *pscale, const void *pdy, void *pdx,
                                      void *pd_scale, void *pd_shift) {
    const T *scale = pscale;
    T *d_scale = pd_scale, *d_shift = pd_shift;
    for (size_t i = 0; i < columns; i++) d_scale[i] = d_shift[i] = 0;
    for (size_t r = 0; r < rows; r++) {
        const T *x = (const T *)px + r * columns, *dy = (const T *)pdy + r * columns;
        const T mean = ((const T *)pmeans)[r], inverse = ((const T *)pinverses)[r];
        T *dx = (T *)pdx + r * columns, sum, product;
#define GRADIENT(AT) AT(dy) * AT(scale)
#define PRODUCT(AT) AT(dy) * AT(scale) * (AT(x) - mean)
        SUM_ROW(columns, sum, GRADIENT);
        SUM_ROW(columns, product, PRODUCT);
        // dx = inverse (g - mean(g) - x̂ mean(g x̂)), with g = dy scale and x̂ = (x - mean) inverse
        const T average = sum / (T)columns, slope = product / (T)columns * inverse * inverse;
        _Pragma("clang loop vectorize(assume_safety)") for (size_t i = 0; i < columns; i++) {
            const T distance = x[i] - mean;
            dx[i] = inverse * (dy[i] * scale[i] - average - distance * slope);
            d_scale[i] += dy[i] * distance * inverse;
            d_shift[i] += dy[i];
        }
#undef GRADIENT
#undef PRODUCT
    }
}
#undef SUM_ROW
#undef VECTOR
#undef SCALAR
#undef LANES
