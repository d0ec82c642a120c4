// Windows never reach beyond the image (no padding), so every window is complete. The first of equal values wins, and
// NaN wins over all.
#define WINS(x, best) (((x) > (best)) | ((x) != (x)))

// Common small windows in one pass, with `taps` a compile-time constant.
static inline __attribute__((always_inline)) void NAME(pool_window)(size_t taps, size_t n, const T *const *x, T *y,
                                                                    uint8_t *index) {
    if (index) {
        _Pragma("clang loop vectorize(assume_safety)") for (size_t c = 0; c < n; c++) {
            T best = x[0][c];
            int32_t at = 0;
            for (size_t tap = 1; tap < taps; tap++) {
                const T value = x[tap][c];
                const bool wins = WINS(value, best);
                best = wins ? value : best;
                at = wins ? (int32_t)tap : at;
            }
            y[c] = best;
            index[c] = (uint8_t)at;
        }
    } else {
        _Pragma("clang loop vectorize(assume_safety)") for (size_t c = 0; c < n; c++) {
            T best = x[0][c];
            for (size_t tap = 1; tap < taps; tap++) best = WINS(x[tap][c], best) ? x[tap][c] : best;
            y[c] = best;
        }
    }
}

static void NAME(pool_any_window)(const ductus_window *w, const T *corner, T *y, uint8_t *index) {
    const size_t n = w->channels;
    memcpy(y, corner, n * sizeof(T));
    if (index) memset(index, 0, n);
    for (size_t ky = 0; ky < w->kernel_height; ky++)
        for (size_t kx = 0; kx < w->kernel_width; kx++) {
            const T *x = corner + (ky * w->in_width + kx) * n;
            const uint8_t position = (uint8_t)(ky * w->kernel_width + kx);
            if (index)
                for (size_t c = 0; c < n; c++) index[c] = WINS(x[c], y[c]) ? position : index[c];
            for (size_t c = 0; c < n; c++) y[c] = WINS(x[c], y[c]) ? x[c] : y[c];
        }
}
#undef WINS

static void NAME(max_pool)(const ductus_window *w, const void *pimages, size_t first_row, size_t end_row, void *py,
                           uint8_t *index) {
    const size_t n = w->channels, line = w->in_width * n, taps = w->kernel_height * w->kernel_width;
    const bool square = w->kernel_height == 2 && w->kernel_width == 2;
    T *y = (T *)py + first_row * w->out_width * n;
    if (index) index += first_row * w->out_width * n;
    for (size_t row = first_row; row < end_row; row++) {
        const size_t image = row / w->out_height, oy = row % w->out_height;
        const T *x = (const T *)pimages + (image * w->in_height + oy * w->stride_height) * line;
        for (size_t ox = 0; ox < w->out_width; ox++, x += w->stride_width * n, y += n) {
            if (square) {
                const T *const corners[4] = {x, x + n, x + line, x + line + n};
                NAME(pool_window)(4, n, corners, y, index);
            } else if (taps == 2) {
                const T *const corners[2] = {x, w->kernel_height == 2 ? x + line : x + n};
                NAME(pool_window)(2, n, corners, y, index);
            } else {
                NAME(pool_any_window)(w, x, y, index);
            }
            if (index) index += n;
        }
    }
}

// If windows tile the input, each of its elements is written exactly once, and `dx` need not be cleared.
static void NAME(max_pool_gradient_apart)(const ductus_window *w, const T *dy, const uint8_t *index, size_t first_row,
                                          size_t end_row, T *dx) {
    const size_t n = w->channels, line = w->in_width * n, used = w->out_width * w->kernel_width * n;
    for (size_t row = first_row; row < end_row; row++) {
        const size_t image = row / w->out_height, oy = row % w->out_height;
        T *x = dx + (image * w->in_height + oy * w->kernel_height) * line;
        const T *const d = dy + row * w->out_width * n;
        const uint8_t *const won = index + row * w->out_width * n;
        for (size_t ky = 0; ky < w->kernel_height; ky++, x += line) {
            for (size_t ox = 0; ox < w->out_width; ox++)
                for (size_t kx = 0; kx < w->kernel_width; kx++) {
                    T *restrict to = x + (ox * w->kernel_width + kx) * n;
                    const T *from = d + ox * n;
                    const uint8_t *at = won + ox * n, position = (uint8_t)(ky * w->kernel_width + kx);
                    for (size_t c = 0; c < n; c++) to[c] = at[c] == position ? from[c] : 0;
                }
            memset(x + used, 0, (line - used) * sizeof(T));
        }
        if (oy + 1 == w->out_height)
            memset(x, 0, (w->in_height - w->out_height * w->kernel_height) * line * sizeof(T));
    }
}

static void NAME(max_pool_gradient)(const ductus_window *w, const void *pdy, const uint8_t *index, size_t first_row,
                                    size_t end_row, void *pdx) {
    const T *dy = pdy;
    T *dx = pdx;
    if (w->stride_height == w->kernel_height && w->stride_width == w->kernel_width) {
        NAME(max_pool_gradient_apart)(w, dy, index, first_row, end_row, dx);
        return;
    }
    const size_t n = w->channels, line = w->in_width * n;
    for (size_t row = first_row; row < end_row; row++) {
        const size_t image = row / w->out_height, oy = row % w->out_height;
        T *x = dx + image * w->in_height * line;
        if (oy == 0) memset(x, 0, w->in_height * line * sizeof(T));
        for (size_t ox = 0; ox < w->out_width; ox++)
            for (size_t ky = 0; ky < w->kernel_height; ky++)
                for (size_t kx = 0; kx < w->kernel_width; kx++) {
                    T *restrict to = x + (oy * w->stride_height + ky) * line + (ox * w->stride_width + kx) * n;
                    const T *from = dy + (row * w->out_width + ox) * n;
                    const uint8_t *at = index + (row * w->out_width + ox) * n;
                    const uint8_t position = (uint8_t)(ky * w->kernel_width + kx);
                    for (size_t c = 0; c < n; c++) to[c] += at[c] == position ? from[c] : 0;
                }
    }
}
