static void NAME(sgd)(size_t n, void *pp, const void *pg, void *pvelocity, double rate, double momentum, bool nesterov,
                      double decay, double scale) {
    T *p = pp, *velocity = pvelocity;
    const T *g = pg;
    const T r = (T)rate, m = (T)momentum, d = (T)decay, factor = (T)scale;
    if (!velocity) {
        for (size_t i = 0; i < n; i++) p[i] -= r * (g[i] * factor + d * p[i]);
        return;
    }
    for (size_t i = 0; i < n; i++) {
        const T gradient = g[i] * factor + d * p[i];
        velocity[i] = m * velocity[i] + gradient;
        p[i] -= r * (nesterov ? gradient + m * velocity[i] : velocity[i]);
    }
}

static void NAME(rmsprop)(size_t n, void *pp, const void *pg, void *psquare, double rate, double rho, double epsilon,
                          double scale) {
    T *p = pp, *square = psquare;
    const T *g = pg;
    const T r = (T)rate, keep = (T)rho, add = (T)(1 - rho), e = (T)epsilon, factor = (T)scale;
    for (size_t i = 0; i < n; i++) {
        const T gradient = g[i] * factor;
        square[i] = keep * square[i] + add * gradient * gradient;
        p[i] -= r * gradient / (__builtin_elementwise_sqrt(square[i]) + e);
    }
}

static void NAME(lion)(size_t n, void *pp, const void *pg, void *pm, double rate, double beta1, double beta2, double decay,
                       double scale) {
    T *p = pp, *m = pm;
    const T *g = pg;
    const T b1 = (T)beta1, a1 = (T)(1 - beta1), b2 = (T)beta2, a2 = (T)(1 - beta2);
    const T step = (T)rate, keep = (T)(1 - rate * decay), factor = (T)scale;
    for (size_t i = 0; i < n; i++) {
        const T gradient = g[i] * factor, direction = b1 * m[i] + a1 * gradient;
        // What is not a number stays so, rather than a step of one sign.
        const T sign = direction > 0 ? 1 : direction < 0 ? -1 : direction;
        p[i] = keep * p[i] - step * sign;
        m[i] = b2 * m[i] + a2 * gradient;
    }
}

static void NAME(adam)(size_t n, void *pp, const void *pg, void *pm, void *pv, double rate, double beta1, double beta2,
                       double epsilon, double correction1, double correction2, double decay,
                       double scale) {
    T *p = pp, *m = pm, *v = pv;
    const T *g = pg;
    const T b1 = (T)beta1, a1 = (T)(1 - beta1), b2 = (T)beta2, a2 = (T)(1 - beta2), e = (T)epsilon;
    const T step = (T)(rate / correction1), root = (T)(1 / sqrt(correction2)), keep = (T)(1 - rate * decay);
    const T factor = (T)scale;
    for (size_t i = 0; i < n; i++) {
        const T gradient = g[i] * factor;
        m[i] = b1 * m[i] + a1 * gradient;
        v[i] = b2 * v[i] + a2 * gradient * gradient;
        p[i] = keep * p[i] - step * m[i] / (__builtin_elementwise_sqrt(v[i]) * root + e);
    }
}

