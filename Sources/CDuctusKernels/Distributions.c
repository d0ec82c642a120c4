// Random numbers of several distributions, bit-identical on every processor: computed only with +, -, *, / and square
// roots, which IEEE 754 defines exactly, in the order as written.
#include "CDuctusKernels.h"
#include <string.h>
#pragma STDC FP_CONTRACT OFF

// ---- Functions ----

static inline double from_bits(uint64_t bits) {
    double x;
    memcpy(&x, &bits, 8);
    return x;
}

static inline uint64_t to_bits(double x) {
    uint64_t bits;
    memcpy(&bits, &x, 8);
    return bits;
}

// ln 2 in two parts, the first short enough for its products with exponents to be exact.
static const double ln2_high = 0x1.62e42feep-1, ln2_low = 0x1.a39ef35793c76p-33;

// x = 2^e m with m from sqrt(1/2) to sqrt(2), f = m - 1 and s = f / (2 + f): log m = 2 artanh s = f - s (f - r), where
// r = 2 (s^2/3 + s^4/5 + ...).
static inline double logarithm(double x) {
    const uint64_t root_of_half = 0x3FE6A09E667F3BCD, one = 0x3FF0000000000000, mantissa = 0x000FFFFFFFFFFFFF;
    const uint64_t bits = to_bits(x) + (one - root_of_half);
    const double e = (double)((int32_t)(bits >> 52) - 1023);
    const double f = from_bits((bits & mantissa) + root_of_half) - 1, s = f / (2 + f), z = s * s;
    double r = 2.0 / 21;
    r = r * z + 2.0 / 19;
    r = r * z + 2.0 / 17;
    r = r * z + 2.0 / 15;
    r = r * z + 2.0 / 13;
    r = r * z + 2.0 / 11;
    r = r * z + 2.0 / 9;
    r = r * z + 2.0 / 7;
    r = r * z + 2.0 / 5;
    r = r * z + 2.0 / 3;
    r = r * z;
    return e * ln2_high + (f - (s * (f - r) - e * ln2_low));
}

// The nearest quarter turn is subtracted exactly; Taylor series cover the rest, up to pi / 4.
static inline void sine_cosine(double t, double *sine, double *cosine) {
    const int32_t quarters = (int32_t)(4 * t + 0.5);
    const double a = (t - quarters * 0.25) * 6.283185307179586477, z = a * a;
    double s = 1.0 / 355687428096000;  // 17!
    s = s * z - 1.0 / 1307674368000;
    s = s * z + 1.0 / 6227020800;
    s = s * z - 1.0 / 39916800;
    s = s * z + 1.0 / 362880;
    s = s * z - 1.0 / 5040;
    s = s * z + 1.0 / 120;
    s = s * z - 1.0 / 6;
    s = a + a * (s * z);
    double c = 1.0 / 20922789888000;  // 16!
    c = c * z - 1.0 / 87178291200;
    c = c * z + 1.0 / 479001600;
    c = c * z - 1.0 / 3628800;
    c = c * z + 1.0 / 40320;
    c = c * z - 1.0 / 720;
    c = c * z + 1.0 / 24;
    c = 1 - (0.5 * z - c * (z * z));
    const double x = quarters & 1 ? s : c, y = quarters & 1 ? c : s;
    *cosine = (quarters + 1) & 2 ? -x : x;
    *sine = quarters & 2 ? -y : y;
}

double ductus_log(double x) { return logarithm(x); }

void ductus_sine_cosine_of_turn(double t, double *sine, double *cosine) { sine_cosine(t, sine, cosine); }

// 2^n e^r with |r| <= ln 2 / 2, the second factor by a Taylor series.
double ductus_exp_of_negative(double x) {
    if (!(x > -708)) return x <= -708 ? 0 : x;
    const int32_t n = (int32_t)(x * 1.442695040888963407 - 0.5);
    const double r = (x - n * ln2_high) - n * ln2_low;
    double p = 1.0 / 6227020800;  // 13!
    p = p * r + 1.0 / 479001600;
    p = p * r + 1.0 / 39916800;
    p = p * r + 1.0 / 3628800;
    p = p * r + 1.0 / 362880;
    p = p * r + 1.0 / 40320;
    p = p * r + 1.0 / 5040;
    p = p * r + 1.0 / 720;
    p = p * r + 1.0 / 120;
    p = p * r + 1.0 / 24;
    p = p * r + 1.0 / 6;
    p = p * r + 0.5;
    p = p * r * r + r + 1;
    return p * from_bits((uint64_t)(1023 + n) << 52);
}

// ---- Numbers of a stream ----

// The number of random numbers per batch, enough for vector code.
enum { BATCH = 64 };

// Uniform in [0, 1), from the first 53 bits of two words.
static inline double unit(const uint32_t words[2]) {
    return (double)(int64_t)(((uint64_t)words[1] << 32 | words[0]) >> 11) * 0x1p-53;
}

// BATCH uniform numbers in [0, 1), starting at number `index` with two per block.
static void units(ductus_random from, size_t index, double *u) {
    uint32_t words[2 * BATCH];
    ductus_kernels_double()->random_blocks(from.key, from.stream, from.block + index / 2, BATCH / 2, words);
    for (size_t j = 0; j < BATCH; j++) u[j] = unit(words + 2 * j);
}

// The block for a number if its own block and all earlier attempts were rejected. The last byte of the counter numbers
// the attempts.
static void attempt_block(ductus_random from, uint64_t index, uint64_t attempt, uint32_t words[4]) {
    ductus_philox(from.key, (from.block + index) | attempt << 56, from.stream, words);
}

static void write(const double *values, size_t n, size_t size, size_t index, void *y) {
    if (size == sizeof(float))
        for (size_t j = 0; j < n; j++) ((float *)y)[index + j] = (float)values[j];
    else
        memcpy((double *)y + index, values, n * sizeof(double));
}

static inline size_t least(size_t a, size_t b) { return a < b ? a : b; }

// Converts pairs of uniform numbers to pairs of normal ones.
static void box_muller(double *u) {
    double squares[BATCH / 2];
    for (size_t j = 0; j < BATCH / 2; j++) squares[j] = -2 * logarithm(1 - u[2 * j]);
    for (size_t j = 0; j < BATCH / 2; j++) {
        double sine, cosine;
        const double radius = __builtin_elementwise_sqrt(squares[j]);
        sine_cosine(u[2 * j + 1], &sine, &cosine);
        u[2 * j] = radius * cosine;
        u[2 * j + 1] = radius * sine;
    }
}

void ductus_random_normal(ductus_random from, double mean, double deviation, size_t n, size_t size, void *y) {
    double z[BATCH];
    for (size_t i = 0; i < n; i += BATCH) {
        units(from, i, z);
        box_muller(z);
        for (size_t j = 0; j < BATCH; j++) z[j] = mean + deviation * z[j];
        write(z, least(BATCH, n - i), size, i, y);
    }
}

void ductus_random_exponential(ductus_random from, double rate, size_t n, size_t size, void *y) {
    double x[BATCH];
    for (size_t i = 0; i < n; i += BATCH) {
        units(from, i, x);
        for (size_t j = 0; j < BATCH; j++) x[j] = -logarithm(1 - x[j]) / rate;
        write(x, least(BATCH, n - i), size, i, y);
    }
}

// Whether a pair of uniform numbers gives a number of the distribution truncated at `bound`.
static bool is_within(double bound, double u, double v, double *z) {
    if (bound > 1.25) {
        // The first of two normal numbers that is within bounds; often both are.
        double sine, cosine;
        const double radius = __builtin_elementwise_sqrt(-2 * logarithm(1 - u));
        sine_cosine(v, &sine, &cosine);
        *z = radius * cosine;
        if (*z >= -bound && *z <= bound) return true;
        *z = radius * sine;
        return *z >= -bound && *z <= bound;
    }
    // Uniform numbers, accepted with a probability given by the density: for narrow bounds, nearly all.
    *z = bound * (2 * u - 1);
    return logarithm(1 - v) <= -0.5 * *z * *z;
}

void ductus_random_truncated_normal(ductus_random from, double mean, double deviation, double bound, size_t n,
                                    size_t size, void *y) {
    double u[BATCH], z[BATCH / 2];
    for (size_t i = 0; i < n; i += BATCH / 2) {
        units(from, 2 * i, u);
        for (size_t j = 0; j < BATCH / 2; j++) {
            bool found = is_within(bound, u[2 * j], u[2 * j + 1], &z[j]);
            for (uint64_t attempt = 1; !found; attempt++) {
                uint32_t words[4];
                attempt_block(from, i + j, attempt, words);
                found = is_within(bound, unit(words), unit(words + 2), &z[j]);
            }
            z[j] = mean + deviation * z[j];
        }
        write(z, least(BATCH / 2, n - i), size, i, y);
    }
}

void ductus_random_bernoulli(ductus_random from, double probability, size_t n, bool *y) {
    double u[BATCH];
    for (size_t i = 0; i < n; i += BATCH) {
        units(from, i, u);
        for (size_t j = 0; j < least(BATCH, n - i); j++) y[i + j] = u[j] < probability;
    }
}

void ductus_random_bernoulli_of(ductus_random from, const void *probabilities, size_t n, size_t size, bool *y) {
    double u[BATCH];
    for (size_t i = 0; i < n; i += BATCH) {
        units(from, i, u);
        for (size_t j = 0; j < least(BATCH, n - i); j++)
            y[i + j] = u[j] < (size == sizeof(float) ? ((const float *)probabilities)[i + j]
                                                     : ((const double *)probabilities)[i + j]);
    }
}

// Lemire, Fast Random Integer Generation in an Interval, 2019: the product's upper half, unless the lower one is among
// the few that would make some results likelier.
static uint32_t below(uint64_t count, ductus_random from, size_t index, uint32_t word) {
    uint64_t product = word * count;
    if ((uint32_t)product < count) {
        const uint64_t surplus = ((UINT64_C(1) << 32) - count) % count;
        for (uint64_t attempt = 1; (uint32_t)product < surplus; attempt++) {
            uint32_t words[4];
            attempt_block(from, index / 4, attempt, words);
            product = words[index % 4] * count;
        }
    }
    return (uint32_t)(product >> 32);
}

void ductus_random_integers(ductus_random from, int64_t low, uint64_t count, size_t n, size_t size, void *y) {
    uint32_t words[BATCH];
    for (size_t i = 0; i < n; i += BATCH) {
        ductus_kernels_double()->random_blocks(from.key, from.stream, from.block + i / 4, BATCH / 4, words);
        for (size_t j = 0; j < least(BATCH, n - i); j++) {
            const int64_t value = low + below(count, from, i + j, words[j]);
            if (size == 1) ((uint8_t *)y)[i + j] = (uint8_t)value;
            else ((int32_t *)y)[i + j] = (int32_t)value;
        }
    }
}

void ductus_random_permutation(ductus_random from, size_t n, int32_t *y) {
    uint32_t words[BATCH];
    for (size_t i = 0; i < n; i += BATCH) {
        ductus_kernels_double()->random_blocks(from.key, from.stream, from.block + i / 4, BATCH / 4, words);
        for (size_t j = i; j < least(i + BATCH, n); j++) {
            const uint32_t place = below(j + 1, from, j, words[j - i]);
            y[j] = y[place];
            y[place] = (int32_t)j;
        }
    }
}

bool ductus_cumulative_weights(const void *x, bool are_logits, size_t n, size_t size, double *sums) {
    double largest = -__builtin_inf(), sum = 0;
    for (size_t i = 0; i < n; i++) {
        sums[i] = size == sizeof(float) ? ((const float *)x)[i] : ((const double *)x)[i];
        if (sums[i] != sums[i] || (!are_logits && sums[i] < 0)) return false;
        largest = sums[i] > largest ? sums[i] : largest;
    }
    if (are_logits && largest - largest != 0) return false;
    for (size_t i = 0; i < n; i++) {
        sum += are_logits ? ductus_exp_of_negative(sums[i] - largest) : sums[i];
        sums[i] = sum;
    }
    return sum > 0 && sum - sum == 0;
}

void ductus_random_categories(ductus_random from, const double *sums, size_t rows, size_t classes, size_t first,
                              size_t n, int32_t *y) {
    double u[BATCH];
    for (size_t i = 0; i < n; i += BATCH) {
        units(from, i, u);
        for (size_t j = 0; j < least(BATCH, n - i); j++) {
            const double *row = sums + (first + i + j) % rows * classes, threshold = u[j] * row[classes - 1];
            // The first sum above the threshold, which is never a class of weight 0.
            size_t low = 0, high = classes - 1;
            while (low < high) {
                const size_t middle = low + (high - low) / 2;
                if (row[middle] > threshold) high = middle;
                else low = middle + 1;
            }
            y[i + j] = (int32_t)low;
        }
    }
}
