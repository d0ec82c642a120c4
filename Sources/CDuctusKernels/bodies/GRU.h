// Cho et al. 2014, with the reset gate after the recurrent product, as cuDNN has it:
//   r, z = sigmoid, n = tanh(its input + r m),   h = (1 - z) n + z h',   m = h' U + c.
static void NAME(gru_step)(size_t rows, size_t hidden, void *pgates, const void *pbias, void *pmemory,
                           const void *pprevious, void *poutput, size_t output_stride) {
    for (size_t row = 0; row < rows; row++) {
        T *restrict r = (T *)pgates + row * 3 * hidden, *restrict z = r + hidden, *restrict n = z + hidden;
        T *restrict memory = (T *)pmemory + row * hidden, *restrict h = (T *)poutput + row * output_stride;
        const T *restrict previous = pprevious ? (const T *)pprevious + row * output_stride : NULL;
        if (!previous) memcpy(memory, pbias, hidden * sizeof(T));
        for (size_t k = 0; k < 2 * hidden; k++) r[k] = NAME(sigmoid)(r[k]);
        for (size_t k = 0; k < hidden; k++) n[k] = NAME(tanh)(n[k] + r[k] * memory[k]);
        if (previous)
            for (size_t k = 0; k < hidden; k++) h[k] = n[k] + z[k] * (previous[k] - n[k]);
        else
            for (size_t k = 0; k < hidden; k++) h[k] = n[k] - z[k] * n[k];
    }
}

static void NAME(gru_step_gradient)(size_t rows, size_t hidden, void *pgates, void *pmemory, const void *pprevious,
                                    size_t previous_stride, const void *pd_output, size_t d_output_stride,
                                    void *pd_recurrent) {
    for (size_t row = 0; row < rows; row++) {
        T *restrict r = (T *)pgates + row * 3 * hidden, *restrict z = r + hidden, *restrict n = z + hidden;
        T *restrict memory = (T *)pmemory + row * hidden, *restrict d_recurrent = (T *)pd_recurrent + row * hidden;
        const T *restrict d_output = (const T *)pd_output + row * d_output_stride;
        // At the first step there is no previous state: any finite numbers times zero will do.
        const T *restrict previous = pprevious ? (const T *)pprevious + row * previous_stride : d_output;
        const T kept = pprevious ? 1 : 0;
        for (size_t k = 0; k < hidden; k++) {
            const T dh = d_output[k] + d_recurrent[k], rk = r[k], zk = z[k], nk = n[k];
            const T dn = dh * (1 - zk) * (1 - nk * nk);
            r[k] = dn * memory[k] * rk * (1 - rk);
            z[k] = dh * (kept * previous[k] - nk) * zk * (1 - zk);
            n[k] = dn;
            memory[k] = dn * rk;
            d_recurrent[k] = dh * zk;
        }
    }
}
