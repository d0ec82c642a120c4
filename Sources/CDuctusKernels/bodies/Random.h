// Eight Philox 4x32-10 blocks at a time, lane by lane as ductus_philox computes one.
#define LANES 8
static void NAME(philox_blocks)(uint64_t key, uint64_t stream, uint64_t first, uint32_t out[4 * LANES]) {
    uint32_t c0[LANES], c1[LANES], c2[LANES], c3[LANES];
    for (int j = 0; j < LANES; j++) {
        c0[j] = (uint32_t)(first + (uint64_t)j);
        c1[j] = (uint32_t)((first + (uint64_t)j) >> 32);
        c2[j] = (uint32_t)stream;
        c3[j] = (uint32_t)(stream >> 32);
    }
    uint32_t k0 = (uint32_t)key, k1 = (uint32_t)(key >> 32);
    for (int round = 0; round < 10; round++) {
        for (int j = 0; j < LANES; j++) {
            const uint64_t p0 = (uint64_t)0xD2511F53u * c0[j], p1 = (uint64_t)0xCD9E8D57u * c2[j];
            const uint32_t n0 = (uint32_t)(p1 >> 32) ^ c1[j] ^ k0, n2 = (uint32_t)(p0 >> 32) ^ c3[j] ^ k1;
            c1[j] = (uint32_t)p1;
            c3[j] = (uint32_t)p0;
            c0[j] = n0;
            c2[j] = n2;
        }
        k0 += 0x9E3779B9u;
        k1 += 0xBB67AE85u;
    }
    for (int j = 0; j < LANES; j++) {
        out[4 * j] = c0[j];
        out[4 * j + 1] = c1[j];
        out[4 * j + 2] = c2[j];
        out[4 * j + 3] = c3[j];
    }
}

static void NAME(random_blocks)(uint64_t key, uint64_t stream, uint64_t first, size_t count, uint32_t *words) {
    for (size_t i = 0; i < count; i += LANES) {
        if (count - i >= LANES) {
            NAME(philox_blocks)(key, stream, first + i, words + 4 * i);
        } else {
            uint32_t last[4 * LANES];
            NAME(philox_blocks)(key, stream, first + i, last);
            memcpy(words + 4 * i, last, 16 * (count - i));
        }
    }
}

#if T_IS_FLOAT
static void NAME(uniform)(uint64_t key, uint64_t stream, uint64_t block, size_t n, void *py) {
    T *y = py;
    uint32_t words[4 * LANES];
    for (size_t i = 0; i < n; i += 4 * LANES) {
        NAME(philox_blocks)(key, stream, block + i / 4, words);
        const size_t count = n - i < 4 * LANES ? n - i : 4 * LANES;
        for (size_t j = 0; j < count; j++) y[i + j] = (T)(int32_t)(words[j] >> 8) * 0x1p-24f;
    }
}
#else
static void NAME(uniform)(uint64_t key, uint64_t stream, uint64_t block, size_t n, void *py) {
    T *y = py;
    uint32_t words[4 * LANES];
    for (size_t i = 0; i < n; i += 2 * LANES) {
        NAME(philox_blocks)(key, stream, block + i / 2, words);
        const size_t count = n - i < 2 * LANES ? n - i : 2 * LANES;
        for (size_t j = 0; j < count; j++) {
            const uint64_t bits = (uint64_t)words[2 * j + 1] << 32 | words[2 * j];
            y[i + j] = (T)(int64_t)(bits >> 11) * 0x1p-53;
        }
    }
}
#endif

static void NAME(dropout_mask)(uint64_t key, uint64_t stream, uint64_t block, double rate, size_t n, void *py) {
    T *y = py;
    const T bound = (T)rate, keep = (T)(1 / (1 - rate));
    uint32_t words[4 * LANES];
    for (size_t i = 0; i < n; i += 4 * LANES) {
        NAME(philox_blocks)(key, stream, block + i / 4, words);
        const size_t count = n - i < 4 * LANES ? n - i : 4 * LANES;
        for (size_t j = 0; j < count; j++)
            y[i + j] = (T)(int32_t)(words[j] >> 8) * (T)0x1p-24 < bound ? 0 : keep;
    }
}
#undef LANES
