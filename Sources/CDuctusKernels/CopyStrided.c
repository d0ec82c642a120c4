#include "CDuctusKernels.h"
#include <string.h>

typedef char line __attribute__((ext_vector_type(32)));
typedef char loose_line __attribute__((ext_vector_type(32), aligned(1)));

void ductus_copy_rows(size_t rows, size_t bytes, const void *x, size_t x_step, void *y, size_t y_step, bool streams) {
    const char *from = x;
    char *to = y;
    const size_t size = sizeof(line);
    const bool areLines = bytes % size == 0, areAligned = areLines && y_step % size == 0 && (uintptr_t)y % size == 0;
    for (size_t r = 0; r < rows; r++, from += x_step, to += y_step)
        if (streams && areAligned)
            for (size_t b = 0; b < bytes; b += size)
                __builtin_nontemporal_store((line)*(const loose_line *)(from + b), (line *)(to + b));
        else if (areLines && bytes <= 16 * size)   // a call would cost more than a short row
            for (size_t b = 0; b < bytes; b += size) *(loose_line *)(to + b) = *(const loose_line *)(from + b);
        else
            memcpy(to, from, bytes);
#if defined(__x86_64__)
    // Non-temporal stores are not ordered with the stores that signal completion to other threads.
    if (streams) __builtin_ia32_sfence();
#endif
}

#define COPY_ROW(TYPE)                                                         \
    {                                                                          \
        const TYPE *from = (const TYPE *)x;                                    \
        TYPE *to = (TYPE *)y;                                                  \
        for (ptrdiff_t i = 0; i < n; i++) to[i] = from[i * stride];            \
    }

static char *copy(size_t size, size_t rank, const ptrdiff_t *shape, const ptrdiff_t *strides, const char *x, char *y,
                  bool streams) {
    if (rank == 0) {
        memcpy(y, x, size);
        return y + size;
    }
    const ptrdiff_t n = shape[0], stride = strides[0];
    if (rank == 2 && strides[1] == 1 && stride >= 0) {
        const size_t bytes = (size_t)shape[1] * size;
        ductus_copy_rows((size_t)n, bytes, x, (size_t)stride * size, y, bytes, streams);
        return y + (size_t)n * bytes;
    }
    if (rank > 1) {
        for (ptrdiff_t i = 0; i < n; i++)
            y = copy(size, rank - 1, shape + 1, strides + 1, x + i * stride * (ptrdiff_t)size, y, streams);
        return y;
    }
    if (stride == 1) memcpy(y, x, (size_t)n * size);
    else if (size == 1) COPY_ROW(uint8_t)
    else if (size == 4) COPY_ROW(uint32_t)
    else COPY_ROW(uint64_t)
    return y + (size_t)n * size;
}

void ductus_copy_strided(size_t size, size_t rank, const ptrdiff_t *shape, const ptrdiff_t *strides, const void *x,
                         void *y, bool streams) {
    copy(size, rank, shape, strides, x, y, streams);
}
