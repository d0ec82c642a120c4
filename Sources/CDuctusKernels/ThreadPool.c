// One pool for the whole process. The caller works too; workers sleep between jobs. Tasks are taken one by one, so
// uneven tasks balance; which thread takes which never changes a result, because tasks do not share sums.
#include "CDuctusKernels.h"
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <unistd.h>

typedef struct {
    void (*body)(void *, size_t);
    void *context;
    size_t count;
    atomic_size_t next;
} job;

static pthread_mutex_t entry = PTHREAD_MUTEX_INITIALIZER;   // one job at a time
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;    // guards what follows
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER, done = PTHREAD_COND_INITIALIZER;
static job *current;
static size_t generation, busy, workers, wanted;
static _Thread_local bool inside;

static void drain(job *j) {
    for (size_t i; (i = atomic_fetch_add_explicit(&j->next, 1, memory_order_relaxed)) < j->count;) j->body(j->context, i);
}

static void *work(void *number) {
    const size_t self = (size_t)number;
    size_t seen = 0;
    inside = true;
    pthread_mutex_lock(&lock);
    for (;;) {
        while (generation == seen) pthread_cond_wait(&wake, &lock);
        seen = generation;
        job *j = current;
        if (!j || self >= wanted) continue;
        busy++;
        pthread_mutex_unlock(&lock);
        drain(j);
        pthread_mutex_lock(&lock);
        if (--busy == 0) pthread_cond_signal(&done);
    }
    return NULL;
}

static size_t configured(void) {
    const char *text = getenv("DUCTUS_NUM_THREADS");
    const long set = text ? strtol(text, NULL, 10) : 0, cores = sysconf(_SC_NPROCESSORS_ONLN);
    const long count = set > 0 ? set : cores;
    return count < 1 ? 1 : count > 256 ? 256 : (size_t)count;
}

size_t ductus_thread_count(void) {
    pthread_mutex_lock(&lock);
    if (wanted == 0) wanted = configured();
    const size_t count = wanted;
    pthread_mutex_unlock(&lock);
    return count;
}

void ductus_set_thread_count(size_t count) {
    pthread_mutex_lock(&entry);
    pthread_mutex_lock(&lock);
    wanted = count < 1 ? 1 : count;
    pthread_mutex_unlock(&lock);
    pthread_mutex_unlock(&entry);
}

void ductus_parallel(size_t count, void *context, void (*body)(void *, size_t)) {
    if (count <= 1 || inside || ductus_thread_count() == 1 || pthread_mutex_trylock(&entry) != 0) {
        for (size_t i = 0; i < count; i++) body(context, i);
        return;
    }
    job j = {.body = body, .context = context, .count = count};
    pthread_mutex_lock(&lock);
    while (workers + 1 < wanted) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, work, (void *)(workers + 1)) != 0) break;
        pthread_detach(thread);
        workers++;
    }
    current = &j;
    generation++;
    pthread_cond_broadcast(&wake);
    pthread_mutex_unlock(&lock);

    inside = true;
    drain(&j);
    inside = false;

    pthread_mutex_lock(&lock);
    current = NULL;   // a worker that wakes late finds no job
    while (busy > 0) pthread_cond_wait(&done, &lock);
    pthread_mutex_unlock(&lock);
    pthread_mutex_unlock(&entry);
}
