// Sixteen running values per row keep the additions independent and the result the same for every caller: the order
// depends only on the count.
#define LANES 16
typedef T NAME(lanes) __attribute__((ext_vector_type(LANES)));
#if T_IS_FLOAT
typedef int32_t NAME(lane_numbers) __attribute__((ext_vector_type(LANES)));
#else
typedef int64_t NAME(lane_numbers) __attribute__((ext_vector_type(LANES)));
#endif
static const NAME(lane_numbers) NAME(lane_number) = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};

typedef NAME(lanes) NAME(unaligned_lanes) __attribute__((aligned(sizeof(T)), may_alias));

#define ONE(x) (*(x))
#define MANY(x) (*(const NAME(unaligned_lanes) *)(x))
#define SUM(u, v) ((u) + (v))
#define TIMES(u, v) ((u) * (v))
#define MAXIMUM(u, v) ((((u) > (v)) | ((u) != (u))) ? (u) : (v))
#define MINIMUM(u, v) ((((u) < (v)) | ((u) != (u))) ? (u) : (v))
#define TOP(u, v) ((v) > (u) ? (v) : (u))
#define FOLD(NAME_, START, COMBINE, AT, ...)                                              \
    static T NAME(NAME_)(size_t n, __VA_ARGS__) {                                         \
        if (n < LANES) {                                                                  \
            T all = START;                                                                \
            for (size_t i = 0; i < n; i++) {                                              \
                const T v = AT(ONE, i);                                                   \
                all = COMBINE(all, v);                                                    \
            }                                                                             \
            return all;                                                                   \
        }                                                                                 \
        NAME(lanes) all = AT(MANY, 0), others = START;                                    \
        size_t i = LANES;                                                                 \
        for (; i + 2 * LANES <= n; i += 2 * LANES) {                                      \
            const NAME(lanes) v = AT(MANY, i), w = AT(MANY, i + LANES);                   \
            all = COMBINE(all, v);                                                        \
            others = COMBINE(others, w);                                                  \
        }                                                                                 \
        all = COMBINE(all, others);                                                       \
        for (; i < n; i += LANES) { /* The last block overlaps the previous one. */       \
            const size_t at = i + LANES <= n ? i : n - LANES;                             \
            const NAME(lanes) v = AT(MANY, at), start = START;                            \
            const NAME(lanes) fresh = NAME(lane_number) >= (int)(i - at) ? v : start;     \
            all = COMBINE(all, fresh);                                                    \
        }                                                                                 \
        const __typeof__(all.lo) eight = COMBINE(all.lo, all.hi);                         \
        const __typeof__(eight.lo) four = COMBINE(eight.lo, eight.hi);                    \
        const __typeof__(four.lo) two = COMBINE(four.lo, four.hi);                        \
        return COMBINE(two.x, two.y);                                                     \
    }
#define ELEMENT(LOAD, i) LOAD(x + (i))
#define PRODUCT(LOAD, i) (LOAD(x + (i)) * LOAD(z + (i)))
FOLD(fold_sum, 0, SUM, ELEMENT, const T *x)
FOLD(fold_times, 1, TIMES, ELEMENT, const T *x)
FOLD(fold_product, 0, SUM, PRODUCT, const T *x, const T *z)
FOLD(fold_max, -INFINITY, MAXIMUM, ELEMENT, const T *x)
FOLD(fold_min, INFINITY, MINIMUM, ELEMENT, const T *x)
// NaN does not count.
FOLD(fold_top, -INFINITY, TOP, ELEMENT, const T *x)
#undef FOLD
#undef ONE
#undef MANY
#undef ELEMENT
#undef PRODUCT
#undef SUM
#undef TIMES
#undef MAXIMUM
#undef MINIMUM
#undef TOP

// Long sums are sums of short ones in double precision, so that rounding errors do not grow with the length.
#define SHORT_SUM 512
static T NAME(long_sum)(size_t n, const T *x) {
    if (n <= SHORT_SUM) return NAME(fold_sum)(n, x);
    double total = 0;
    for (size_t i = 0; i < n; i += SHORT_SUM) total += NAME(fold_sum)(n - i < SHORT_SUM ? n - i : SHORT_SUM, x + i);
    return (T)total;
}

// The same for sums of rows, some columns at a time.
#define LONG_COLUMN 128
#define SHORT_COLUMN 16
#define COLUMN_STRIP 256
static void NAME(long_column_sums)(size_t rows, size_t columns, const T *x, T *y) {
    double totals[COLUMN_STRIP];
    T part[COLUMN_STRIP];
    for (size_t first = 0; first < columns; first += COLUMN_STRIP) {
        const size_t width = columns - first < COLUMN_STRIP ? columns - first : COLUMN_STRIP;
        for (size_t i = 0; i < width; i++) totals[i] = 0;
        for (size_t row = 0; row < rows; row += SHORT_COLUMN) {
            const size_t end = rows - row < SHORT_COLUMN ? rows : row + SHORT_COLUMN;
            for (size_t i = 0; i < width; i++) part[i] = 0;
            for (size_t m = row; m < end; m++) {
                const T *from = x + m * columns + first;
                for (size_t i = 0; i < width; i++) part[i] += from[i];
            }
            for (size_t i = 0; i < width; i++) totals[i] += part[i];
        }
        for (size_t i = 0; i < width; i++) y[first + i] = (T)totals[i];
    }
}

static void NAME(reduce)(ductus_reduction op, size_t outer, size_t middle, size_t inner, const void *px, void *py) {
    const T *x = px;
    T *y = py;
    if (inner == 1) {
        for (size_t o = 0; o < outer; o++, x += middle)
            y[o] = op == DUCTUS_SUM       ? NAME(long_sum)(middle, x)
                   : op == DUCTUS_MAX     ? NAME(fold_max)(middle, x)
                   : op == DUCTUS_PRODUCT ? NAME(fold_times)(middle, x)
                                          : NAME(fold_min)(middle, x);
        return;
    }
    for (size_t o = 0; o < outer; o++, y += inner) {
        if (op == DUCTUS_SUM && middle > LONG_COLUMN) {
            NAME(long_column_sums)(middle, inner, x, y);
            x += middle * inner;
            continue;
        }
        const T start = op == DUCTUS_SUM ? 0 : op == DUCTUS_PRODUCT ? 1 : op == DUCTUS_MAX ? -INFINITY : INFINITY;
        for (size_t i = 0; i < inner; i++) y[i] = start;
        for (size_t m = 0; m < middle; m++, x += inner) {
            switch (op) {
            case DUCTUS_SUM: for (size_t i = 0; i < inner; i++) y[i] += x[i]; break;
            case DUCTUS_MAX: for (size_t i = 0; i < inner; i++) y[i] = NAME(maximum)(y[i], x[i]); break;
            case DUCTUS_PRODUCT: for (size_t i = 0; i < inner; i++) y[i] *= x[i]; break;
            case DUCTUS_MIN: for (size_t i = 0; i < inner; i++) y[i] = NAME(minimum)(y[i], x[i]); break;
            }
        }
    }
}

// Rows shorter than LANES are processed eight at a time, with a vector per column.
#define ROWS 8
typedef T NAME(columns)[LANES][ROWS];

static inline void NAME(load_columns)(size_t rows, size_t columns, const T *x, NAME(columns) v) {
    T padded[LANES * ROWS] = {0};
    if (rows < ROWS) x = memcpy(padded, x, rows * columns * sizeof(T));
    for (size_t c = 0; c < columns; c++)
        for (size_t j = 0; j < ROWS; j++) v[c][j] = x[j * columns + c];
}

static inline void NAME(store_columns)(size_t rows, size_t columns, NAME(columns) v, T *y) {
    T padded[LANES * ROWS], *to = rows < ROWS ? padded : y;
    for (size_t j = 0; j < ROWS; j++)
        for (size_t c = 0; c < columns; c++) to[j * columns + c] = v[c][j];
    if (rows < ROWS) memcpy(y, padded, rows * columns * sizeof(T));
}

// The number of columns is a compile-time constant for the most common narrow rows.
#define BY_COLUMNS(NAME_, ...)                                         \
    switch (columns) {                                                 \
    case 2: return NAME(NAME_)(rows, 2, __VA_ARGS__);                  \
    case 3: return NAME(NAME_)(rows, 3, __VA_ARGS__);                  \
    default: return NAME(NAME_)(rows, columns, __VA_ARGS__);           \
    }
#define INLINED static inline __attribute__((always_inline))

INLINED void NAME(argmax_narrow)(size_t rows, size_t columns, const T *x, int32_t *y) {
    NAME(columns) v;
    for (size_t r = 0; r < rows; r += ROWS) {
        const size_t count = rows - r < ROWS ? rows - r : ROWS;
        int32_t best[ROWS] = {0};
        NAME(load_columns)(count, columns, x + r * columns, v);
        for (size_t c = 1; c < columns; c++)
            for (size_t j = 0; j < ROWS; j++) {
                // NaN replaces every number, and nothing replaces NaN.
                const bool wins = !(v[c][j] <= v[0][j]) & (v[0][j] == v[0][j]);
                best[j] = wins ? (int32_t)c : best[j];
                v[0][j] = wins ? v[c][j] : v[0][j];
            }
        memcpy(y + r, best, count * sizeof best[0]);
    }
}

static void NAME(argmax)(size_t rows, size_t columns, const void *px, int32_t *y) {
    const T *x = px;
    if (columns < LANES) BY_COLUMNS(argmax_narrow, x, y)
    for (size_t r = 0; r < rows; r++, x += columns) {
        const T top = NAME(fold_max)(columns, x);
        size_t best = 0;
        if (top == top) while (x[best] != top) best++;
        else while (x[best] == x[best]) best++;
        y[r] = (int32_t)best;
    }
}

static double NAME(sum_of_squares)(size_t n, const void *px) {
    const T *x = px;
    typedef double doubles __attribute__((ext_vector_type(LANES)));
    doubles lane = 0;
    size_t i = 0;
    for (; i + LANES <= n; i += LANES) {
        const doubles v = __builtin_convertvector(*(const NAME(unaligned_lanes) *)(x + i), doubles);
        lane += v * v;
    }
    double sum = 0;
    for (; i < n; i++) sum += (double)x[i] * x[i];
    for (int j = 0; j < LANES; j++) sum += lane[j];
    return sum;
}

// The maximum of each row, and the exponentials relative to it with their sum, so that no logit overflows.
INLINED void NAME(exponentials_narrow)(size_t columns, NAME(columns) v, T top[ROWS], T sum[ROWS]) {
    for (size_t j = 0; j < ROWS; j++) top[j] = v[0][j];
    for (size_t c = 1; c < columns; c++)
        for (size_t j = 0; j < ROWS; j++) top[j] = v[c][j] > top[j] ? v[c][j] : top[j];
    for (size_t j = 0; j < ROWS; j++) sum[j] = 0;
    for (size_t c = 0; c < columns; c++)
        for (size_t j = 0; j < ROWS; j++) {
            v[c][j] = NAME(exp_of_negative)(v[c][j] - top[j]);
            sum[j] += v[c][j];
        }
}

// The last block overlaps the previous one, and `skip` of its elements are already summed.
static inline void NAME(exponentials_block)(const T *x, T top, int skip, T *restrict y, T *restrict lane) {
    for (size_t j = 0; j < LANES; j++) {
        y[j] = NAME(exp_of_negative)(x[j] - top);
        lane[j] += (int)j >= skip ? y[j] : 0;
    }
}

static inline T NAME(exponentials)(size_t columns, const T *x, T top, T *restrict y) {
    T lane[LANES] = {0};
    size_t c = 0;
    for (; c + LANES <= columns; c += LANES) NAME(exponentials_block)(x + c, top, 0, y + c, lane);
    if (c < columns) {
        const size_t last = columns - LANES;
        NAME(exponentials_block)(x + last, top, (int)(c - last), y + last, lane);
    }
    for (int width = LANES / 2; width > 0; width /= 2)
        for (int j = 0; j < width; j++) lane[j] += lane[j + width];
    return lane[0];
}

INLINED void NAME(softmax_narrow)(size_t rows, size_t columns, bool logarithm, const T *x, T *y) {
    NAME(columns) v, e;
    T top[ROWS], sum[ROWS];
    for (size_t r = 0; r < rows; r += ROWS) {
        const size_t count = rows - r < ROWS ? rows - r : ROWS;
        NAME(load_columns)(count, columns, x + r * columns, v);
        memcpy(e, v, columns * sizeof v[0]);
        NAME(exponentials_narrow)(columns, e, top, sum);
        for (size_t j = 0; j < ROWS; j++) sum[j] = logarithm ? top[j] + NAME(log)(sum[j]) : 1 / sum[j];
        for (size_t c = 0; c < columns; c++)
            for (size_t j = 0; j < ROWS; j++) v[c][j] = logarithm ? v[c][j] - sum[j] : e[c][j] * sum[j];
        NAME(store_columns)(count, columns, v, y + r * columns);
    }
}

static void NAME(softmax)(size_t rows, size_t columns, bool logarithm, const void *px, void *py) {
    const T *x = px;
    T *y = py;
    if (columns < LANES) {
        if (logarithm) BY_COLUMNS(softmax_narrow, true, x, y)
        BY_COLUMNS(softmax_narrow, false, x, y)
    }
    // Sixteen rows at a time, so that their logarithms are one vector.
    for (size_t first = 0; first < rows; first += LANES) {
        const size_t end = first + LANES < rows ? first + LANES : rows;
        T top[LANES] = {0}, sum[LANES] = {0};
        for (size_t r = first; r < end; r++) {
            top[r - first] = NAME(fold_top)(columns, x + r * columns);
            sum[r - first] = NAME(exponentials)(columns, x + r * columns, top[r - first], y + r * columns);
        }
        for (size_t j = 0; j < LANES; j++) sum[j] = logarithm ? top[j] + NAME(log)(sum[j]) : 1 / sum[j];
        for (size_t r = first; r < end; r++) {
            const T *from = x + r * columns, change = sum[r - first];
            T *to = y + r * columns;
            if (logarithm) for (size_t c = 0; c < columns; c++) to[c] = from[c] - change;
            else for (size_t c = 0; c < columns; c++) to[c] *= change;
        }
    }
}

INLINED void NAME(softmax_gradient_narrow)(size_t rows, size_t columns, bool logarithm, const T *y, const T *dy,
                                           T *dx) {
    NAME(columns) p, d;
    for (size_t r = 0; r < rows; r += ROWS) {
        const size_t count = rows - r < ROWS ? rows - r : ROWS;
        NAME(load_columns)(count, columns, y + r * columns, p);
        NAME(load_columns)(count, columns, dy + r * columns, d);
        T sum[ROWS] = {0};
        for (size_t c = 0; c < columns; c++)
            for (size_t j = 0; j < ROWS; j++) sum[j] += logarithm ? d[c][j] : p[c][j] * d[c][j];
        for (size_t c = 0; c < columns; c++)
            for (size_t j = 0; j < ROWS; j++)
                d[c][j] = logarithm ? d[c][j] - NAME(exp_of_negative)(p[c][j]) * sum[j] : p[c][j] * (d[c][j] - sum[j]);
        NAME(store_columns)(count, columns, d, dx + r * columns);
    }
}

static inline void NAME(log_softmax_gradient_block)(const T *y, const T *dy, T sum, T *restrict dx) {
    for (size_t j = 0; j < LANES; j++) dx[j] = dy[j] - NAME(exp_of_negative)(y[j]) * sum;
}

static void NAME(softmax_gradient)(size_t rows, size_t columns, bool logarithm, const void *py, const void *pdy,
                                   void *pdx) {
    const T *y = py, *dy = pdy;
    T *dx = pdx;
    if (columns < LANES) {
        if (logarithm) BY_COLUMNS(softmax_gradient_narrow, true, y, dy, dx)
        BY_COLUMNS(softmax_gradient_narrow, false, y, dy, dx)
    }
    for (size_t r = 0; r < rows; r++, y += columns, dy += columns, dx += columns) {
        if (logarithm) {
            const T sum = NAME(fold_sum)(columns, dy);
            for (size_t c = 0; c + LANES <= columns; c += LANES)
                NAME(log_softmax_gradient_block)(y + c, dy + c, sum, dx + c);
            const size_t last = columns - LANES;
            if (columns % LANES > 0) NAME(log_softmax_gradient_block)(y + last, dy + last, sum, dx + last);
        } else {
            const T sum = NAME(fold_product)(columns, y, dy);
            for (size_t c = 0; c < columns; c++) dx[c] = y[c] * (dy[c] - sum);
        }
    }
}

INLINED void NAME(cross_entropy_narrow)(size_t rows, size_t columns, const T *x, const int32_t *labels, T weight,
                                        T *losses, T *dx) {
    NAME(columns) v;
    T top[ROWS], sum[ROWS], scale[ROWS];
    for (size_t r = 0; r < rows; r += ROWS) {
        const size_t count = rows - r < ROWS ? rows - r : ROWS;
        NAME(load_columns)(count, columns, x + r * columns, v);
        NAME(exponentials_narrow)(columns, v, top, sum);
        for (size_t j = 0; j < ROWS; j++) scale[j] = weight / sum[j];
        for (size_t j = 0; j < ROWS; j++) top[j] += NAME(log)(sum[j]);
        for (size_t c = 0; c < columns; c++)
            for (size_t j = 0; j < ROWS; j++) v[c][j] *= scale[j];
        NAME(store_columns)(count, columns, v, dx + r * columns);
        for (size_t j = 0; j < count; j++) {
            const size_t at = (r + j) * columns + (size_t)labels[r + j];
            losses[r + j] = top[j] - x[at];
            dx[at] -= weight;
        }
    }
}

static void NAME(cross_entropy)(size_t rows, size_t columns, const void *px, const int32_t *labels, double pweight,
                                void *plosses, void *pdx) {
    const T *x = px, weight = (T)pweight;
    T *losses = plosses, *dx = pdx;
    if (columns < LANES) BY_COLUMNS(cross_entropy_narrow, x, labels, weight, losses, dx)
    for (size_t first = 0; first < rows; first += LANES) {
        const size_t end = first + LANES < rows ? first + LANES : rows;
        T top[LANES] = {0}, sum[LANES] = {0}, logarithm[LANES];
        for (size_t r = first; r < end; r++) {
            top[r - first] = NAME(fold_top)(columns, x + r * columns);
            sum[r - first] = NAME(exponentials)(columns, x + r * columns, top[r - first], dx + r * columns);
        }
        for (size_t j = 0; j < LANES; j++) logarithm[j] = top[j] + NAME(log)(sum[j]);
        for (size_t r = first; r < end; r++) {
            T *to = dx + r * columns;
            const T scale = weight / sum[r - first];
            losses[r] = logarithm[r - first] - x[r * columns + (size_t)labels[r]];
            for (size_t c = 0; c < columns; c++) to[c] *= scale;
            to[labels[r]] -= weight;
        }
    }
}
#undef INLINED
#undef BY_COLUMNS
#undef ROWS
#undef LANES
