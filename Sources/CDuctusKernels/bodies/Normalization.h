static void NAME(column_totals)(size_t rows, size_t columns, const void *px, double *totals) {
    const T *x = px;
    for (size_t c = 0; c < columns; c++) totals[c] = 0;
    for (size_t r = 0; r < rows; r++, x += columns)
        for (size_t c = 0; c < columns; c++) totals[c] += (double)x[c];
}

#define PER_COLUMN(TERM)                                               \
    T *sums = psums;                                                   \
    for (size_t c = 0; c < columns; c++) sums[c] = 0;                  \
    for (size_t r = 0; r < rows; r++) {                                \
        const size_t row = r * columns;                                \
        for (size_t c = 0; c < columns; c++) sums[c] += (TERM);        \
    }

static void NAME(column_sums)(size_t rows, size_t columns, const void *px, void *psums) {
    const T *x = px;
    PER_COLUMN(x[row + c])
}

static void NAME(column_squares)(size_t rows, size_t columns, const void *px, const void *pmean, void *psums) {
    const T *x = px, *mean = pmean;
    PER_COLUMN((x[row + c] - mean[c]) * (x[row + c] - mean[c]))
}

static void NAME(column_products)(size_t rows, size_t columns, const void *px, const void *pmean, const void *pdy,
                                  void *psums) {
    const T *x = px, *mean = pmean, *dy = pdy;
    PER_COLUMN((x[row + c] - mean[c]) * dy[row + c])
}
#undef PER_COLUMN

static void NAME(column_affine)(size_t rows, size_t columns, const void *px, const void *pscale, const void *pshift,
                                void *py) {
    const T *scale = pscale, *shift = pshift;
    for (size_t r = 0; r < rows; r++) {
        const T *x = (const T *)px + r * columns;
        T *y = (T *)py + r * columns;
        for (size_t c = 0; c < columns; c++) y[c] = x[c] * scale[c] + shift[c];
    }
}

static void NAME(column_affine2)(size_t rows, size_t columns, const void *pdy, const void *pa, const void *px,
                                 const void *pb, const void *pc, void *pdx) {
    const T *a = pa, *b = pb, *s = pc;
    for (size_t r = 0; r < rows; r++) {
        const T *dy = (const T *)pdy + r * columns, *x = (const T *)px + r * columns;
        T *dx = (T *)pdx + r * columns;
        for (size_t c = 0; c < columns; c++) dx[c] = a[c] * dy[c] + b[c] * x[c] + s[c];
    }
}
