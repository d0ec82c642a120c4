// One pool for the whole process. The caller also works. Tasks are claimed one by one, which balances uneven tasks.
// Which thread runs a task never changes a result, because tasks do not share sums.
//
// Operations follow each other within microseconds, and waking a thread takes longer than many of them, so a waiting
// thread spins for a while before it sleeps. Locks are taken only if a thread sleeps.
#include "CDuctusKernels.h"
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

// The current job. Written while it is closed and no thread is busy, read by threads that joined while it was open.
static void (*body)(void *, size_t);
static void *context;
static size_t count;
static atomic_size_t next;

// The job's number, whether it is open for workers to join, and how many have joined and not left.
static _Atomic uint64_t state;
#define BUSY 0x7FFFu
#define OPEN 0x8000u
#define NUMBER 0x10000u

static pthread_mutex_t entry = PTHREAD_MUTEX_INITIALIZER;   // one job at a time
static size_t workers;                                      // guarded by `entry`
static atomic_size_t wanted;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;    // for sleeping threads and those that wake them
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER, done = PTHREAD_COND_INITIALIZER;
static atomic_size_t sleeping;
static atomic_bool caller_sleeps;

static _Thread_local bool inside;

// How often a waiting thread polls before it sleeps: about 30 microseconds.
#define PATIENCE 1500

// Pauses between polls. Occasionally yields the core, since the awaited thread may need it.
static inline void pause_briefly(int look) {
    if (look % 128 == 127) sched_yield();
#if defined(__x86_64__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("isb");
#endif
}

static void drain(void) {
    for (size_t i; (i = atomic_fetch_add_explicit(&next, 1, memory_order_relaxed)) < count;) body(context, i);
}

// Waits until the current job is no longer number `seen`, and returns the state.
static uint64_t next_job(uint64_t seen) {
    uint64_t now = atomic_load(&state);
    for (int i = 0; i < PATIENCE && now / NUMBER == seen; i++) {
        pause_briefly(i);
        now = atomic_load_explicit(&state, memory_order_acquire);
    }
    if (now / NUMBER != seen) return now;
    pthread_mutex_lock(&lock);
    atomic_fetch_add(&sleeping, 1);
    while ((now = atomic_load(&state)) / NUMBER == seen) pthread_cond_wait(&wake, &lock);
    atomic_fetch_sub(&sleeping, 1);
    pthread_mutex_unlock(&lock);
    return now;
}

static void *work(void *number) {
    const size_t self = (size_t)number;
    uint64_t seen = 0;
    inside = true;
    for (;;) {
        uint64_t now = next_job(seen);
        seen = now / NUMBER;
        if (self >= atomic_load_explicit(&wanted, memory_order_relaxed)) continue;
        bool joined = false;
        while (now / NUMBER == seen && (now & OPEN) && !joined)
            joined = atomic_compare_exchange_weak(&state, &now, now + 1);
        if (!joined) continue;
        drain();
        const uint64_t left = atomic_fetch_sub(&state, 1) - 1;
        if ((left & (OPEN | BUSY)) == 0 && atomic_load(&caller_sleeps)) {
            pthread_mutex_lock(&lock);
            pthread_cond_signal(&done);
            pthread_mutex_unlock(&lock);
        }
    }
    return NULL;
}

static void wait_for_workers(void) {
    for (int i = 0; i < PATIENCE; i++) {
        if ((atomic_load_explicit(&state, memory_order_acquire) & BUSY) == 0) return;
        pause_briefly(i);
    }
    pthread_mutex_lock(&lock);
    atomic_store(&caller_sleeps, true);
    while ((atomic_load(&state) & BUSY) > 0) pthread_cond_wait(&done, &lock);
    atomic_store(&caller_sleeps, false);
    pthread_mutex_unlock(&lock);
}

static size_t configured(void) {
    const char *text = getenv("DUCTUS_NUM_THREADS");
    const long set = text ? strtol(text, NULL, 10) : 0, cores = sysconf(_SC_NPROCESSORS_ONLN);
    const long threads = set > 0 ? set : cores;
    return threads < 1 ? 1 : threads > 256 ? 256 : (size_t)threads;
}

size_t ductus_thread_count(void) {
    size_t threads = atomic_load_explicit(&wanted, memory_order_relaxed);
    if (threads > 0) return threads;
    const size_t initial = configured();
    return atomic_compare_exchange_strong(&wanted, &threads, initial) ? initial : threads;
}

void ductus_set_thread_count(size_t threads) {
    pthread_mutex_lock(&entry);
    atomic_store(&wanted, threads < 1 ? 1 : threads);
    pthread_mutex_unlock(&entry);
}

void ductus_parallel(size_t tasks, void *its_context, void (*task)(void *, size_t)) {
    if (tasks <= 1 || inside || ductus_thread_count() == 1 || pthread_mutex_trylock(&entry) != 0) {
        for (size_t i = 0; i < tasks; i++) task(its_context, i);
        return;
    }
    while (workers + 1 < ductus_thread_count()) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, work, (void *)(workers + 1)) != 0) break;
        pthread_detach(thread);
        workers++;
    }
    body = task;
    context = its_context;
    count = tasks;
    atomic_store_explicit(&next, 0, memory_order_relaxed);
    atomic_store(&state, (atomic_load_explicit(&state, memory_order_relaxed) / NUMBER + 1) * NUMBER | OPEN);
    if (atomic_load(&sleeping) > 0) {
        pthread_mutex_lock(&lock);
        pthread_cond_broadcast(&wake);
        pthread_mutex_unlock(&lock);
    }

    inside = true;
    drain();
    inside = false;

    // Workers that arrive later find the job closed.
    if ((atomic_fetch_and(&state, ~(uint64_t)OPEN) & BUSY) > 0) wait_for_workers();
    pthread_mutex_unlock(&entry);
}

// ---- Beside the pool ----

struct ductus_thread {
    pthread_t thread;
    void (*body)(void *);
    void *context;
};

static void *run_beside(void *argument) {
    const ductus_thread *self = argument;
    inside = true;
    self->body(self->context);
    return NULL;
}

ductus_thread *ductus_thread_start(void *its_context, void (*its_body)(void *)) {
    ductus_thread *self = ductus_thread_count() == 1 ? NULL : malloc(sizeof *self);
    if (self) {
        self->body = its_body;
        self->context = its_context;
        if (pthread_create(&self->thread, NULL, run_beside, self) == 0) return self;
        free(self);
    }
    its_body(its_context);
    return NULL;
}

void ductus_thread_join(ductus_thread *self) {
    if (!self) return;
    pthread_join(self->thread, NULL);
    free(self);
}
