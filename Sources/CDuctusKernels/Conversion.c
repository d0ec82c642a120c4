#include "CDuctusKernels.h"
#include <string.h>

#define ALL(FROM, TO)                                                        \
    {                                                                        \
        const FROM *from = x;                                                \
        TO *to = y;                                                          \
        for (size_t i = 0; i < n; i++) to[i] = (TO)from[i];                  \
        return n;                                                            \
    }

// Elements that do not fit become 0 and are located afterwards, so that the loop has no exits and can be vectorized.
#define THOSE_THAT(FITS, FROM, TO)                                           \
    {                                                                        \
        const FROM *from = x;                                                \
        TO *to = y;                                                          \
        bool fits = true;                                                    \
        for (size_t i = 0; i < n; i++) {                                     \
            const FROM v = from[i];                                          \
            const bool does = FITS;                                          \
            to[i] = (TO)(does ? v : 0);                                      \
            fits &= does;                                                    \
        }                                                                    \
        for (size_t i = 0; !fits && i < n; i++) {                            \
            const FROM v = from[i];                                          \
            if (!(FITS)) return i;                                           \
        }                                                                    \
        return n;                                                            \
    }

#define CONVERT(FROM, TO_INT32, TO_UINT8)                                    \
    switch (target) {                                                        \
    case DUCTUS_FLOAT: ALL(FROM, float)                                      \
    case DUCTUS_DOUBLE: ALL(FROM, double)                                    \
    case DUCTUS_INT32: TO_INT32                                              \
    case DUCTUS_UINT8: TO_UINT8                                              \
    case DUCTUS_BOOL: ALL(FROM, bool)                                        \
    }

size_t ductus_convert(ductus_element source, ductus_element target, size_t n, const void *x, void *y) {
    switch (source) {
    case DUCTUS_FLOAT:
        CONVERT(float, THOSE_THAT(v >= -0x1p31f && v < 0x1p31f, float, int32_t),
                THOSE_THAT(v > -1 && v < 256, float, uint8_t))
    case DUCTUS_DOUBLE:
        CONVERT(double, THOSE_THAT(v > -0x1p31 - 1 && v < 0x1p31, double, int32_t),
                THOSE_THAT(v > -1 && v < 256, double, uint8_t))
    case DUCTUS_INT32: CONVERT(int32_t, ALL(int32_t, int32_t), THOSE_THAT(v >= 0 && v < 256, int32_t, uint8_t))
    case DUCTUS_UINT8: CONVERT(uint8_t, ALL(uint8_t, int32_t), ALL(uint8_t, uint8_t))
    case DUCTUS_BOOL: CONVERT(bool, ALL(bool, int32_t), ALL(bool, uint8_t))
    }
}

void ductus_bfloat16_round(size_t n, const float *x, uint16_t *y) {
    for (size_t i = 0; i < n; i++) {
        uint32_t bits;
        memcpy(&bits, x + i, sizeof bits);
        // To the nearest, ties to even; what is not a number stays so.
        const uint32_t rounded = bits + 0x7FFF + (bits >> 16 & 1);
        y[i] = (uint16_t)((x[i] == x[i] ? rounded : bits | 0x400000) >> 16);
    }
}

void ductus_bfloat16_widen(size_t n, const uint16_t *x, float *y) {
    for (size_t i = 0; i < n; i++) {
        const uint32_t bits = (uint32_t)x[i] << 16;
        memcpy(y + i, &bits, sizeof bits);
    }
}
