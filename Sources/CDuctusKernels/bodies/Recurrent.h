// Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000:
//   c = f c' + i g,   h = o tanh c,   i, f, o = sigmoid, g = tanh of their pre-activations.
static void NAME(lstm_step)(size_t rows, size_t hidden, void *pgates, const void *pprevious, void *pcell, void *poutput,
                            size_t output_stride) {
    for (size_t r = 0; r < rows; r++) {
        T *i = (T *)pgates + r * 4 * hidden, *f = i + hidden, *g = f + hidden, *o = g + hidden;
        const T *previous = pprevious ? (const T *)pprevious + r * hidden : NULL;
        T *cell = (T *)pcell + r * hidden, *output = (T *)poutput + r * output_stride;
        for (size_t k = 0; k < 2 * hidden; k++) i[k] = NAME(sigmoid)(i[k]);
        for (size_t k = 0; k < hidden; k++) g[k] = NAME(tanh)(g[k]);
        for (size_t k = 0; k < hidden; k++) o[k] = NAME(sigmoid)(o[k]);
        if (previous)
            for (size_t k = 0; k < hidden; k++) cell[k] = f[k] * previous[k] + i[k] * g[k];
        else
            for (size_t k = 0; k < hidden; k++) cell[k] = i[k] * g[k];
        for (size_t k = 0; k < hidden; k++) output[k] = o[k] * NAME(tanh)(cell[k]);
    }
}

static void NAME(lstm_step_gradient)(size_t rows, size_t hidden, void *pgates, const void *pprevious, const void *pcell,
                                     const void *pd_output, size_t d_output_stride, const void *pd_recurrent,
                                     void *pd_cell) {
    for (size_t r = 0; r < rows; r++) {
        T *restrict i = (T *)pgates + r * 4 * hidden, *restrict f = i + hidden;
        T *restrict g = f + hidden, *restrict o = g + hidden, *restrict d_cell = (T *)pd_cell + r * hidden;
        const T *restrict cell = (const T *)pcell + r * hidden;
        const T *restrict d_output = (const T *)pd_output + r * d_output_stride;
        const T *restrict d_recurrent = (const T *)pd_recurrent + r * hidden;
        // At the first step there is no previous state: any finite numbers times zero will do.
        const T *restrict previous = pprevious ? (const T *)pprevious + r * hidden : cell;
        const T kept = pprevious ? 1 : 0;
#if T_IS_FLOAT
#pragma clang loop vectorize(assume_safety)
#endif
        for (size_t k = 0; k < hidden; k++) {
            const T dh = d_output[k] + d_recurrent[k], squashed = NAME(tanh)(cell[k]);
            const T ik = i[k], fk = f[k], gk = g[k], ok = o[k];
            const T dc = d_cell[k] + dh * ok * (1 - squashed * squashed);
            d_cell[k] = dc * fk;
            i[k] = dc * gk * ik * (1 - ik);
            f[k] = kept * dc * previous[k] * fk * (1 - fk);
            g[k] = dc * ik * (1 - gk * gk);
            o[k] = dh * squashed * ok * (1 - ok);
        }
    }
}
