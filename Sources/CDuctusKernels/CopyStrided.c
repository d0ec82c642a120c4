#include "CDuctusKernels.h"
#include <string.h>

#define COPY_ROW(TYPE)                                                         \
    {                                                                          \
        const TYPE *from = (const TYPE *)x;                                    \
        TYPE *to = (TYPE *)y;                                                  \
        for (ptrdiff_t i = 0; i < n; i++) to[i] = from[i * stride];            \
    }

static char *copy(size_t size, size_t rank, const ptrdiff_t *shape, const ptrdiff_t *strides, const char *x, char *y) {
    if (rank == 0) {
        memcpy(y, x, size);
        return y + size;
    }
    const ptrdiff_t n = shape[0], stride = strides[0];
    if (rank > 1) {
        for (ptrdiff_t i = 0; i < n; i++)
            y = copy(size, rank - 1, shape + 1, strides + 1, x + i * stride * (ptrdiff_t)size, y);
        return y;
    }
    if (stride == 1) memcpy(y, x, (size_t)n * size);
    else if (size == 1) COPY_ROW(uint8_t)
    else if (size == 4) COPY_ROW(uint32_t)
    else COPY_ROW(uint64_t)
    return y + (size_t)n * size;
}

void ductus_copy_strided(size_t size, size_t rank, const ptrdiff_t *shape, const ptrdiff_t *strides, const void *x,
                         void *y) {
    copy(size, rank, shape, strides, x, y);
}
