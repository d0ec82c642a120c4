#include "CMachine.h"
#include <pthread.h>
#include <time.h>

#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
typedef float vector __attribute__((vector_size(32)));
#else
typedef float vector __attribute__((vector_size(16)));
#endif

// Twelve chains hide the latency of a multiply-add on any processor of today.
enum { chains = 12, rounds = 4096 };

static void multiply_add(vector *values) {
    vector v[chains];
    const vector factor = values[0] * 0 + 0.999f, term = values[0] * 0 + 0.001f;
    for (int i = 0; i < chains; i++) v[i] = values[i];
    for (int round = 0; round < rounds; round++) {
#pragma clang loop unroll(full)
        for (int i = 0; i < chains; i++) {
#pragma clang fp contract(fast)
            v[i] = v[i] * factor + term;
        }
    }
    for (int i = 0; i < chains; i++) values[i] = v[i];
}

#if defined(__x86_64__)
#pragma clang attribute pop
#endif

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

typedef struct {
    double seconds, rate;
} task;

static void *run(void *argument) {
    task *t = argument;
    vector values[chains] = {0};
    const double flops = 2.0 * rounds * chains * (sizeof(vector) / sizeof(float)), end = now() + t->seconds;
    while (now() < end) {
        const double start = now();
        for (int i = 0; i < 8; i++) multiply_add(values);
        const double rate = 8 * flops / (now() - start);
        if (rate > t->rate) t->rate = rate;
    }
    return values[0][0] < 0 ? NULL : argument;
}

double machine_peak_flops(int threads, double seconds) {
    enum { most = 256 };
    pthread_t handles[most];
    task tasks[most];
    const int count = threads < 1 ? 1 : threads > most ? most : threads;
    double sum = 0;
    for (int i = 0; i < count; i++) {
        tasks[i] = (task){seconds, 0};
        if (i > 0 && pthread_create(&handles[i], NULL, run, &tasks[i]) != 0) return 0;
    }
    run(&tasks[0]);
    for (int i = 0; i < count; i++) {
        if (i > 0) pthread_join(handles[i], NULL);
        sum += tasks[i].rate;
    }
    return sum;
}
