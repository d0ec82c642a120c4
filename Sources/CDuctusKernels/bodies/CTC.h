// Graves, Fernandez, Gomez and Schmidhuber, Connectionist Temporal Classification, ICML 2006, in log space.
// States alternate blank, label, blank, …; IMPOSSIBLE stands for log 0 but is finite, so that infinity minus infinity
// cannot produce NaN. Rows of states are padded to whole vectors with impossible ones.
#define IMPOSSIBLE ((T)-1e30)
#define WHOLE 8

static inline size_t NAME(ctc_width)(size_t labels) { return (2 * labels + 1 + WHOLE - 1) / WHOLE * WHOLE; }

// Two impossible states before every row of alpha and after every row of beta avoid edge cases in the loops.
static size_t NAME(ctc_workspace)(size_t time, size_t classes, size_t labels) {
    const size_t width = NAME(ctc_width)(labels);
    return time * (classes + width + 2 * (width + 2)) + 2 * width;
}

static inline T NAME(log_sum)(T a, T b, T c) {
    const T larger = a > b ? a : b, smaller = a > b ? b : a;
    const T top = larger > c ? larger : c, middle = larger > c ? c : larger;
    return top + NAME(log_of_normal)(1 + NAME(exp_of_negative)(middle - top) + NAME(exp_of_negative)(smaller - top));
}

// Subtracts the maximum of a row of states from all of them, so that long sequences do not lose precision.
static T NAME(ctc_rescale)(size_t width, T *row) {
    const T top = NAME(fold_top)(width, row);
    if (top <= IMPOSSIBLE / 2) return 0;
    for (size_t s = 0; s < width; s++) row[s] = row[s] <= IMPOSSIBLE / 2 ? IMPOSSIBLE : row[s] - top;
    return top;
}

#define EACH_STATE _Pragma("clang loop interleave_count(1)") for (size_t s = 0; s < width; s++)

static void NAME(ctc_step)(size_t width, const T *restrict from, const T *restrict emission, const T *restrict skip,
                           T *restrict to) {
    EACH_STATE {
        const T value = NAME(log_sum)(from[s + 2], from[s + 1], from[s] + skip[s]) + emission[s];
        to[s + 2] = value < IMPOSSIBLE ? IMPOSSIBLE : value;
    }
}

// beta excludes the emission of its own step; `from` + its emission is the usual beta of the next step.
static void NAME(ctc_step_back)(size_t width, T *restrict from, const T *restrict emission, const T *restrict skip,
                                T *restrict to) {
    EACH_STATE from[s] += emission[s];
    EACH_STATE {
        const T value = NAME(log_sum)(from[s], from[s + 1], from[s + 2] + skip[s]);
        to[s] = value < IMPOSSIBLE ? IMPOSSIBLE : value;
    }
}

// dx = softmax(x) - the posterior probability of each class. Every path is in one of the states, so the posteriors sum
// to 1 at every step.
static void NAME(ctc_gradient)(size_t width, size_t states, size_t classes, const T *alpha, const T *beta,
                               const int32_t *labels, size_t blank, const T *log_probability, T *share, T *gradient) {
    for (size_t s = 0; s < width; s++) share[s] = alpha[s] + beta[s];
    const T top = NAME(fold_top)(width, share);
    EACH_STATE share[s] = NAME(exp_of_negative)(share[s] - top);
    const T scale = 1 / NAME(fold_sum)(states, share);
    for (size_t c = 0; c < classes; c++) gradient[c] = NAME(exp_of_negative)(log_probability[c]);
    T blanks = 0;
    for (size_t s = 0; s < states; s += 2) blanks += share[s];
    gradient[blank] -= blanks * scale;
    for (size_t s = 1; s < states; s += 2) gradient[labels[s / 2]] -= share[s] * scale;
}

static double NAME(ctc)(size_t time, size_t classes, const void *plogits, const int32_t *labels, size_t label_count,
                        int32_t blank, void *workspace, void *pgradient) {
    const size_t states = 2 * label_count + 1, width = NAME(ctc_width)(label_count), row = width + 2;
    T *gradient = pgradient;
    // Texts that need more steps than there are leave the last states impossible, so they need no check of their own.
    if (time == 0) return label_count ? (double)INFINITY : 0;

    T *log_probability = workspace, *emission = log_probability + time * classes;
    T *alpha = emission + time * width, *beta = alpha + time * row, *skip_in = beta + time * row;
    T *skip_out = skip_in + width;
    bool all_numbers = true;
    NAME(softmax)(time, classes, true, plogits, log_probability);
    for (size_t t = 0; t < time; t++) {
        T *to = emission + t * width;
        const T *from = log_probability + t * classes, none = NAME(maximum)(from[blank], IMPOSSIBLE);
        all_numbers &= none == none;
        for (size_t s = 0; s < states; s += 2) to[s] = none;
        for (size_t s = 1; s < states; s += 2) to[s] = NAME(maximum)(from[labels[s / 2]], IMPOSSIBLE);
        for (size_t s = states; s < width; s++) to[s] = IMPOSSIBLE;
    }
    // A NaN makes its whole row NaN; the following comparisons would lose it.
    if (!all_numbers) {
        for (size_t i = 0; gradient && i < time * classes; i++) gradient[i] = NAN;
        return (double)NAN;
    }
    for (size_t s = 0; s < width; s++) {
        const bool label = s % 2 && s < states;
        skip_in[s] = label && s >= 2 && labels[s / 2] != labels[s / 2 - 1] ? 0 : IMPOSSIBLE;
        skip_out[s] = label && s + 2 < states && labels[s / 2] != labels[s / 2 + 1] ? 0 : IMPOSSIBLE;
    }

    for (size_t i = 0; i < row; i++) alpha[i] = IMPOSSIBLE;
    alpha[2] = emission[0];
    if (states > 1) alpha[3] = emission[1];
    double log_scale = NAME(ctc_rescale)(width, alpha + 2);
    for (size_t t = 1; t < time; t++) {
        T *to = alpha + t * row;
        to[0] = to[1] = IMPOSSIBLE;
        NAME(ctc_step)(width, to - row, emission + t * width, skip_in, to);
        log_scale += NAME(ctc_rescale)(width, to + 2);
    }
    const T *end = alpha + (time - 1) * row + 2;
    const T log_likelihood = NAME(log_sum)(end[states - 1], states > 1 ? end[states - 2] : IMPOSSIBLE, IMPOSSIBLE);
    if (log_likelihood <= IMPOSSIBLE / 2) {
        if (gradient) memset(gradient, 0, time * classes * sizeof(T));
        return (double)INFINITY;
    }
    if (!gradient) return -(log_scale + log_likelihood);

    for (size_t i = 0; i < row; i++) beta[(time - 1) * row + i] = IMPOSSIBLE;
    beta[(time - 1) * row + states - 1] = 0;
    if (states > 1) beta[(time - 1) * row + states - 2] = 0;
    for (size_t t = time; t-- > 0;) {
        T *here = beta + t * row, *emitted = emission + t * width;
        NAME(ctc_gradient)(width, states, classes, alpha + t * row + 2, here, labels, (size_t)blank,
                           log_probability + t * classes, skip_in, gradient + t * classes);
        if (t == 0) break;
        NAME(ctc_step_back)(width, here, emitted, skip_out, here - row);
        NAME(ctc_rescale)(width, here - row);
        here[width - row] = here[width + 1 - row] = IMPOSSIBLE;
    }
    return -(log_scale + log_likelihood);
}
#undef EACH_STATE
#undef WHOLE
#undef IMPOSSIBLE
