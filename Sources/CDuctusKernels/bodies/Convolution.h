// Direct convolution as an implicit matrix product: a register tile of PIXELS x VECTORS outputs runs over all kernel
// taps and input channels, reading pixels in place. No patch matrix is written, and dilation costs nothing.
#define CONVOLVE_TILE(PIXELS, VECTORS)                                                                            \
    static void NAME(convolve_##PIXELS##_##VECTORS)(const ductus_convolution *c, const NAME(product) *product,     \
                                                    const T *x, const T *w, size_t channels, T *y) {              \
        V sums[PIXELS][VECTORS];                                                                                  \
        const size_t step = c->pixel_step, reduction = c->reduction;                                              \
        UNROLL for (int p = 0; p < PIXELS; p++) UNROLL for (int v = 0; v < VECTORS; v++) sums[p][v] = (V)(T)0;    \
        for (size_t r = 0; r < reduction; r++, w += VECTORS * L) {                                                \
            const T *xr = x + c->offsets[r];                                                                      \
            V weight[VECTORS];                                                                                    \
            UNROLL for (int v = 0; v < VECTORS; v++) weight[v] = *(const VU *)(w + v * L);                        \
            const T *base[(PIXELS + 2) / 3];   /* three pixels per base need no further address registers */      \
            UNROLL for (int b = 0; b < (PIXELS + 2) / 3; b++) base[b] = xr + 3 * b * step;                        \
            UNROLL for (int p = 0; p < PIXELS; p++) {                                                             \
                const V value = (V)base[p / 3][p % 3 * step];                                                     \
                UNROLL for (int v = 0; v < VECTORS; v++) sums[p][v] += value * weight[v];                         \
            }                                                                                                     \
        }                                                                                                         \
        UNROLL for (int p = 0; p < PIXELS; p++) {                                                                 \
            V row[VECTORS];                                                                                       \
            UNROLL for (int v = 0; v < VECTORS; v++) row[v] = sums[p][v];                                         \
            if (channels == VECTORS * L) {                                                                        \
                if (product->bias)                                                                                \
                    UNROLL for (int v = 0; v < VECTORS; v++) row[v] += *(const VU *)(product->bias + v * L);      \
                if (product->activation == DUCTUS_ACT_RELU)                                                       \
                    UNROLL for (int v = 0; v < VECTORS; v++) row[v] = row[v] < 0 ? (V)(T)0 : row[v];              \
                UNROLL for (int v = 0; v < VECTORS; v++) *(VU *)(y + p * c->out_step + v * L) = row[v];       \
                if (product->activation > DUCTUS_ACT_RELU)                                                        \
                    NAME(activate_row)(product->activation, VECTORS * L, y + p * c->out_step);                \
            } else {                                                                                              \
                NAME(store)((const T *)row, channels, product, y + p * c->out_step);                          \
            }                                                                                                     \
        }                                                                                                         \
    }
CONVOLVE_TILE(6, 2)
CONVOLVE_TILE(12, 1)
CONVOLVE_TILE(1, 2)
CONVOLVE_TILE(1, 1)
#undef CONVOLVE_TILE

static void NAME(convolve)(const ductus_convolution *c, const void *px, const void *ppacked, const void *pbias,
                           ductus_activation activation, size_t first_row, size_t end_row, void *py) {
    const size_t width = c->out_width, channels = c->out_channels;
    NAME(product) product = {.activation = activation};
    for (size_t row = first_row; row < end_row; row++) {
        const T *x = (const T *)px + row / c->out_height * c->image_stride + row % c->out_height * c->row_step;
        const T *w = ppacked;
        for (size_t k = 0; k < channels;) {
            const size_t panel = channels - k > L ? 2 * L : L;
            const size_t used = channels - k < panel ? channels - k : panel;
            const size_t tile = panel == L ? 12 : 6;
            product.bias = pbias ? (const T *)pbias + k : NULL;
            T *y = (T *)py + row * width * c->out_step + k;
            for (size_t p = 0; p < width;) {
                // The last tile is moved back to end with the row: some pixels are computed twice, with the same
                // result.
                const size_t count = width < tile ? 1 : tile;
                if (p + count > width) p = width - count;
                const T *xp = x + p * c->pixel_step;
                T *yp = y + p * c->out_step;
                if (count == 6) NAME(convolve_6_2)(c, &product, xp, w, used, yp);
                else if (count == 12) NAME(convolve_12_1)(c, &product, xp, w, used, yp);
                else if (panel == L) NAME(convolve_1_1)(c, &product, xp, w, used, yp);
                else NAME(convolve_1_2)(c, &product, xp, w, used, yp);
                p += count;
            }
            w += panel * c->reduction;
            k += panel;
        }
    }
}

#define GRADIENT_TILE(ROWS, VECTORS)                                                                            \
    static void NAME(gradient_##ROWS##_##VECTORS)(size_t pixels, const T *x, size_t step, const ptrdiff_t *offsets, \
                                                  const T *dy, size_t dy_step, T *dw, size_t dw_step) {         \
        V sums[ROWS][VECTORS];                                                                                   \
        const T *xr[ROWS];                                                                                      \
        UNROLL for (int r = 0; r < ROWS; r++) {                                     \
            xr[r] = x + offsets[r];                                                                             \
            UNROLL for (int v = 0; v < VECTORS; v++)                                \
                sums[r][v] = *(const VU *)(dw + r * dw_step + v * L);                                            \
        }                                                                                                       \
        for (size_t p = 0, o = 0; p < pixels; p++, o += step, dy += dy_step) {                                  \
            V g[VECTORS];                                                                                       \
            UNROLL for (int v = 0; v < VECTORS; v++) g[v] = *(const VU *)(dy + v * L); \
            UNROLL for (int r = 0; r < ROWS; r++) {                                 \
                const V value = (V)xr[r][o];                                                                    \
                UNROLL for (int v = 0; v < VECTORS; v++) sums[r][v] += value * g[v]; \
            }                                                                                                   \
        }                                                                                                       \
        UNROLL for (int r = 0; r < ROWS; r++)                                       \
            UNROLL for (int v = 0; v < VECTORS; v++)                                \
                *(VU *)(dw + r * dw_step + v * L) = sums[r][v];                                                  \
    }
GRADIENT_TILE(6, 2)
GRADIENT_TILE(12, 1)
#undef GRADIENT_TILE

static void NAME(convolve_weight_gradient)(const ductus_convolution *c, size_t images, const void *px, const void *pdy,
                                           size_t first, size_t end, void *pdw) {
    const size_t channels = c->out_channels, padded = (channels + L - 1) / L * L, width = c->out_width;
    const size_t rows = (end - first + 11) / 12 * 12;
    // Scratch space for whole tiles: the gradient, the offsets, and a gradient row if its channels do not fill whole
    // vectors.
    T *dw = calloc(rows * padded + L, sizeof(T));
    T *wide = channels == padded ? NULL : calloc(width * padded + L, sizeof(T));
    ptrdiff_t *offsets = calloc(rows, sizeof(ptrdiff_t));
    for (size_t r = 0; r < end - first; r++) offsets[r] = c->offsets[first + r];
    for (size_t row = 0; row < images * c->out_height; row++) {
        const T *x = (const T *)px + row / c->out_height * c->image_stride + row % c->out_height * c->row_step;
        const T *dy = (const T *)pdy + row * width * c->out_step;
        if (wide) {
            for (size_t p = 0; p < width; p++) memcpy(wide + p * padded, dy + p * c->out_step, channels * sizeof(T));
            dy = wide;
        }
        const size_t step = wide ? padded : c->out_step;
        size_t k = 0;
        for (; k + 2 * L <= padded; k += 2 * L)
            for (size_t r = 0; r < rows; r += 6)
                NAME(gradient_6_2)(width, x, c->pixel_step, offsets + r, dy + k, step, dw + r * padded + k, padded);
        if (k < padded)
            for (size_t r = 0; r < rows; r += 12)
                NAME(gradient_12_1)(width, x, c->pixel_step, offsets + r, dy + k, step, dw + r * padded + k, padded);
    }
    for (size_t r = first; r < end; r++)
        for (size_t k = 0; k < channels; k++) ((T *)pdw)[r * channels + k] += dw[(r - first) * padded + k];
    free(dw);
    free(wide);
    free(offsets);
}

static void NAME(turn_weights)(size_t taps, size_t in_channels, size_t out_channels, const void *pw, void *pturned) {
    for (size_t tap = 0; tap < taps; tap++) {
        const T *w = (const T *)pw + (taps - 1 - tap) * in_channels * out_channels;
        T *turned = (T *)pturned + tap * in_channels * out_channels;
        for (size_t o = 0; o < out_channels; o++)
            for (size_t i = 0; i < in_channels; i++) turned[o * in_channels + i] = w[i * out_channels + o];
    }
}

static void NAME(im2col)(const ductus_window *w, const void *pimage, size_t first_row, size_t end_row, void *pcolumns) {
    const T *image = pimage;
    T *out = pcolumns;
    const size_t n = w->channels;
    for (size_t oy = first_row; oy < end_row; oy++)
        for (size_t ox = 0; ox < w->out_width; ox++)
            for (size_t ky = 0; ky < w->kernel_height; ky++) {
                const ptrdiff_t y = (ptrdiff_t)(oy * w->stride_height + ky * w->dilation_height - w->padding_top);
                for (size_t kx = 0; kx < w->kernel_width; kx++, out += n) {
                    const ptrdiff_t x = (ptrdiff_t)(ox * w->stride_width + kx * w->dilation_width - w->padding_left);
                    if (y < 0 || x < 0 || y >= (ptrdiff_t)w->in_height || x >= (ptrdiff_t)w->in_width)
                        memset(out, 0, n * sizeof(T));
                    else
                        memcpy(out, image + ((size_t)y * w->in_width + (size_t)x) * n, n * sizeof(T));
                }
            }
}

static void NAME(col2im)(const ductus_window *w, const void *pcolumns, size_t first_row, size_t end_row, void *pimage) {
    T *image = pimage;
    const T *in = pcolumns;
    const size_t n = w->channels;
    for (size_t oy = first_row; oy < end_row; oy++)
        for (size_t ox = 0; ox < w->out_width; ox++)
            for (size_t ky = 0; ky < w->kernel_height; ky++) {
                const ptrdiff_t y = (ptrdiff_t)(oy * w->stride_height + ky * w->dilation_height - w->padding_top);
                for (size_t kx = 0; kx < w->kernel_width; kx++, in += n) {
                    const ptrdiff_t x = (ptrdiff_t)(ox * w->stride_width + kx * w->dilation_width - w->padding_left);
                    if (y < 0 || x < 0 || y >= (ptrdiff_t)w->in_height || x >= (ptrdiff_t)w->in_width) continue;
                    T *to = image + ((size_t)y * w->in_width + (size_t)x) * n;
                    for (size_t c = 0; c < n; c++) to[c] += in[c];
                }
            }
}
