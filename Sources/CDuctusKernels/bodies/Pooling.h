// Windows never reach beyond the image (no padding), so every window has its whole kernel.
static void NAME(max_pool)(const ductus_window *w, const void *pimage, void *py, uint8_t *index) {
    const T *image = pimage;
    T *y = py;
    const size_t n = w->channels;
    for (size_t oy = 0; oy < w->out_height; oy++)
        for (size_t ox = 0; ox < w->out_width; ox++, y += n) {
            const T *corner = image + (oy * w->stride_height * w->in_width + ox * w->stride_width) * n;
            memcpy(y, corner, n * sizeof(T));
            if (index) memset(index, 0, n);
            for (size_t ky = 0; ky < w->kernel_height; ky++)
                for (size_t kx = 0; kx < w->kernel_width; kx++) {
                    if (ky == 0 && kx == 0) continue;
                    const T *x = corner + (ky * w->in_width + kx) * n;
                    const uint8_t position = (uint8_t)(ky * w->kernel_width + kx);
                    if (index)
                        for (size_t c = 0; c < n; c++) index[c] = x[c] > y[c] ? position : index[c];
                    for (size_t c = 0; c < n; c++) y[c] = x[c] > y[c] || x[c] != x[c] ? x[c] : y[c];
                }
            if (index) index += n;
        }
}

static void NAME(max_pool_gradient)(const ductus_window *w, const void *pdy, const uint8_t *index, void *pdx) {
    const T *dy = pdy;
    T *dx = pdx;
    const size_t n = w->channels;
    for (size_t oy = 0; oy < w->out_height; oy++)
        for (size_t ox = 0; ox < w->out_width; ox++, dy += n, index += n) {
            T *corner = dx + (oy * w->stride_height * w->in_width + ox * w->stride_width) * n;
            for (size_t ky = 0; ky < w->kernel_height; ky++)
                for (size_t kx = 0; kx < w->kernel_width; kx++) {
                    T *to = corner + (ky * w->in_width + kx) * n;
                    const uint8_t position = (uint8_t)(ky * w->kernel_width + kx);
                    for (size_t c = 0; c < n; c++) to[c] += index[c] == position ? dy[c] : 0;
                }
        }
}
