#define EACH(EXPRESSION)                 \
    for (size_t i = 0; i < n; i++) {     \
        T v = x[i];                      \
        y[i] = (EXPRESSION);             \
    }                                    \
    break

static void NAME(unary)(ductus_unary op, size_t n, const void *px, void *py) {
    const T *x = px;
    T *y = py;
    switch (op) {
    case DUCTUS_NEGATE: EACH(-v);
    case DUCTUS_ABSOLUTE: EACH(v < 0 ? -v : v);
    case DUCTUS_SQUARE: EACH(v * v);
    case DUCTUS_SQRT: EACH(__builtin_elementwise_sqrt(v));
    case DUCTUS_EXP: EACH(NAME(exp)(v));
    case DUCTUS_LOG: EACH(NAME(log)(v));
    case DUCTUS_TANH: EACH(NAME(tanh)(v));
    case DUCTUS_SIGMOID: EACH(NAME(sigmoid)(v));
    case DUCTUS_RELU: EACH(v < 0 ? 0 : v);
    case DUCTUS_RECIPROCAL: EACH(1 / v);
    case DUCTUS_GELU: EACH(NAME(gelu)(v));
    }
}
#undef EACH

// The two common strides get loops of their own: dense with dense, and dense with one repeated number.
#define EACH(EXPRESSION)                                                             \
    if (sa == 1 && sb == 1) {                                                        \
        for (size_t i = 0; i < n; i++) { T u = a[i], v = b[i]; y[i] = (EXPRESSION); } \
    } else if (sa == 1 && sb == 0) {                                                 \
        const T v = b[0];                                                            \
        for (size_t i = 0; i < n; i++) { T u = a[i]; y[i] = (EXPRESSION); }           \
    } else if (sa == 0 && sb == 1) {                                                 \
        const T u = a[0];                                                            \
        for (size_t i = 0; i < n; i++) { T v = b[i]; y[i] = (EXPRESSION); }           \
    } else {                                                                         \
        for (size_t i = 0; i < n; i++) {                                             \
            T u = a[(ptrdiff_t)i * sa], v = b[(ptrdiff_t)i * sb];                    \
            y[i] = (EXPRESSION);                                                     \
        }                                                                            \
    }                                                                                \
    break

static void NAME(binary)(ductus_binary op, size_t n, const void *pa, ptrdiff_t sa, const void *pb, ptrdiff_t sb,
                         void *py) {
    const T *a = pa, *b = pb;
    T *y = py;
    switch (op) {
    case DUCTUS_ADD: EACH(u + v);
    case DUCTUS_SUBTRACT: EACH(u - v);
    case DUCTUS_MULTIPLY: EACH(u * v);
    case DUCTUS_DIVIDE: EACH(u / v);
    case DUCTUS_MAXIMUM: EACH(NAME(maximum)(u, v));
    case DUCTUS_MINIMUM: EACH(NAME(minimum)(u, v));
    case DUCTUS_RELU_GRADIENT: EACH(v > 0 ? u : 0);
    case DUCTUS_TANH_GRADIENT: EACH(u * (1 - v * v));
    case DUCTUS_SIGMOID_GRADIENT: EACH(u * v * (1 - v));
    case DUCTUS_ABSOLUTE_GRADIENT: EACH(v > 0 ? u : v < 0 ? -u : 0);
    case DUCTUS_GELU_GRADIENT: EACH(NAME(gelu_gradient)(u, v));
    }
}
#undef EACH

static void NAME(axpby)(size_t n, double alpha, const void *px, double beta, void *py) {
    const T *x = px;
    T *y = py;
    const T a = (T)alpha, b = (T)beta;
    if (b == 0) {
        for (size_t i = 0; i < n; i++) y[i] = a * x[i];
    } else if (b == 1) {
        for (size_t i = 0; i < n; i++) y[i] += a * x[i];
    } else {
        for (size_t i = 0; i < n; i++) y[i] = a * x[i] + b * y[i];
    }
}

static void NAME(bias_activation)(size_t rows, size_t columns, const void *pb, ductus_activation activation, void *py) {
    const T *bias = pb;
    for (size_t r = 0; r < rows; r++) {
        T *y = (T *)py + r * columns;
        if (bias) for (size_t c = 0; c < columns; c++) y[c] += bias[c];
        switch (activation) {
        case DUCTUS_IDENTITY: break;
        case DUCTUS_ACT_RELU: for (size_t c = 0; c < columns; c++) y[c] = y[c] < 0 ? 0 : y[c]; break;
        case DUCTUS_ACT_TANH: for (size_t c = 0; c < columns; c++) y[c] = NAME(tanh)(y[c]); break;
        case DUCTUS_ACT_SIGMOID: for (size_t c = 0; c < columns; c++) y[c] = NAME(sigmoid)(y[c]); break;
        }
    }
}
