// Products with a matrix that is packed once and used many times, such as weights. BLAS would pack it in every call.
#define L (VECTOR_BYTES / sizeof(T))
typedef T V __attribute__((ext_vector_type(VECTOR_BYTES / sizeof(T))));
typedef T VU __attribute__((ext_vector_type(VECTOR_BYTES / sizeof(T)), aligned(sizeof(T))));
#define UNROLL _Pragma("clang loop unroll(full)")

static size_t NAME(packed_count)(size_t depth, size_t columns) { return depth * ((columns + L - 1) / L * L); }

// Panels of 2L columns (the last may be of L), each [depth][width], zero beyond the last column.
static void NAME(pack)(size_t depth, size_t columns, const void *pw, size_t depth_step, size_t column_step,
                       void *ppacked) {
    const size_t whole = columns / (2 * L) * (2 * L);
    if (column_step == 1)   // rows are read sequentially and distributed over the panels
        for (size_t d = 0; d < depth; d++) {
            const T *w = (const T *)pw + d * depth_step;
            T *packed = (T *)ppacked + d * 2 * L;
            for (size_t k = 0; k < whole; k += 2 * L, packed += 2 * L * depth) {
                *(VU *)packed = *(const VU *)(w + k);
                *(VU *)(packed + L) = *(const VU *)(w + k + L);
            }
        }
    for (size_t k = column_step == 1 ? whole : 0; k < columns;) {
        const size_t width = columns - k > L ? 2 * L : L;
        const size_t used = columns - k < width ? columns - k : width;
        T *packed = (T *)ppacked + k * depth;
        for (size_t d = 0; d < depth; d++, packed += width) {
            const T *w = (const T *)pw + d * depth_step + k * column_step;
            for (size_t i = 0; i < used; i++) packed[i] = w[i * column_step];
            for (size_t i = used; i < width; i++) packed[i] = 0;
        }
        k += width;
    }
}

// A product and its epilogue: accumulation, bias and activation.
typedef struct {
    size_t depth, x_step, y_step;
    bool adds;
    const T *bias;
    ductus_activation activation;
} NAME(product);

// A row of sums of a partial panel.
static void NAME(store)(const T *sums, size_t columns, const NAME(product) *p, T *y) {
    for (size_t k = 0; k < columns; k++) {
        T value = sums[k];
        if (p->adds) value += y[k];
        if (p->bias) value += p->bias[k];
        y[k] = value;
    }
    NAME(activate_row)(p->activation, columns, y);
}

// ROWS x VECTORS sums in registers: one broadcast and VECTORS products per row and step. Rows are grouped by three,
// because three rows relative to one base need no further address registers.
#define EACH_SUM(ROWS, VECTORS) UNROLL for (int r = 0; r < ROWS; r++) UNROLL for (int v = 0; v < VECTORS; v++)
#define MULTIPLY_TILE(ROWS, VECTORS)                                                                              \
    static void NAME(multiply_##ROWS##_##VECTORS)(const NAME(product) *p, const T *x, const T *w, size_t columns, \
                                                  T *y) {                                                         \
        V sums[ROWS][VECTORS];                                                                                    \
        const size_t step = p->x_step, y_step = p->y_step;                                                        \
        const bool whole = columns == VECTORS * L;                                                                \
        if (p->adds && whole)                                                                                     \
            EACH_SUM(ROWS, VECTORS) sums[r][v] = *(const VU *)(y + r * y_step + v * L);                           \
        else                                                                                                      \
            EACH_SUM(ROWS, VECTORS) sums[r][v] = (V)(T)0;                                                         \
        const T *base[(ROWS + 2) / 3];                                                                            \
        UNROLL for (int b = 0; b < (ROWS + 2) / 3; b++) base[b] = x + 3 * b * step;                               \
        _Pragma("clang loop unroll_count(4)") for (size_t i = 0; i < p->depth; i++, w += VECTORS * L) {            \
            V weight[VECTORS];                                                                                    \
            UNROLL for (int v = 0; v < VECTORS; v++) weight[v] = *(const VU *)(w + v * L);                        \
            UNROLL for (int r = 0; r < ROWS; r++) {                                                               \
                const V value = (V)base[r / 3][i + r % 3 * step];                                                 \
                UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] += value * weight[v];                         \
            }                                                                                                     \
        }                                                                                                         \
        if (!whole) {                                                                                             \
            V row[VECTORS];                                                                                       \
            UNROLL for (int r = 0; r < ROWS; r++) {                                                               \
                UNROLL for (int v = 0; v < VECTORS; v++) row[v] = sums[r][v];                                     \
                NAME(store)((const T *)row, columns, p, y + r * y_step);                                          \
            }                                                                                                     \
            return;                                                                                               \
        }                                                                                                         \
        if (p->bias) EACH_SUM(ROWS, VECTORS) sums[r][v] += *(const VU *)(p->bias + v * L);                        \
        if (p->activation == DUCTUS_ACT_RELU)                                                                     \
            EACH_SUM(ROWS, VECTORS) sums[r][v] = sums[r][v] < 0 ? (V)(T)0 : sums[r][v];                           \
        EACH_SUM(ROWS, VECTORS) *(VU *)(y + r * y_step + v * L) = sums[r][v];                                     \
        if (p->activation > DUCTUS_ACT_RELU)                                                                      \
            for (int r = 0; r < ROWS; r++) NAME(activate_row)(p->activation, VECTORS * L, y + r * y_step);        \
    }
#if VECTOR_BYTES == 64   // There are 32 registers of them.
#define TILE_ROWS 8
MULTIPLY_TILE(8, 2)
MULTIPLY_TILE(7, 2)
MULTIPLY_TILE(8, 1)
MULTIPLY_TILE(7, 1)
#else
#define TILE_ROWS 6
#endif
MULTIPLY_TILE(6, 2)
MULTIPLY_TILE(5, 2)
MULTIPLY_TILE(4, 2)
MULTIPLY_TILE(3, 2)
MULTIPLY_TILE(2, 2)
MULTIPLY_TILE(1, 2)
MULTIPLY_TILE(6, 1)
MULTIPLY_TILE(5, 1)
MULTIPLY_TILE(4, 1)
MULTIPLY_TILE(3, 1)
MULTIPLY_TILE(2, 1)
MULTIPLY_TILE(1, 1)
#undef MULTIPLY_TILE
#undef EACH_SUM

// The number of rows of the next tile. The last two are balanced, so that each has enough sums to keep the multipliers busy.
static size_t NAME(tile_rows)(size_t left) {
    return left <= TILE_ROWS ? left : left >= 2 * TILE_ROWS ? TILE_ROWS : (left + 1) / 2;
}

static void NAME(multiply_tile)(const NAME(product) *p, size_t rows, const T *x, const T *w, size_t width,
                                size_t columns, T *y) {
    static void (*const tiles[2][TILE_ROWS])(const NAME(product) *, const T *, const T *, size_t, T *) = {
#define EACH_TILE(V_)                                                                                                  \
    NAME(multiply_1_##V_), NAME(multiply_2_##V_), NAME(multiply_3_##V_), NAME(multiply_4_##V_), NAME(multiply_5_##V_), \
        NAME(multiply_6_##V_)
#if TILE_ROWS == 8
#define EACH_TALL_TILE(V_) , NAME(multiply_7_##V_), NAME(multiply_8_##V_)
#else
#define EACH_TALL_TILE(V_)
#endif
        {EACH_TILE(1) EACH_TALL_TILE(1)}, {EACH_TILE(2) EACH_TALL_TILE(2)}};
    tiles[width > L][rows - 1](p, x, w, columns, y);
}

// A single row processes four panels at a time, because two sums would be bound by latency.
static void NAME(multiply_row)(const NAME(product) *p, const T *x, const T *w, size_t panel, T *y) {
    V sums[8];
    UNROLL for (int v = 0; v < 8; v++) sums[v] = p->adds ? *(const VU *)(y + v * L) : (V)(T)0;
    for (size_t i = 0; i < p->depth; i++, w += 2 * L) {
        const V value = (V)x[i];
        UNROLL for (int v = 0; v < 8; v++) sums[v] += value * *(const VU *)(w + v / 2 * panel + v % 2 * L);
    }
    if (p->bias) UNROLL for (int v = 0; v < 8; v++) sums[v] += *(const VU *)(p->bias + v * L);
    UNROLL for (int v = 0; v < 8; v++) *(VU *)(y + v * L) = sums[v];
    NAME(activate_row)(p->activation, 8 * L, y);
}

static void NAME(multiply)(size_t rows, size_t depth, size_t columns, const void *px, size_t x_step,
                           const void *ppacked, const void *pbias, ductus_activation activation, bool adds, void *py,
                           size_t y_step) {
    // The number of terms accumulated in registers: a panel of this depth stays in the L1 cache.
    const size_t chunk = 256;
    T *y = py;
    for (size_t d = 0; d == 0 || d < depth; d += chunk) {
        const bool last = d + chunk >= depth;
        const size_t count = last ? depth - d : chunk;
        const T *x = (const T *)px + d, *packed = ppacked, *bias = last ? pbias : NULL;
        NAME(product) p = {count, x_step, y_step, adds || d > 0, NULL, last ? activation : DUCTUS_IDENTITY};
        // A small matrix is traversed for every tile of rows, a large one only once, panel by panel.
        const size_t block = count * columns * sizeof(T) <= 256 << 10 ? TILE_ROWS : rows;
        for (size_t first = 0; first < rows;) {
            const size_t end = block < rows ? first + NAME(tile_rows)(rows - first) : rows;
            for (size_t k = 0; k < columns;) {
                const size_t width = columns - k > L ? 2 * L : L, used = columns - k < width ? columns - k : width;
                const T *w = packed + k * depth + d * width;
                p.bias = bias ? bias + k : NULL;
                if (rows == 1 && columns - k >= 8 * L) {
                    NAME(multiply_row)(&p, x, w, 2 * L * depth, y + k);
                    k += 8 * L;
                    continue;
                }
                for (size_t r = first, n; r < end; r += n) {
                    n = NAME(tile_rows)(end - r);
                    NAME(multiply_tile)(&p, n, x + r * x_step, w, width, used, y + r * y_step + k);
                }
                k += width;
            }
            first = end;
        }
    }
}

// The same with an unpacked matrix, packed in blocks that stay in the L2 cache while they are used.
enum { NAME(block_depth) = 256 };
#define BLOCK_WIDTH (32 * L)

static size_t NAME(product_workspace)(void) { return NAME(block_depth) * BLOCK_WIDTH; }

static void NAME(product_of_rows)(size_t rows, size_t depth, size_t columns, const void *px, size_t x_step,
                                  const void *pw, size_t w_step, void *workspace, void *py, size_t y_step) {
    const T *x = px, *w = pw;
    T *y = py;
    for (size_t k = 0; k < columns; k += BLOCK_WIDTH)
        for (size_t d = 0; d < depth; d += NAME(block_depth)) {
            const size_t count = depth - d < NAME(block_depth) ? depth - d : NAME(block_depth);
            const size_t used = columns - k < BLOCK_WIDTH ? columns - k : BLOCK_WIDTH;
            NAME(pack)(count, used, w + d * w_step + k, w_step, 1, workspace);
            NAME(multiply)(rows, count, used, x + d, x_step, workspace, NULL, DUCTUS_IDENTITY, d > 0, y + k, y_step);
        }
}
#undef BLOCK_WIDTH
