static bool NAME(mask_scores)(size_t rows, size_t columns, bool causal, const bool *mask, void *pscores) {
    bool every = true;
    for (size_t r = 0; r < rows; r++) {
        T *scores = (T *)pscores + r * columns;
        const size_t seen = causal && r + 1 < columns ? r + 1 : columns;
        for (size_t c = seen; c < columns; c++) scores[c] = -INFINITY;
        if (!mask) continue;
        bool any = false;
        for (size_t c = 0; c < seen; c++) {
            const bool allowed = mask[r * columns + c];
            scores[c] = allowed ? scores[c] : -INFINITY;
            any |= allowed;
        }
        every &= any;
    }
    return every;
}
