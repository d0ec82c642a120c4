// Sixteen running values per row keep the additions independent (so the compiler vectorises them) and the result
// the same for every caller: the order depends on the count alone.
#define LANES 16
#define FOLD(NAME_, START, COMBINE)                                      \
    static T NAME(NAME_)(size_t n, const T *x) {                         \
        T lane[LANES];                                                   \
        for (int j = 0; j < LANES; j++) lane[j] = START;                 \
        size_t i = 0;                                                    \
        for (; i + LANES <= n; i += LANES)                               \
            for (int j = 0; j < LANES; j++) {                            \
                T u = lane[j], v = x[i + j];                             \
                lane[j] = COMBINE;                                       \
            }                                                            \
        for (int j = 0; i < n; i++, j++) {                               \
            T u = lane[j], v = x[i];                                     \
            lane[j] = COMBINE;                                           \
        }                                                                \
        for (int width = LANES / 2; width > 0; width /= 2)               \
            for (int j = 0; j < width; j++) {                            \
                T u = lane[j], v = lane[j + width];                      \
                lane[j] = COMBINE;                                       \
            }                                                            \
        return lane[0];                                                  \
    }
FOLD(fold_sum, 0, u + v)
FOLD(fold_max, -INFINITY, NAME(maximum)(u, v))
FOLD(fold_min, INFINITY, NAME(minimum)(u, v))
#undef FOLD

static void NAME(reduce)(ductus_reduction op, size_t outer, size_t middle, size_t inner, const void *px, void *py) {
    const T *x = px;
    T *y = py;
    if (inner == 1) {
        for (size_t o = 0; o < outer; o++, x += middle)
            y[o] = op == DUCTUS_SUM   ? NAME(fold_sum)(middle, x)
                   : op == DUCTUS_MAX ? NAME(fold_max)(middle, x)
                                      : NAME(fold_min)(middle, x);
        return;
    }
    for (size_t o = 0; o < outer; o++, y += inner) {
        const T start = op == DUCTUS_SUM ? 0 : op == DUCTUS_MAX ? -INFINITY : INFINITY;
        for (size_t i = 0; i < inner; i++) y[i] = start;
        for (size_t m = 0; m < middle; m++, x += inner) {
            switch (op) {
            case DUCTUS_SUM: for (size_t i = 0; i < inner; i++) y[i] += x[i]; break;
            case DUCTUS_MAX: for (size_t i = 0; i < inner; i++) y[i] = NAME(maximum)(y[i], x[i]); break;
            case DUCTUS_MIN: for (size_t i = 0; i < inner; i++) y[i] = NAME(minimum)(y[i], x[i]); break;
            }
        }
    }
}

static void NAME(argmax)(size_t rows, size_t columns, const void *px, int32_t *y) {
    const T *x = px;
    for (size_t r = 0; r < rows; r++, x += columns) {
        size_t best = 0;
        for (size_t c = 1; c < columns; c++) best = x[c] > x[best] ? c : best;
        y[r] = (int32_t)best;
    }
}

static double NAME(sum_of_squares)(size_t n, const void *px) {
    const T *x = px;
    double lane[8] = {0};
    size_t i = 0;
    for (; i + 8 <= n; i += 8)
        for (int j = 0; j < 8; j++) lane[j] += (double)x[i + j] * x[i + j];
    for (int j = 0; i < n; i++, j++) lane[j] += (double)x[i] * x[i];
    return ((lane[0] + lane[4]) + (lane[2] + lane[6])) + ((lane[1] + lane[5]) + (lane[3] + lane[7]));
}

// Row softmax with the maximum taken out first, so that no logit overflows.
static void NAME(softmax)(size_t rows, size_t columns, bool logarithm, const void *px, void *py) {
    const T *x = px;
    T *y = py;
    for (size_t r = 0; r < rows; r++, x += columns, y += columns) {
        const T top = NAME(fold_max)(columns, x);
        for (size_t c = 0; c < columns; c++) y[c] = NAME(exp)(x[c] - top);
        const T sum = NAME(fold_sum)(columns, y);
        if (logarithm) {
            const T shift = top + NAME(log)(sum);
            for (size_t c = 0; c < columns; c++) y[c] = x[c] - shift;
        } else {
            const T scale = 1 / sum;
            for (size_t c = 0; c < columns; c++) y[c] *= scale;
        }
    }
}

static void NAME(softmax_gradient)(size_t rows, size_t columns, bool logarithm, const void *py, const void *pdy,
                                   void *pdx) {
    const T *y = py, *dy = pdy;
    T *dx = pdx;
    for (size_t r = 0; r < rows; r++, y += columns, dy += columns, dx += columns) {
        if (logarithm) {
            const T sum = NAME(fold_sum)(columns, dy);
            for (size_t c = 0; c < columns; c++) dx[c] = dy[c] - NAME(exp)(y[c]) * sum;
        } else {
            for (size_t c = 0; c < columns; c++) dx[c] = y[c] * dy[c];
            const T sum = NAME(fold_sum)(columns, dx);
            for (size_t c = 0; c < columns; c++) dx[c] = y[c] * (dy[c] - sum);
        }
    }
}

static void NAME(cross_entropy)(size_t rows, size_t columns, const void *px, const int32_t *labels, void *plosses,
                                void *pdx) {
    const T *x = px;
    T *losses = plosses, *dx = pdx;
    for (size_t r = 0; r < rows; r++, x += columns, dx += columns) {
        const T top = NAME(fold_max)(columns, x);
        for (size_t c = 0; c < columns; c++) dx[c] = NAME(exp)(x[c] - top);
        const T sum = NAME(fold_sum)(columns, dx), scale = 1 / sum;
        losses[r] = NAME(log)(sum) + top - x[labels[r]];
        for (size_t c = 0; c < columns; c++) dx[c] *= scale;
        dx[labels[r]] -= 1;
    }
}
#undef LANES
