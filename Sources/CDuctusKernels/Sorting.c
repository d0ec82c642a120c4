#include "CDuctusKernels.h"
#include <string.h>
#pragma clang diagnostic ignored "-Wnullability-completeness"

#define KEY uint32_t
#define NAME(name) name##_32
#include "bodies/RadixSort.h"
#undef KEY
#undef NAME

#define KEY uint64_t
#define NAME(name) name##_64
#include "bodies/RadixSort.h"
#undef KEY
#undef NAME

// Keys that sort like the elements: all bits of negative numbers are flipped, and the sign bit of others. When only the
// permutation is wanted, both zeros have equal keys.
#define ENCODE(KEY, BITS, IS_FLOATING)                                                                  \
    for (size_t i = 0; i < n; i++) {                                                                    \
        const KEY sign = (KEY)1 << (8 * sizeof(KEY) - 1), infinity = sizeof(KEY) == 4 ? (KEY)0x7F800000 \
                                                                                      : (KEY)0x7FF0000000000000; \
        KEY bits = ((const BITS *)x)[i];                                                                \
        if ((IS_FLOATING) && orders && bits == sign) bits = 0;                                          \
        const bool is_nan = (IS_FLOATING) && (bits & ~sign) > infinity;                                 \
        bits = (IS_FLOATING) && (bits & sign) ? ~bits : bits ^ sign;                                    \
        keys[i] = is_nan ? ~(KEY)0 : descending ? ~bits : bits;                                         \
    }

#define DECODE(KEY, BITS, IS_FLOATING)                                                \
    for (size_t i = 0; i < n; i++) {                                                  \
        const KEY sign = (KEY)1 << (8 * sizeof(KEY) - 1);                             \
        const KEY bits = descending ? ~keys[i] : keys[i];                             \
        ((BITS *)y)[i] = (BITS)((IS_FLOATING) && !(bits & sign) ? ~bits : bits ^ sign); \
    }

static void encode(ductus_element element, bool descending, bool orders, size_t n, const void *x, uint32_t *keys) {
    switch (element) {
    case DUCTUS_UINT8: ENCODE(uint32_t, uint8_t, false) break;
    case DUCTUS_INT32: ENCODE(uint32_t, uint32_t, false) break;
    default: ENCODE(uint32_t, uint32_t, true) break;
    }
}

static void encode_double(bool descending, bool orders, size_t n, const void *x, uint64_t *keys) {
    ENCODE(uint64_t, uint64_t, true)
}

size_t ductus_sort_workspace(ductus_element element, size_t n) {
    const size_t key = element == DUCTUS_DOUBLE ? sizeof(uint64_t) : sizeof(uint32_t);
    return n * (2 * key + sizeof(int32_t));
}

void ductus_sort(ductus_element element, bool descending, size_t n, const void *x, void *y, void *workspace) {
    if (element == DUCTUS_DOUBLE) {
        uint64_t *keys = workspace;
        encode_double(descending, false, n, x, keys);
        sort_64(n, keys, keys + n, NULL, NULL);
        DECODE(uint64_t, uint64_t, true)
        return;
    }
    uint32_t *keys = workspace;
    encode(element, descending, false, n, x, keys);
    sort_32(n, keys, keys + n, NULL, NULL);
    switch (element) {
    case DUCTUS_UINT8: DECODE(uint32_t, uint8_t, false) break;
    case DUCTUS_INT32: DECODE(uint32_t, uint32_t, false) break;
    default: DECODE(uint32_t, uint32_t, true) break;
    }
}

void ductus_argsort(ductus_element element, bool descending, size_t n, const void *x, int32_t *order, void *workspace) {
    for (size_t i = 0; i < n; i++) order[i] = (int32_t)i;
    if (element == DUCTUS_DOUBLE) {
        uint64_t *keys = workspace;
        encode_double(descending, true, n, x, keys);
        sort_64(n, keys, keys + n, order, (int32_t *)(keys + 2 * n));
    } else {
        uint32_t *keys = workspace;
        encode(element, descending, true, n, x, keys);
        sort_32(n, keys, keys + n, order, (int32_t *)(keys + 2 * n));
    }
}
