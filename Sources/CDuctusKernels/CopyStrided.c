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

// Rows of y from columns of x: a matrix of 4-byte elements is transposed, in squares of 4 x 4 that stay in registers. Eight rows are written together and a part of their columns, so that lines of x which
// were read for some are still in the cache for the next.
typedef uint32_t four __attribute__((ext_vector_type(4)));
typedef uint32_t loose_four __attribute__((ext_vector_type(4), aligned(4)));

static void transpose(size_t rows, size_t columns, const uint32_t *x, ptrdiff_t x_step, uint32_t *y) {
    enum { part = 128, band = 8 };
    for (size_t first = 0; first < columns; first += part) {
        const size_t end = columns - first < part ? columns : first + part;
        for (size_t r = 0; r < rows; r += band) {
            const size_t height = rows - r < band ? rows - r : band, whole = height / 4 * 4;
            size_t c = first;
            for (; c + 4 <= end; c += 4) {
                const uint32_t *from = x + (ptrdiff_t)c * x_step + r;
                uint32_t *to = y + r * columns + c;
                for (size_t q = 0; q < whole; q += 4, from += 4, to += 4 * columns) {
                    const four a = *(const loose_four *)from, b = *(const loose_four *)(from + x_step);
                    const four d = *(const loose_four *)(from + 2 * x_step), e = *(const loose_four *)(from + 3 * x_step);
                    const four low = __builtin_shufflevector(a, b, 0, 4, 1, 5), high = __builtin_shufflevector(a, b, 2, 6, 3, 7);
                    const four lower = __builtin_shufflevector(d, e, 0, 4, 1, 5);
                    const four higher = __builtin_shufflevector(d, e, 2, 6, 3, 7);
                    *(loose_four *)to = __builtin_shufflevector(low, lower, 0, 1, 4, 5);
                    *(loose_four *)(to + columns) = __builtin_shufflevector(low, lower, 2, 3, 6, 7);
                    *(loose_four *)(to + 2 * columns) = __builtin_shufflevector(high, higher, 0, 1, 4, 5);
                    *(loose_four *)(to + 3 * columns) = __builtin_shufflevector(high, higher, 2, 3, 6, 7);
                }
                for (size_t q = whole; q < height; q++)
                    for (size_t i = 0; i < 4; i++) y[(r + q) * columns + c + i] = (x + (ptrdiff_t)(c + i) * x_step)[r + q];
            }
            for (; c < end; c++)
                for (size_t q = 0; q < height; q++) y[(r + q) * columns + c] = (x + (ptrdiff_t)c * x_step)[r + q];
        }
    }
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
    if (rank == 2 && stride == 1 && size == 4) {
        transpose((size_t)n, (size_t)shape[1], (const uint32_t *)x, strides[1], (uint32_t *)y);
        return y + n * shape[1] * 4;
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
