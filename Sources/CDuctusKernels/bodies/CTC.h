// Graves, Fernandez, Gomez and Schmidhuber, Connectionist Temporal Classification, ICML 2006, in log space.
// States alternate blank, label, blank, …; IMPOSSIBLE stands for log 0 and stays finite, so that no infinity
// minus infinity can turn into "not a number".
#define IMPOSSIBLE ((T)-1e30)

static size_t NAME(ctc_workspace)(size_t time, size_t classes, size_t labels) {
    const size_t states = 2 * labels + 1;
    return time * classes + 3 * time * (states + 2) + 2 * (states + 2);
}

static inline T NAME(log_sum)(T a, T b, T c) {
    const T top = a > b ? (a > c ? a : c) : (b > c ? b : c);
    return top + NAME(log)(NAME(exp)(a - top) + NAME(exp)(b - top) + NAME(exp)(c - top));
}

// Takes the largest of a row's states out of all of them, so that long sequences do not eat up the digits.
static T NAME(ctc_rescale)(size_t states, T *row) {
    T top = IMPOSSIBLE;
    for (size_t s = 0; s < states; s++) top = row[s] > top ? row[s] : top;
    if (top <= IMPOSSIBLE / 2) return 0;
    for (size_t s = 0; s < states; s++) row[s] = row[s] <= IMPOSSIBLE / 2 ? IMPOSSIBLE : row[s] - top;
    return top;
}

static double NAME(ctc)(size_t time, size_t classes, const void *plogits, const int32_t *labels, size_t label_count,
                        int32_t blank, void *workspace, void *pgradient) {
    const size_t states = 2 * label_count + 1, width = states + 2;
    T *gradient = pgradient;
    size_t needed = label_count;
    for (size_t i = 1; i < label_count; i++) needed += labels[i] == labels[i - 1];
    memset(gradient, 0, time * classes * sizeof(T));
    if (needed > time) return (double)INFINITY;
    if (time == 0) return 0;

    // Rows of alpha have two impossible states in front, rows of beta two behind: no edge cases in the loops.
    T *log_probability = workspace, *emission = log_probability + time * classes;
    T *alpha = emission + time * width, *beta = alpha + time * width;
    T *skip_in = beta + time * width, *skip_out = skip_in + width;
    NAME(softmax)(time, classes, true, plogits, log_probability);
    for (size_t t = 0; t < time; t++)
        for (size_t s = 0; s < states; s++)
            emission[t * width + s] =
                NAME(maximum)(log_probability[t * classes + (size_t)(s % 2 ? labels[s / 2] : blank)], IMPOSSIBLE);
    for (size_t s = 0; s < states; s++) {
        const bool label = s % 2;
        skip_in[s] = label && s >= 2 && labels[s / 2] != labels[s / 2 - 1] ? 0 : IMPOSSIBLE;
        skip_out[s] = label && s + 2 < states && labels[s / 2] != labels[s / 2 + 1] ? 0 : IMPOSSIBLE;
    }

    for (size_t i = 0; i < width; i++) alpha[i] = IMPOSSIBLE;
    alpha[2] = emission[0];
    if (states > 1) alpha[3] = emission[1];
    double log_scale = NAME(ctc_rescale)(states, alpha + 2);
    for (size_t t = 1; t < time; t++) {
        const T *from = alpha + (t - 1) * width, *here = emission + t * width;
        T *to = alpha + t * width;
        to[0] = to[1] = IMPOSSIBLE;
        for (size_t s = 0; s < states; s++) {
            const T value = NAME(log_sum)(from[s + 2], from[s + 1], from[s] + skip_in[s]) + here[s];
            to[s + 2] = value < IMPOSSIBLE ? IMPOSSIBLE : value;
        }
        log_scale += NAME(ctc_rescale)(states, to + 2);
    }

    const size_t last = time - 1;
    for (size_t i = 0; i < width; i++) beta[last * width + i] = IMPOSSIBLE;
    beta[last * width + states - 1] = 0;
    if (states > 1) beta[last * width + states - 2] = 0;
    for (size_t t = last; t-- > 0;) {
        // beta leaves out the emission of its own step; `from` + its emission is the usual beta of the next step.
        const T *from = beta + (t + 1) * width, *next = emission + (t + 1) * width;
        T *to = beta + t * width;
        for (size_t s = 0; s < states; s++) {
            const T stay = from[s] + next[s];
            const T step = s + 1 < states ? from[s + 1] + next[s + 1] : IMPOSSIBLE;
            const T jump = s + 2 < states ? from[s + 2] + next[s + 2] + skip_out[s] : IMPOSSIBLE;
            const T value = NAME(log_sum)(stay, step, jump);
            to[s] = value < IMPOSSIBLE ? IMPOSSIBLE : value;
        }
        NAME(ctc_rescale)(states, to);
        to[states] = to[states + 1] = IMPOSSIBLE;
    }

    const T *end = alpha + last * width + 2;
    const T log_likelihood = NAME(log_sum)(end[states - 1], states > 1 ? end[states - 2] : IMPOSSIBLE, IMPOSSIBLE);
    for (size_t t = 0; t < time; t++) {
        T *row = gradient + t * classes;
        for (size_t c = 0; c < classes; c++) row[c] = NAME(exp)(log_probability[t * classes + c]);
        const T *a = alpha + t * width + 2, *b = beta + t * width;
        // Every path is in one of the states, so their shares add up to 1 at every step.
        T *share = emission + t * width, top = 2 * IMPOSSIBLE, sum = 0;
        for (size_t s = 0; s < states; s++) top = a[s] + b[s] > top ? a[s] + b[s] : top;
        for (size_t s = 0; s < states; s++) share[s] = NAME(exp)(a[s] + b[s] - top);
        for (size_t s = 0; s < states; s++) sum += share[s];
        for (size_t s = 0; s < states; s++) row[s % 2 ? labels[s / 2] : blank] -= share[s] / sum;
    }
    return -(log_scale + log_likelihood);
}
#undef IMPOSSIBLE
