// Winograd minimal filtering F(4 x 4, 3 x 3) (Lavin and Gray 2015): a tile of 4 x 4 outputs needs 36 products per pair
// of channels instead of 144. The 36 products are matrix products over tiles, so nearly all work is dense.
#define PRODUCTS 36

// The one-dimensional transforms for the points 0, ±1/√2, ±√2 and infinity, which round better than 0, ±1, ±2 (Barabasz
// et al. 2020), from values `s` apart to values `t` apart.
#define R2 ((T)1.41421356237309504880)

#define INPUT_TRANSFORM(d, s, o, t)                                                        \
    do {                                                                                   \
        const V a_ = d[4 * s] - 2 * d[2 * s], b_ = R2 / 2 * d[3 * s] - R2 * d[1 * s];      \
        const V c_ = d[4 * s] - (T)0.5 * d[2 * s], e_ = R2 * d[3 * s] - R2 / 2 * d[1 * s]; \
        o[0] = d[0] + (d[4 * s] - (T)2.5 * d[2 * s]);                                      \
        o[1 * t] = a_ + b_;                                                                \
        o[2 * t] = a_ - b_;                                                                \
        o[3 * t] = c_ + e_;                                                                \
        o[4 * t] = c_ - e_;                                                                \
        o[5 * t] = d[1 * s] + (d[5 * s] - (T)2.5 * d[3 * s]);                              \
    } while (0)

#define OUTPUT_TRANSFORM(m, s, o, t)                                                       \
    do {                                                                                   \
        const V a_ = m[1 * s] + m[2 * s], b_ = m[1 * s] - m[2 * s];                        \
        const V c_ = m[3 * s] + m[4 * s], e_ = m[3 * s] - m[4 * s];                        \
        o[0] = m[0] + a_ + c_;                                                             \
        o[1 * t] = R2 / 2 * b_ + R2 * e_;                                                  \
        o[2 * t] = (T)0.5 * a_ + 2 * c_;                                                   \
        o[3 * t] = R2 / 4 * b_ + 2 * R2 * e_ + m[5 * s];                                   \
    } while (0)

// The transpose of the output transform: four values become six.
#define GRADIENT_TRANSFORM(y, s, o, t)                                                     \
    do {                                                                                   \
        const V a_ = y[0] + (T)0.5 * y[2 * s], b_ = R2 / 2 * y[1 * s] + R2 / 4 * y[3 * s]; \
        const V c_ = y[0] + 2 * y[2 * s], e_ = R2 * y[1 * s] + 2 * R2 * y[3 * s];          \
        o[0] = y[0];                                                                       \
        o[1 * t] = a_ + b_;                                                                \
        o[2 * t] = a_ - b_;                                                                \
        o[3 * t] = c_ + e_;                                                                \
        o[4 * t] = c_ - e_;                                                                \
        o[5 * t] = y[3 * s];                                                               \
    } while (0)

// Where a tile is: its first output pixel is (phase + 4 row dilation, phase + 4 column dilation). A dilated convolution
// decomposes into dense ones over every d-th pixel.
typedef struct {
    size_t image, phase_y, row, phase_x, column;
} NAME(tile_place);

static inline NAME(tile_place) NAME(tile_at)(const ductus_winograd *w, size_t tile) {
    NAME(tile_place) at;
    at.column = tile % w->tile_columns, tile /= w->tile_columns;
    at.phase_x = tile % w->dilation_width, tile /= w->dilation_width;
    at.row = tile % w->tile_rows, tile /= w->tile_rows;
    at.phase_y = tile % w->dilation_height, at.image = tile / w->dilation_height;
    return at;
}

// The next tile, without divisions.
static inline void NAME(advance)(const ductus_winograd *w, NAME(tile_place) *at) {
    if (++at->column < w->tile_columns) return;
    at->column = 0;
    if (++at->phase_x < w->dilation_width) return;
    at->phase_x = 0;
    if (++at->row < w->tile_rows) return;
    at->row = 0;
    if (++at->phase_y < w->dilation_height) return;
    at->phase_y = 0, at->image++;
}

static const T NAME(zero_pixel)[DUCTUS_WINOGRAD_CHANNELS];

// Sets PIXEL(r, c) for the SIDE x SIDE pixels of a tile from (top, left) on, which are zero beyond the image, and does BODY.
// Rows are read in place; only where columns are missing does each pixel have a pointer of its own.
#define WITH_PIXELS(SIDE, IMAGE, HEIGHT, WIDTH, CHANNELS, TOP, LEFT, BODY)                                            \
    do {                                                                                                              \
        const size_t top = (TOP), left = (LEFT), step = w->dilation_width * CHANNELS;                                 \
        /* Coordinates wrap around far beyond when negative. */                                                       \
        if (left < WIDTH && left + (SIDE - 1) * w->dilation_width < WIDTH) {                                          \
            const T *start[SIDE];                                                                                     \
            size_t apart[SIDE];                                                                                       \
            UNROLL for (int r = 0; r < SIDE; r++) {                                                                   \
                const size_t y = top + r * w->dilation_height;                                                        \
                start[r] = y < HEIGHT ? IMAGE + (y * WIDTH + left) * CHANNELS : NAME(zero_pixel);                     \
                apart[r] = y < HEIGHT ? step : 0;                                                                     \
            }                                                                                                         \
            BODY((start[r] + c * apart[r]))                                                                           \
        } else {                                                                                                      \
            const T *pixel[SIDE * SIDE];                                                                              \
            for (int r = 0; r < SIDE; r++)                                                                            \
                _Pragma("clang loop vectorize(disable) unroll(disable)") for (int c = 0; c < SIDE; c++) {             \
                    const size_t y = top + r * w->dilation_height, x = left + c * w->dilation_width;                  \
                    pixel[SIDE * r + c] =                                                                             \
                        y < HEIGHT && x < WIDTH ? IMAGE + (y * WIDTH + x) * CHANNELS : NAME(zero_pixel);              \
                }                                                                                                     \
            BODY(pixel[SIDE * r + c])                                                                                 \
        }                                                                                                             \
    } while (0)

// B' d B of tiles [first, end): v[36][stride], in rows of `channels` channels.
static void NAME(winograd_input)(const ductus_winograd *w, const T *x, size_t channels, size_t first, size_t end,
                                 size_t stride, T *v) {
    const size_t n = w->channels;
    NAME(tile_place) at = NAME(tile_at)(w, first);
    for (size_t tile = first; tile < end; tile++, v += channels, NAME(advance)(w, &at)) {
        const T *image = x + at.image * w->in_height * w->in_width * n;
#define TRANSFORM(PIXEL)                                                             \
    for (size_t k = 0; k < channels; k += L) {                                       \
        V half[36];                                                                  \
        UNROLL for (int r = 0; r < 6; r++) {                                         \
            V d[6];                                                                  \
            UNROLL for (int c = 0; c < 6; c++) d[c] = *(const VU *)(PIXEL + k);      \
            INPUT_TRANSFORM(d, 1, (half + 6 * r), 1);                                \
        }                                                                            \
        UNROLL for (int c = 0; c < 6; c++) {                                         \
            V o[6];                                                                  \
            INPUT_TRANSFORM((half + c), 6, o, 1);                                    \
            UNROLL for (int r = 0; r < 6; r++) *(VU *)(v + (6 * r + c) * stride + k) = o[r]; \
        }                                                                            \
    }
        WITH_PIXELS(6, image, w->in_height, w->in_width, n, at.phase_y + 4 * at.row * w->dilation_height - w->padding_top,
                    at.phase_x + 4 * at.column * w->dilation_width - w->padding_left, TRANSFORM);
#undef TRANSFORM
    }
}

// A dy A' of tiles [first, end): g[36][stride].
static void NAME(winograd_output_gradient)(const ductus_winograd *w, const T *dy, size_t first, size_t end,
                                           size_t stride, T *g) {
    const size_t n = w->out_channels;
    NAME(tile_place) at = NAME(tile_at)(w, first);
    for (size_t tile = first; tile < end; tile++, g += n, NAME(advance)(w, &at)) {
        const T *image = dy + at.image * w->out_height * w->out_width * n;
#define TRANSFORM(PIXEL)                                                             \
    for (size_t k = 0; k < n; k += L) {                                              \
        V half[24];                                                                  \
        UNROLL for (int r = 0; r < 4; r++) {                                         \
            V d[4];                                                                  \
            UNROLL for (int c = 0; c < 4; c++) d[c] = *(const VU *)(PIXEL + k);      \
            GRADIENT_TRANSFORM(d, 1, (half + 6 * r), 1);                             \
        }                                                                            \
        UNROLL for (int c = 0; c < 6; c++) {                                         \
            V o[6];                                                                  \
            GRADIENT_TRANSFORM((half + c), 6, o, 1);                                 \
            UNROLL for (int r = 0; r < 6; r++) *(VU *)(g + (6 * r + c) * stride + k) = o[r]; \
        }                                                                            \
    }
        WITH_PIXELS(4, image, w->out_height, w->out_width, n, at.phase_y + 4 * at.row * w->dilation_height,
                    at.phase_x + 4 * at.column * w->dilation_width, TRANSFORM);
#undef TRANSFORM
    }
}
#undef WITH_PIXELS

// A' m A of tiles [first, end), with bias and activation, to the pixels that exist.
static void NAME(winograd_output)(const ductus_winograd *w, const T *m, size_t first, size_t end, size_t stride,
                                  const T *bias, ductus_activation activation, T *y) {
    const size_t n = w->out_channels, dh = w->dilation_height, dw = w->dilation_width;
    NAME(tile_place) at = NAME(tile_at)(w, first);
    for (size_t tile = first; tile < end; tile++, m += n, NAME(advance)(w, &at)) {
        const size_t top = at.phase_y + 4 * at.row * dh, left = at.phase_x + 4 * at.column * dw;
        T *corner = y + ((at.image * w->out_height + top) * w->out_width + left) * n;
        const size_t down = dh * w->out_width * n, right = dw * n;
        // The pixels of a row and a column that exist.
        int rows = 0, columns = 0;
        while (rows < 4 && top + rows * dh < w->out_height) rows++;
        while (columns < 4 && left + columns * dw < w->out_width) columns++;
        for (size_t k = 0; k < n; k += L) {
            V half[24];
            UNROLL for (int c = 0; c < 6; c++) {
                V d[6];
                UNROLL for (int r = 0; r < 6; r++) d[r] = *(const VU *)(m + (6 * r + c) * stride + k);
                OUTPUT_TRANSFORM(d, 1, (half + c), 6);
            }
            const V b = bias ? *(const VU *)(bias + k) : (V)(T)0;
            for (int r = 0; r < rows; r++) {
                V o[4];
                OUTPUT_TRANSFORM((half + 6 * r), 1, o, 1);
                UNROLL for (int c = 0; c < 4; c++) {
                    o[c] += b;
                    if (activation == DUCTUS_ACT_RELU) o[c] = o[c] < 0 ? (V)(T)0 : o[c];
                    if (c < columns) *(VU *)(corner + r * down + c * right + k) = o[c];
                }
            }
        }
        if (activation > DUCTUS_ACT_RELU)
            for (int r = 0; r < rows; r++)
                for (int c = 0; c < columns; c++) NAME(activate_row)(activation, n, corner + r * down + c * right);
    }
}

// Three values become six.
#define FILTER_TRANSFORM(g, s, o, t)                                                              \
    do {                                                                                          \
        const V a_ = g[0] * (T)(2.0 / 3) + g[2 * s] * (T)(1.0 / 3), b_ = g[1 * s] * (R2 / 3);     \
        const V c_ = g[0] * (T)(1.0 / 6) + g[2 * s] * (T)(1.0 / 3), e_ = g[1 * s] * (R2 / 6);     \
        o[0] = g[0];                                                                              \
        o[1 * t] = -a_ - b_;                                                                      \
        o[2 * t] = b_ - a_;                                                                       \
        o[3 * t] = c_ + e_;                                                                       \
        o[4 * t] = c_ - e_;                                                                       \
        o[5 * t] = g[2 * s];                                                                      \
    } while (0)

// Its transpose: six values become three.
#define FILTER_GRADIENT_TRANSFORM(u, s, o, t)                                                                 \
    do {                                                                                                      \
        const V a_ = u[1 * s] + u[2 * s], b_ = u[2 * s] - u[1 * s];                                           \
        const V c_ = u[3 * s] + u[4 * s], e_ = u[3 * s] - u[4 * s];                                           \
        o[0] = u[0] - a_ * (T)(2.0 / 3) + c_ * (T)(1.0 / 6);                                                  \
        o[1 * t] = b_ * (R2 / 3) + e_ * (R2 / 6);                                                             \
        o[2 * t] = (c_ - a_) * (T)(1.0 / 3) + u[5 * s];                                                       \
    } while (0)

// G g G' of filters [3][3][in][out], as 36 packed matrices of in x out; for input channels [first, end).
static void NAME(winograd_filters)(size_t in, size_t out, size_t first, size_t end, const void *pw, void *ppacked) {
    LEAVE((in | out) % L, winograd_filters(in, out, first, end, pw, ppacked))
    const T *w = pw;
    T *packed = ppacked;
    for (size_t k = 0; k < out; k += L) {
        const size_t panel = k / (2 * L) * (2 * L), width = out - panel > L ? 2 * L : L;
        for (size_t c = first; c < end; c++) {
            V half[18], u[6];
            for (int q = 0; q < 3; q++) {
                V g[3];
                UNROLL for (int r = 0; r < 3; r++) g[r] = *(const VU *)(w + ((3 * r + q) * in + c) * out + k);
                FILTER_TRANSFORM(g, 1, (half + q), 3);
            }
            for (int r = 0; r < 6; r++) {
                FILTER_TRANSFORM((half + 3 * r), 1, u, 1);
                UNROLL for (int q = 0; q < 6; q++)
                    *(VU *)(packed + (6 * r + q) * in * out + panel * in + c * width + (k - panel)) = u[q];
            }
        }
    }
}

// G' du G: the gradient of filters [3][3][in][out] from that of their 36 transforms [36][in][out].
static void NAME(winograd_filter_gradient)(size_t in, size_t out, size_t first, size_t end, const void *pdu,
                                           void *pdw) {
    LEAVE((in | out) % L, winograd_filter_gradient(in, out, first, end, pdu, pdw))
    const T *du = pdu;
    T *dw = pdw;
    for (size_t c = first; c < end; c++)
        for (size_t k = 0; k < out; k += L) {
            V half[18], d[3];
            for (int q = 0; q < 6; q++) {
                V u[6];
                UNROLL for (int r = 0; r < 6; r++) u[r] = *(const VU *)(du + ((6 * r + q) * in + c) * out + k);
                FILTER_GRADIENT_TRANSFORM(u, 1, (half + q), 6);
            }
            for (int r = 0; r < 3; r++) {
                FILTER_GRADIENT_TRANSFORM((half + 6 * r), 1, d, 1);
                UNROLL for (int q = 0; q < 3; q++) *(VU *)(dw + ((3 * r + q) * in + c) * out + k) = d[q];
            }
        }
}

// Row distances of the 36 matrices avoid powers of two, which would map to the same cache sets.
static size_t NAME(winograd_stride)(size_t tiles, size_t channels) { return tiles * channels + 16; }

static size_t NAME(winograd_workspace)(const ductus_winograd *w, size_t tiles) {
    LEAVE((w->channels | w->out_channels) % L, winograd_workspace(w, tiles))
    return PRODUCTS * (NAME(winograd_stride)(tiles, w->channels) + NAME(winograd_stride)(tiles, w->out_channels));
}

static void NAME(winograd)(const ductus_winograd *w, const void *px, const void *ppacked, const void *pbias,
                           ductus_activation activation, size_t first, size_t end, void *workspace, void *py) {
    LEAVE((w->channels | w->out_channels) % L,
          winograd(w, px, ppacked, pbias, activation, first, end, workspace, py))
    const size_t tiles = end - first, in = w->channels, out = w->out_channels;
    const size_t in_stride = NAME(winograd_stride)(tiles, in), out_stride = NAME(winograd_stride)(tiles, out);
    T *v = workspace, *m = v + PRODUCTS * in_stride;
    NAME(winograd_input)(w, px, in, first, end, in_stride, v);
    for (size_t t = 0; t < PRODUCTS; t++)
        NAME(multiply)(tiles, in, out, v + t * in_stride, in, (const T *)ppacked + t * in * out, NULL, DUCTUS_IDENTITY,
                       false, m + t * out_stride, out);
    NAME(winograd_output)(w, m, first, end, out_stride, pbias, activation, py);
}

// du[c][k] += sum over rows of v[row][c] g[row][k]
#define OUTER(ROWS, VECTORS)                                                                                     \
    for (; c + ROWS <= in; c += ROWS) {                                                                          \
        V sums[ROWS][VECTORS];                                                                                   \
        UNROLL for (int p = 0; p < ROWS; p++)                                                                    \
            UNROLL for (int q = 0; q < VECTORS; q++) sums[p][q] = *(const VU *)(du + (c + p) * out + k + q * L); \
        const T *vr = v + c, *gr = g + k;                                                                        \
        for (size_t row = 0; row < rows; row++, vr += in, gr += out) {                                           \
            V b[VECTORS];                                                                                        \
            UNROLL for (int q = 0; q < VECTORS; q++) b[q] = *(const VU *)(gr + q * L);                           \
            UNROLL for (int p = 0; p < ROWS; p++) {                                                              \
                const V a = (V)vr[p];                                                                            \
                UNROLL for (int q = 0; q < VECTORS; q++) sums[p][q] += a * b[q];                                 \
            }                                                                                                    \
        }                                                                                                        \
        UNROLL for (int p = 0; p < ROWS; p++)                                                                    \
            UNROLL for (int q = 0; q < VECTORS; q++) *(VU *)(du + (c + p) * out + k + q * L) = sums[p][q];       \
    }

static void NAME(outer_products)(size_t rows, size_t in, size_t out, const T *v, const T *g, T *du) {
    size_t k = 0;
    for (; k + 2 * L <= out; k += 2 * L) {
        size_t c = 0;
#if TILE_ROWS == 8
        OUTER(8, 2)
#else
        OUTER(6, 2)
#endif
        OUTER(4, 2) OUTER(2, 2)
    }
    if (k < out) {
        size_t c = 0;
        OUTER(8, 1) OUTER(4, 1)
    }
}
#undef OUTER

static void NAME(winograd_gradient)(const ductus_winograd *w, const void *px, const void *pdy, size_t first, size_t end,
                                    size_t first_channel, size_t end_channel, void *workspace, void *pdu) {
    LEAVE((w->channels | w->out_channels) % L,
          winograd_gradient(w, px, pdy, first, end, first_channel, end_channel, workspace, pdu))
    const size_t tiles = end - first, in = end_channel - first_channel, out = w->out_channels;
    const size_t in_stride = NAME(winograd_stride)(tiles, in), out_stride = NAME(winograd_stride)(tiles, out);
    T *v = workspace, *g = v + PRODUCTS * in_stride;
    NAME(winograd_input)(w, (const T *)px + first_channel, in, first, end, in_stride, v);
    NAME(winograd_output_gradient)(w, pdy, first, end, out_stride, g);
    for (size_t t = 0; t < PRODUCTS; t++)
        NAME(outer_products)(tiles, in, out, v + t * in_stride, g + t * out_stride,
                             (T *)pdu + (t * w->channels + first_channel) * out);
}
#undef PRODUCTS
#undef R2
#undef INPUT_TRANSFORM
#undef OUTPUT_TRANSFORM
#undef GRADIENT_TRANSFORM
#undef FILTER_TRANSFORM
#undef FILTER_GRADIENT_TRANSFORM
