// Depthwise convolution: each channel has its own kernel, so vectors run over the channels. Both directions gather: an
// output pixel of the adjoint (the input gradient) is the sum over the taps that have read it.

// Output columns with the same taps, `phases` apart. Their inputs are equally far apart.
typedef struct {
    size_t column, count, taps;
    const size_t *tap;
    const ptrdiff_t *position;
} NAME(run);

// The taps of one axis that reach an output position, and the input positions that they read, in ascending order.
static size_t NAME(reach)(size_t output, size_t in, size_t kernel, size_t stride, size_t dilation, size_t padding,
                          bool adjoint, size_t *tap, ptrdiff_t *position) {
    size_t count = 0;
    for (size_t k = 0; k < kernel; k++) {
        const size_t t = adjoint ? kernel - 1 - k : k;
        ptrdiff_t i = adjoint ? (ptrdiff_t)(output + padding) - (ptrdiff_t)(t * dilation)
                              : (ptrdiff_t)(output * stride + t * dilation) - (ptrdiff_t)padding;
        if (adjoint && i % (ptrdiff_t)stride != 0) continue;
        if (adjoint) i /= (ptrdiff_t)stride;
        if (i < 0 || i >= (ptrdiff_t)in) continue;
        tap[count] = t;
        position[count++] = i;
    }
    return count;
}

// Divides the output columns into runs. `tap` and `position` have room for every tap of every column.
static size_t NAME(runs)(size_t out, size_t in, size_t kernel, size_t stride, size_t dilation, size_t padding,
                         bool adjoint, size_t *tap, ptrdiff_t *position, NAME(run) *runs) {
    const size_t phases = adjoint ? stride : 1;
    size_t count = 0;
    for (size_t phase = 0; phase < phases; phase++)
        for (size_t column = phase; column < out; column += phases) {
            size_t *t = tap + column * kernel;
            ptrdiff_t *p = position + column * kernel;
            const size_t taps = NAME(reach)(column, in, kernel, stride, dilation, padding, adjoint, t, p);
            if (column != phase && runs[count - 1].taps == taps
                && memcmp(runs[count - 1].tap, t, taps * sizeof(size_t)) == 0)
                runs[count - 1].count++;
            else
                runs[count++] = (NAME(run)){column, 1, taps, t, p};
        }
    return count;
}

// The taps of a tile, as offsets into input and weights, and what follows the sum.
typedef struct {
    size_t taps, x_step, y_step, row_taps;
    const ptrdiff_t *x, *w;
    const T *bias;
    ductus_activation activation;
} NAME(depthwise_tile);

#define EACH_SUM UNROLL for (int p = 0; p < PIXELS; p++) UNROLL for (int v = 0; v < VECTORS; v++)
#define FINISH_TILE                                                                                               \
    if (t->bias) EACH_SUM sums[p][v] += *(const VU *)(t->bias + c + v * L);                                       \
    if (t->activation == DUCTUS_ACT_RELU) EACH_SUM sums[p][v] = sums[p][v] < 0 ? (V)(T)0 : sums[p][v];            \
    EACH_SUM *(VU *)(y + p * t->y_step + c + v * L) = sums[p][v];

// PIXELS x VECTORS outputs from channel c on.
#define DEPTHWISE_TILE(P, W)                                                                                      \
    static void NAME(depthwise_##P##_##W)(const NAME(depthwise_tile) *t, const T *x, const T *w, size_t c, T *y) { \
        enum { PIXELS = P, VECTORS = W };                                                                         \
        V sums[PIXELS][VECTORS];                                                                                  \
        EACH_SUM sums[p][v] = (V)(T)0;                                                                            \
        const size_t step = t->x_step;                                                                            \
        for (size_t tap = 0; tap < t->taps; tap++) {                                                              \
            const T *xt = x + t->x[tap] + c, *wt = w + t->w[tap] + c;                                             \
            V weight[VECTORS];                                                                                    \
            UNROLL for (int v = 0; v < VECTORS; v++) weight[v] = *(const VU *)(wt + v * L);                       \
            EACH_SUM sums[p][v] += *(const VU *)(xt + p * step + v * L) * weight[v];                              \
        }                                                                                                         \
        FINISH_TILE                                                                                               \
    }
DEPTHWISE_TILE(8, 1)
DEPTHWISE_TILE(4, 2)
DEPTHWISE_TILE(4, 1)
DEPTHWISE_TILE(1, 4)
DEPTHWISE_TILE(1, 1)
#undef DEPTHWISE_TILE

// The same where neighboring outputs read neighboring pixels: TAPS per row of the kernel share what they read.
#define SLIDING_TILE(TAPS, P, W)                                                                                  \
    static void NAME(sliding_##TAPS##_##P##_##W)(const NAME(depthwise_tile) *t, const T *x, const T *w, size_t c, \
                                                 T *y) {                                                          \
        enum { PIXELS = P, VECTORS = W };                                                                         \
        V sums[PIXELS][VECTORS];                                                                                  \
        EACH_SUM sums[p][v] = (V)(T)0;                                                                            \
        const size_t step = t->x_step;                                                                            \
        for (size_t tap = 0; tap < t->taps; tap += TAPS) {                                                        \
            const T *xt = x + t->x[tap] + c;                                                                      \
            V weight[TAPS][VECTORS];                                                                              \
            UNROLL for (int k = 0; k < TAPS; k++)                                                                 \
                UNROLL for (int v = 0; v < VECTORS; v++) \
                    weight[k][v] = *(const VU *)(w + t->w[tap + k] + c + v * L);                                  \
            UNROLL for (int i = 0; i < PIXELS + TAPS - 1; i++) {                                                  \
                V value[VECTORS];                                                                                 \
                UNROLL for (int v = 0; v < VECTORS; v++) value[v] = *(const VU *)(xt + i * step + v * L);         \
                UNROLL for (int k = 0; k < TAPS; k++)                                                             \
                    if (i >= k && i - k < PIXELS)                                                                 \
                        UNROLL for (int v = 0; v < VECTORS; v++) sums[i - k][v] += value[v] * weight[k][v];       \
            }                                                                                                     \
        }                                                                                                         \
        FINISH_TILE                                                                                               \
    }
SLIDING_TILE(3, 8, 1)
SLIDING_TILE(3, 4, 2)
SLIDING_TILE(3, 4, 1)
SLIDING_TILE(5, 8, 1)
SLIDING_TILE(5, 4, 2)
SLIDING_TILE(5, 4, 1)
SLIDING_TILE(7, 4, 2)
SLIDING_TILE(7, 4, 1)
#undef SLIDING_TILE
#undef FINISH_TILE
#undef EACH_SUM

// One output of a pixel with fewer channels than a vector has.
static void NAME(depthwise_scalar)(const NAME(depthwise_tile) *t, const T *x, const T *w, size_t c, T *y) {
    T sum = 0;
    for (size_t tap = 0; tap < t->taps; tap++) sum += x[t->x[tap] + (ptrdiff_t)c] * w[t->w[tap] + (ptrdiff_t)c];
    if (t->bias) sum += t->bias[c];
    y[c] = t->activation == DUCTUS_ACT_RELU && sum < 0 ? 0 : sum;
}

// Equal pixels of a run; a tile function for some of them and for some channels.
typedef void (*NAME(depthwise_function))(const NAME(depthwise_tile) *, const T *, const T *, size_t, T *);

static void NAME(depthwise_pixels)(const NAME(depthwise_tile) *t, size_t pixels, bool slides, size_t channels,
                                   const T *x, const T *w, T *y) {
    if (channels < L) {
        for (size_t p = 0; p < pixels; p++)
            for (size_t c = 0; c < channels; c++)
                NAME(depthwise_scalar)(t, x + p * t->x_step, w, c, y + p * t->y_step);
        return;
    }
    // The last tile is moved back to end with the run, and so are the last channels: some outputs are computed twice,
    // with the same result.
    for (size_t p = 0; p < pixels;) {
        const size_t left = pixels - p;
        size_t count = pixels < 4 ? 1 : left <= 4 || pixels < 8 ? 4 : 8;
        NAME(depthwise_function) narrow = count == 8   ? NAME(depthwise_8_1)
                                          : count == 4 ? NAME(depthwise_4_1)
                                                       : NAME(depthwise_1_1);
        NAME(depthwise_function) wide = count == 4 ? NAME(depthwise_4_2) : NAME(depthwise_1_4);
        size_t vectors = count == 8 ? 1 : count == 4 ? 2 : 4;
        if (slides && count > 1) {
            // Two vectors of AVX2 fill a cache line, which matters where pixels lie so far apart that they share cache sets.
            const bool isNear = channels * sizeof(T) < 1024;
            count = isNear && count == 8 && t->row_taps < 7 ? 8 : 4;
            vectors = count == 4 ? 2 : 1;
            wide = t->row_taps == 3   ? NAME(sliding_3_4_2)
                   : t->row_taps == 5 ? NAME(sliding_5_4_2)
                                      : NAME(sliding_7_4_2);
            if (count == 8) narrow = t->row_taps == 3 ? NAME(sliding_3_8_1) : NAME(sliding_5_8_1);
            else narrow = t->row_taps == 3   ? NAME(sliding_3_4_1)
                          : t->row_taps == 5 ? NAME(sliding_5_4_1)
                                             : NAME(sliding_7_4_1);
        }
        if (p + count > pixels) p = pixels - count;
        const T *xp = x + p * t->x_step;
        T *yp = y + p * t->y_step;
        size_t c = 0;
        if (vectors > 1)
            for (; c + vectors * L <= channels; c += vectors * L) wide(t, xp, w, c, yp);
        for (; c < channels; c += L) narrow(t, xp, w, c + L <= channels ? c : channels - L, yp);
        p += count;
    }
}

static void NAME(depthwise)(const ductus_window *d, bool adjoint, const void *px, const void *pw, const void *pbias,
                            ductus_activation activation, size_t first_row, size_t end_row, void *py) {
    LEAVE(d->channels % L, depthwise(d, adjoint, px, pw, pbias, activation, first_row, end_row, py))
    const size_t channels = d->channels, rows = d->kernel_height, columns = d->kernel_width;
    const size_t in_height = adjoint ? d->out_height : d->in_height, in_width = adjoint ? d->out_width : d->in_width;
    const size_t out_height = adjoint ? d->in_height : d->out_height, out_width = adjoint ? d->in_width : d->out_width;
    size_t *tap = malloc((out_width * columns + rows) * sizeof(size_t));
    ptrdiff_t *position = malloc((out_width * columns + rows) * sizeof(ptrdiff_t));
    NAME(run) *runs = malloc((out_width + 1) * sizeof(NAME(run)));
    ptrdiff_t *offsets = malloc(2 * rows * columns * sizeof(ptrdiff_t)), *w_offsets = offsets + rows * columns;
    const size_t count = NAME(runs)(out_width, in_width, columns, d->stride_width, d->dilation_width, d->padding_left,
                                    adjoint, tap, position, runs);
    size_t *row_tap = tap + out_width * columns;
    ptrdiff_t *row_position = position + out_width * columns;
    const size_t step = adjoint ? 1 : d->stride_width;
    NAME(depthwise_tile) tile = {
        .x_step = step * channels, .y_step = (adjoint ? d->stride_width : 1) * channels, .x = offsets, .w = w_offsets,
        .bias = pbias, .activation = activation};
    for (size_t row = first_row; row < end_row; row++) {
        const T *image = (const T *)px + row / out_height * in_height * in_width * channels;
        T *y = (T *)py + row * out_width * channels;
        const size_t reached = NAME(reach)(row % out_height, in_height, rows, d->stride_height, d->dilation_height,
                                           d->padding_top, adjoint, row_tap, row_position);
        for (const NAME(run) *run = runs; run < runs + count; run++) {
            tile.taps = 0;
            for (size_t r = 0; r < reached; r++)
                for (size_t k = 0; k < run->taps; k++) {
                    const ptrdiff_t pixel = row_position[r] * (ptrdiff_t)in_width + run->position[k];
                    offsets[tile.taps] = pixel * (ptrdiff_t)channels;
                    w_offsets[tile.taps++] = (ptrdiff_t)((row_tap[r] * columns + run->tap[k]) * channels);
                }
            tile.row_taps = run->taps;
            bool slides = step == 1 && (run->taps == 3 || run->taps == 5 || run->taps == 7);
            for (size_t k = 1; k < run->taps; k++) slides = slides && run->position[k] == run->position[k - 1] + 1;
            NAME(depthwise_pixels)(&tile, run->count, slides, channels, image, pw, y + run->column * channels);
        }
        if (activation > DUCTUS_ACT_RELU) NAME(activate_row)(activation, out_width * channels, y);
    }
    free(tap);
    free(position);
    free(runs);
    free(offsets);
}

// TAPS x VECTORS sums over the pixels of a run, added to the gradients of the taps.
#define DEPTHWISE_GRADIENT(TAPS, VECTORS)                                                                         \
    static void NAME(depthwise_gradient_##TAPS##_##VECTORS)(size_t pixels, const T *x, size_t step,               \
                                                            const ptrdiff_t *offsets, const T *dy, size_t dy_step, \
                                                            T *dw, const ptrdiff_t *dw_offsets) {                 \
        V sums[TAPS][VECTORS];                                                                                    \
        const T *xt[TAPS];                                                                                        \
        UNROLL for (int k = 0; k < TAPS; k++) {                                                                   \
            xt[k] = x + offsets[k];                                                                               \
            UNROLL for (int v = 0; v < VECTORS; v++) sums[k][v] = (V)(T)0;                                        \
        }                                                                                                         \
        for (size_t p = 0, o = 0; p < pixels; p++, o += step, dy += dy_step) {                                    \
            V g[VECTORS];                                                                                         \
            UNROLL for (int v = 0; v < VECTORS; v++) g[v] = *(const VU *)(dy + v * L);                            \
            UNROLL for (int k = 0; k < TAPS; k++)                                                                 \
                UNROLL for (int v = 0; v < VECTORS; v++) sums[k][v] += *(const VU *)(xt[k] + o + v * L) * g[v];   \
        }                                                                                                         \
        UNROLL for (int k = 0; k < TAPS; k++)                                                                     \
            UNROLL for (int v = 0; v < VECTORS; v++) *(VU *)(dw + dw_offsets[k] + v * L) += sums[k][v];           \
    }
DEPTHWISE_GRADIENT(4, 2)
DEPTHWISE_GRADIENT(4, 1)
DEPTHWISE_GRADIENT(5, 2)
DEPTHWISE_GRADIENT(3, 2)
DEPTHWISE_GRADIENT(2, 2)
DEPTHWISE_GRADIENT(2, 1)
DEPTHWISE_GRADIENT(1, 2)
DEPTHWISE_GRADIENT(5, 1)
DEPTHWISE_GRADIENT(3, 1)
DEPTHWISE_GRADIENT(1, 1)
#undef DEPTHWISE_GRADIENT

// Few pixels at a time, so that memory is read in order, but enough to hide the additions to memory.
enum { NAME(gradient_pixels) = 16 };

// All taps of a run for one or two vectors of channels.
static void NAME(depthwise_gradient_taps)(size_t taps, size_t vectors, size_t pixels, const T *x, size_t step,
                                          const ptrdiff_t *offsets, const T *dy, size_t dy_step, T *dw,
                                          const ptrdiff_t *dw_offsets) {
#define GRADIENT(TAPS, VECTORS)                                                                                    \
    NAME(depthwise_gradient_##TAPS##_##VECTORS)(pixels, x, step, offsets + k, dy, dy_step, dw, \
                                                dw_offsets + k)
    for (size_t k = 0, n; k < taps; k += n) {
        const size_t left = taps - k;
        n = left >= 5 ? 5 : left;
        switch (n * 2 + vectors) {
        case 12: GRADIENT(5, 2); break;
        case 11: GRADIENT(5, 1); break;
        case 10: GRADIENT(4, 2); break;
        case 9: GRADIENT(4, 1); break;
        case 8: GRADIENT(3, 2); break;
        case 7: GRADIENT(3, 1); break;
        case 6: GRADIENT(2, 2); break;
        case 5: GRADIENT(2, 1); break;
        case 4: GRADIENT(1, 2); break;
        default: GRADIENT(1, 1); break;
        }
    }
#undef GRADIENT
}

static void NAME(depthwise_weight_gradient)(const ductus_window *d, const void *px, const void *pdy, size_t first_row,
                                            size_t end_row, void *pdw) {
    LEAVE(d->channels % L, depthwise_weight_gradient(d, px, pdy, first_row, end_row, pdw))
    const size_t channels = d->channels, rows = d->kernel_height, columns = d->kernel_width, width = d->out_width;
    size_t *tap = malloc((width * columns + rows) * sizeof(size_t));
    ptrdiff_t *position = malloc((width * columns + rows) * sizeof(ptrdiff_t));
    NAME(run) *runs = malloc((width + 1) * sizeof(NAME(run)));
    ptrdiff_t *offsets = malloc(2 * rows * columns * sizeof(ptrdiff_t)), *dw_offsets = offsets + rows * columns;
    const size_t count = NAME(runs)(width, d->in_width, columns, d->stride_width, d->dilation_width, d->padding_left,
                                    false, tap, position, runs);
    size_t *row_tap = tap + width * columns;
    ptrdiff_t *row_position = position + width * columns;
    const size_t step = d->stride_width * channels;
    T *dw = pdw;
    for (size_t row = first_row; row < end_row; row++) {
        const T *image = (const T *)px + row / d->out_height * d->in_height * d->in_width * channels;
        const size_t reached = NAME(reach)(row % d->out_height, d->in_height, rows, d->stride_height,
                                           d->dilation_height, d->padding_top, false, row_tap, row_position);
        for (const NAME(run) *run = runs; run < runs + count; run++) {
            const T *dy = (const T *)pdy + (row * width + run->column) * channels;
            size_t taps = 0;
            for (size_t r = 0; r < reached; r++)
                for (size_t k = 0; k < run->taps; k++) {
                    offsets[taps] = (row_position[r] * (ptrdiff_t)d->in_width + run->position[k]) * (ptrdiff_t)channels;
                    dw_offsets[taps++] = (ptrdiff_t)((row_tap[r] * columns + run->tap[k]) * channels);
                }
            for (size_t p = 0; p < run->count; p += NAME(gradient_pixels)) {
                const size_t pixels = run->count - p < NAME(gradient_pixels) ? run->count - p : NAME(gradient_pixels);
                const T *xp = image + p * step, *dyp = dy + p * channels;
                size_t c = 0;
                for (; c + L <= channels;) {
                    const size_t vectors = c + 2 * L <= channels ? 2 : 1;
                    NAME(depthwise_gradient_taps)(taps, vectors, pixels, xp + c, step, offsets, dyp + c, channels,
                                                  dw + c, dw_offsets);
                    c += vectors * L;
                }
                for (; c < channels; c++)
                    for (size_t k = 0; k < taps; k++) {
                        T sum = 0;
                        const T *x = xp + offsets[k] + c;
                        for (size_t q = 0; q < pixels; q++) sum += x[q * step] * dyp[q * channels + c];
                        dw[dw_offsets[k] + (ptrdiff_t)c] += sum;
                    }
            }
        }
    }
    free(tap);
    free(position);
    free(runs);
    free(offsets);
}
