#include "CDuctusKernels.h"
#include <string.h>

// Rows of one element are moved by a typed loop, since a call to memcpy would cost more.
#define EACH_ELEMENT(TYPE, STATEMENT)                     \
    {                                                     \
        const TYPE *from = x;                             \
        TYPE *to = y;                                     \
        for (size_t i = 0; i < count; i++) STATEMENT;     \
        return;                                           \
    }

void ductus_gather_rows(size_t count, size_t bytes, const void *x, const int32_t *index, void *y) {
    switch (bytes) {
    case 1: EACH_ELEMENT(uint8_t, to[i] = from[index[i]])
    case 4: EACH_ELEMENT(uint32_t, to[i] = from[index[i]])
    case 8: EACH_ELEMENT(uint64_t, to[i] = from[index[i]])
    default:
        for (size_t i = 0; i < count; i++)
            memcpy((char *)y + i * bytes, (const char *)x + (size_t)index[i] * bytes, bytes);
    }
}

void ductus_scatter_rows(size_t count, size_t bytes, size_t step, const void *x, const int32_t *index, void *y) {
    if (bytes == step) switch (bytes) {
        case 1: EACH_ELEMENT(uint8_t, to[index[i]] = from[i])
        case 4: EACH_ELEMENT(uint32_t, to[index[i]] = from[i])
        case 8: EACH_ELEMENT(uint64_t, to[index[i]] = from[i])
        default: break;
        }
    for (size_t i = 0; i < count; i++)
        memcpy((char *)y + (size_t)index[i] * step, (const char *)x + i * step, bytes);
}

#define ADD_ROWS(TYPE, STATEMENT)                                    \
    {                                                                \
        const TYPE *from = x;                                        \
        for (size_t i = 0; i < count; i++, from += step) {           \
            TYPE *to = (TYPE *)y + (size_t)index[i] * step;          \
            for (size_t c = 0; c < columns; c++) STATEMENT;          \
        }                                                            \
        return !overflows;                                           \
    }

bool ductus_scatter_add(ductus_element type, size_t count, size_t columns, size_t step, const void *x,
                        const int32_t *index, void *y) {
    bool overflows = false;
    switch (type) {
    case DUCTUS_FLOAT: ADD_ROWS(float, to[c] += from[c])
    case DUCTUS_DOUBLE: ADD_ROWS(double, to[c] += from[c])
    case DUCTUS_INT32: ADD_ROWS(int32_t, overflows |= __builtin_add_overflow(to[c], from[c], &to[c]))
    case DUCTUS_UINT8: ADD_ROWS(uint8_t, overflows |= __builtin_add_overflow(to[c], from[c], &to[c]))
    case DUCTUS_BOOL: ADD_ROWS(bool, to[c] |= from[c])
    }
}

size_t ductus_count_true(size_t n, const bool *mask) {
    size_t count = 0;
    for (size_t i = 0; i < n; i++) count += mask[i];
    return count;
}

void ductus_positions_true(size_t n, const bool *mask, int32_t first, int32_t *y) {
    enum { BLOCK = 256 };
    int32_t found[BLOCK];
    for (size_t start = 0; start < n; start += BLOCK) {
        const size_t end = n - start < BLOCK ? n : start + BLOCK;
        size_t count = 0;
        // Without a branch, which would be unpredictable: unwanted values are overwritten.
        for (size_t i = start; i < end; i++) {
            found[count] = first + (int32_t)i;
            count += mask[i];
        }
        memcpy(y, found, count * sizeof *y);
        y += count;
    }
}

#define COPY_ROW(TYPE)                                                            \
    {                                                                             \
        const TYPE *from = (const TYPE *)x, first = *from;                        \
        TYPE *to = (TYPE *)y;                                                     \
        if (x_step == 0 && y_step == 1)                                           \
            for (ptrdiff_t i = 0; i < n; i++) to[i] = first;                      \
        else                                                                      \
            for (ptrdiff_t i = 0; i < n; i++) to[i * y_step] = from[i * x_step];  \
    }

static void assign(size_t size, size_t rank, const ptrdiff_t *shape, const ptrdiff_t *x_strides, const char *x,
                   const ptrdiff_t *y_strides, char *y) {
    if (rank == 0) {
        memcpy(y, x, size);
        return;
    }
    const ptrdiff_t n = shape[0], x_step = x_strides[0], y_step = y_strides[0], bytes = (ptrdiff_t)size;
    if (rank > 1) {
        for (ptrdiff_t i = 0; i < n; i++)
            assign(size, rank - 1, shape + 1, x_strides + 1, x + i * x_step * bytes, y_strides + 1,
                   y + i * y_step * bytes);
    } else if (x_step == 1 && y_step == 1) memcpy(y, x, (size_t)(n * bytes));
    else if (size == 1) COPY_ROW(uint8_t)
    else if (size == 4) COPY_ROW(uint32_t)
    else COPY_ROW(uint64_t)
}

void ductus_assign_strided(size_t size, size_t rank, const ptrdiff_t *shape, const ptrdiff_t *x_strides, const void *x,
                           const ptrdiff_t *y_strides, void *y) {
    assign(size, rank, shape, x_strides, x, y_strides, y);
}
