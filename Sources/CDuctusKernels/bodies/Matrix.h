// Products with a matrix that is packed once and used many times: weights. BLAS would pack it at every call.
typedef T V __attribute__((ext_vector_type(32 / sizeof(T))));
typedef T VU __attribute__((ext_vector_type(32 / sizeof(T)), aligned(sizeof(T))));
#define L (32 / sizeof(T))
#define UNROLL _Pragma("clang loop unroll(full)")

static size_t NAME(packed_count)(size_t depth, size_t columns) { return depth * ((columns + L - 1) / L * L); }

// Panels of 2L columns (the last may be of L), each [depth][width], zero beyond the last column.
static void NAME(pack)(size_t depth, size_t columns, const void *pw, size_t depth_step, size_t column_step,
                       void *ppacked) {
    T *packed = ppacked;
    for (size_t k = 0; k < columns;) {
        const size_t width = columns - k > L ? 2 * L : L;
        const size_t used = columns - k < width ? columns - k : width;
        for (size_t d = 0; d < depth; d++, packed += width) {
            const T *w = (const T *)pw + d * depth_step + k * column_step;
            if (column_step == 1)
                for (size_t i = 0; i < used; i++) packed[i] = w[i];
            else
                for (size_t i = 0; i < used; i++) packed[i] = w[i * column_step];
            for (size_t i = used; i < width; i++) packed[i] = 0;
        }
        k += width;
    }
}

// Passed by address: a vector returned by value would depend on the instruction set.
__attribute__((always_inline)) static inline void NAME(activate_vector)(ductus_activation activation, V *x) {
    if (activation == DUCTUS_ACT_RELU) {
        *x = *x < 0 ? (V)(T)0 : *x;
    } else if (activation != DUCTUS_IDENTITY) {
        UNROLL for (size_t i = 0; i < L; i++) (*x)[i] = NAME(activate)(activation, (*x)[i]);
    }
}

// What becomes of a row of sums: added to what is there, moved by the bias, bent by the activation.
typedef struct {
    const T *bias;
    ductus_activation activation;
    bool adds;
} NAME(finish);

__attribute__((always_inline)) static inline void NAME(store)(const V *sums, size_t vectors, size_t columns,
                                                              const NAME(finish) *finish, T *y) {
    if (columns == vectors * L) {
        for (size_t v = 0; v < vectors; v++) {
            V x = sums[v];
            if (finish->adds) x += *(const VU *)(y + v * L);
            if (finish->bias) x += *(const VU *)(finish->bias + v * L);
            NAME(activate_vector)(finish->activation, &x);
            *(VU *)(y + v * L) = x;
        }
    } else {
        const T *x = (const T *)sums;
        for (size_t k = 0; k < columns; k++) {
            T value = x[k];
            if (finish->adds) value += y[k];
            if (finish->bias) value += finish->bias[k];
            y[k] = NAME(activate)(finish->activation, value);
        }
    }
}

// ROWS x VECTORS sums in registers: one broadcast and VECTORS products a row and step.
#define MULTIPLY_TILE(ROWS, VECTORS)                                                                              \
    __attribute__((always_inline)) static inline void NAME(multiply_##ROWS##_##VECTORS)(                          \
        size_t depth, const T *x, size_t step, const T *w, V sums[ROWS][VECTORS]) {                               \
        UNROLL for (int p = 0; p < ROWS; p++) UNROLL for (int v = 0; v < VECTORS; v++) sums[p][v] = (V)(T)0;      \
        const T *base[(ROWS + 2) / 3];   /* three rows a base: addressing needs no more registers */              \
        UNROLL for (int b = 0; b < (ROWS + 2) / 3; b++) base[b] = x + 3 * b * step;                               \
        _Pragma("clang loop unroll_count(2)") for (size_t i = 0; i < depth; i++, w += VECTORS * L) {              \
            V weight[VECTORS];                                                                                    \
            UNROLL for (int v = 0; v < VECTORS; v++) weight[v] = *(const VU *)(w + v * L);                        \
            UNROLL for (int p = 0; p < ROWS; p++) {                                                               \
                const V value = (V)base[p / 3][p % 3 * step + i];                                                 \
                UNROLL for (int v = 0; v < VECTORS; v++) sums[p][v] += value * weight[v];                         \
            }                                                                                                     \
        }                                                                                                         \
    }
MULTIPLY_TILE(6, 2)
MULTIPLY_TILE(4, 2)
MULTIPLY_TILE(2, 2)
MULTIPLY_TILE(1, 2)
MULTIPLY_TILE(8, 1)
MULTIPLY_TILE(4, 1)
MULTIPLY_TILE(1, 1)

// One row keeps four panels running, because a single panel's two sums would wait for each other.
static void NAME(multiply_row)(size_t depth, const T *x, const T *w, size_t panel, V sums[4][2]) {
    UNROLL for (int b = 0; b < 4; b++) UNROLL for (int v = 0; v < 2; v++) sums[b][v] = (V)(T)0;
    for (size_t i = 0; i < depth; i++, w += 2 * L) {
        const V value = (V)x[i];
        UNROLL for (int b = 0; b < 4; b++)
            UNROLL for (int v = 0; v < 2; v++) sums[b][v] += value * *(const VU *)(w + b * panel + v * L);
    }
}

#define ROWS_OF(ROWS, VECTORS)                                                                       \
    for (; r + ROWS <= rows; r += ROWS) {                                                            \
        V sums[ROWS][VECTORS];                                                                       \
        NAME(multiply_##ROWS##_##VECTORS)(count, x + r * x_step, x_step, w, sums);                   \
        UNROLL for (int p = 0; p < ROWS; p++)                                                        \
            NAME(store)(sums[p], VECTORS, used, &finish, y + (r + p) * y_step + k);                  \
    }

// Terms of a sum that are added up before they reach memory: a panel of them stays in the first-level cache.
enum { NAME(chunk) = 512 };

static void NAME(multiply)(size_t rows, size_t depth, size_t columns, const void *px, size_t x_step,
                           const void *ppacked, const void *pbias, ductus_activation activation, bool adds, void *py,
                           size_t y_step) {
    T *y = py;
    for (size_t d = 0; d == 0 || d < depth; d += NAME(chunk)) {
        const bool last = d + NAME(chunk) >= depth;
        const size_t count = last ? depth - d : NAME(chunk);
        const T *x = (const T *)px + d, *bias = last ? pbias : NULL;
        for (size_t k = 0; k < columns;) {
            const size_t width = columns - k > L ? 2 * L : L, used = columns - k < width ? columns - k : width;
            const T *w = (const T *)ppacked + k * depth + d * width;
            const NAME(finish) finish = {bias ? bias + k : NULL, last ? activation : DUCTUS_IDENTITY, adds || d > 0};
            if (rows == 1 && columns - k >= 8 * L) {
                V sums[4][2];
                NAME(multiply_row)(count, x, w, 2 * L * depth, sums);
                NAME(store)(sums[0], 8, 8 * L, &finish, y + k);
                k += 8 * L;
                continue;
            }
            size_t r = 0;
            if (width == 2 * L) {
                ROWS_OF(6, 2) ROWS_OF(4, 2) ROWS_OF(2, 2) ROWS_OF(1, 2)
            } else {
                ROWS_OF(8, 1) ROWS_OF(4, 1) ROWS_OF(1, 1)
            }
            k += width;
        }
    }
}
#undef ROWS_OF
