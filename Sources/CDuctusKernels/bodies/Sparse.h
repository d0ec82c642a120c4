// A sparse matrix in compressed rows, applied to the middle axis of x[batch][columns][inner].
static void NAME(sparse_rows)(size_t rows, size_t columns, size_t inner, const int32_t *starts, const int32_t *sources,
                              const void *pweights, const void *px, size_t first_row, size_t end_row, void *py) {
    const T *weights = pweights;
    for (size_t row = first_row; row < end_row; row++) {
        const T *x = (const T *)px + row / rows * columns * inner;
        T *restrict y = (T *)py + row * inner;
        size_t entry = (size_t)starts[row % rows];
        const size_t end = (size_t)starts[row % rows + 1];
        if (entry == end) {
            memset(y, 0, inner * sizeof(T));
            continue;
        }
        const T *restrict a = x + (size_t)sources[entry] * inner;
        if (!weights) {
            memcpy(y, a, inner * sizeof(T));
        } else if (entry + 1 < end) {
            const T *restrict b = x + (size_t)sources[entry + 1] * inner;
            const T u = weights[entry], v = weights[entry + 1];
            for (size_t c = 0; c < inner; c++) y[c] = u * a[c] + v * b[c];
            entry++;
        } else {
            const T u = weights[entry];
            for (size_t c = 0; c < inner; c++) y[c] = u * a[c];
        }
        for (entry++; entry < end; entry++) {
            const T *restrict b = x + (size_t)sources[entry] * inner;
            const T v = weights ? weights[entry] : 1;
            for (size_t c = 0; c < inner; c++) y[c] += v * b[c];
        }
    }
}
