// Empty without the trait MPI.
#ifdef DUCTUS_MPI
#define _GNU_SOURCE
#include "ductus_mpi.h"

#include <mpi.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/// Counts are `int` in MPI; larger arrays are passed in pieces.
#define PIECE ((size_t)1 << 28)

enum tag { DATA = 1, MESSAGE, NOTICE };

static double limit = 300, silence = 10;
static _Atomic bool aborted;
static char (*hosts)[MPI_MAX_PROCESSOR_NAME];

/// The number of collective calls so far: what a rank waits for.
static long collective;

static double now(void) {
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

int ductus_mpi_rank(void) {
    int rank;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank);
    return rank;
}

int ductus_mpi_size(void) {
    int size;
    MPI_Comm_size(MPI_COMM_WORLD, &size);
    return size;
}

_Noreturn void ductus_mpi_abort(int status) {
    aborted = true;
    // The launcher may wait for a host that does not answer, and MPI for the launcher.
    signal(SIGALRM, SIG_DFL);
    alarm(5);
    MPI_Abort(MPI_COMM_WORLD, status);
    _exit(status);
}

// MARK: Signs of life

// A thread of rank 0 exchanges a byte a second with one of every other rank, so that a process or host that is lost is noticed
// whatever the others wait for. A rank that leaves says so, and is not missed then.

enum sign { ALIVE = 1, LEAVING = 2 };

static MPI_Comm signs;
static pthread_t watcher;
static bool watches;
static _Atomic bool leaving;

/// What a rank knows of another one.
struct peer {
    char sent, received;
    MPI_Request sending, receiving;
    double heard, told;
    bool has_left, knows_that_we_leave;
};

/// When another rank was missed; 0 as long as none is.
static double loss;

static void lose(int rank, double seconds) {
    fprintf(stderr, "ductus: nothing has been heard of rank %d on %s for %.0f seconds; its process or host is lost. The job "
            "ends, resume it from its last checkpoint.\n", rank, hosts[rank], seconds);
    loss = now();
}

static void watch_peer(struct peer *peer, int rank) {
    int done;
    while (!peer->has_left) {
        MPI_Test(&peer->receiving, &done, MPI_STATUS_IGNORE);
        if (!done) break;
        peer->heard = now();
        peer->has_left = peer->received == LEAVING;
        if (!peer->has_left) MPI_Irecv(&peer->received, 1, MPI_CHAR, rank, 0, signs, &peer->receiving);
    }
    if (!peer->has_left && !loss && now() - peer->heard > silence) lose(rank, now() - peer->heard);
    MPI_Test(&peer->sending, &done, MPI_STATUS_IGNORE);
    if (!done || peer->knows_that_we_leave || (!leaving && now() - peer->told < 1)) return;
    peer->told = now();
    peer->knows_that_we_leave = leaving;
    peer->sent = leaving ? LEAVING : ALIVE;
    MPI_Isend(&peer->sent, 1, MPI_CHAR, rank, 0, signs, &peer->sending);
}

static void *watch(void *unused) {
    (void)unused;
    const int first = ductus_mpi_rank() == 0 ? 1 : 0, count = first == 1 ? ductus_mpi_size() - 1 : 1;
    struct peer *peers = calloc((size_t)count, sizeof *peers);
    for (int i = 0; i < count; i++) {
        peers[i].sending = MPI_REQUEST_NULL;
        peers[i].heard = now();
        MPI_Irecv(&peers[i].received, 1, MPI_CHAR, first + i, 0, signs, &peers[i].receiving);
    }
    double last = now();
    for (bool stays = true; stays && !aborted; usleep(100000)) {
        stays = false;
        // A process that was stopped and goes on, perhaps with the whole job, could not hear anything.
        const bool was_stopped = now() - last > 2;
        last = now();
        for (int i = 0; i < count && !aborted; i++) {
            if (was_stopped) peers[i].heard = last;
            watch_peer(&peers[i], first + i);
            stays |= !peers[i].has_left || !peers[i].knows_that_we_leave || peers[i].sending != MPI_REQUEST_NULL;
        }
        // A launcher that is asked to end a lost host waits for it; one that notices the loss itself does not.
        if (loss && now() - loss > 10) ductus_mpi_abort(1);
    }
    free(peers);
    return NULL;
}

static void finish(void) {
    int finalized;
    MPI_Finalized(&finalized);
    if (finalized || aborted) return;
    leaving = true;
    if (watches) pthread_join(watcher, NULL);
    MPI_Finalize();
}

void ductus_mpi_start(double timeout, double longest_silence) {
    int provided, length;
    MPI_Init_thread(NULL, NULL, MPI_THREAD_MULTIPLE, &provided);
    if (provided < MPI_THREAD_SERIALIZED) {
        fprintf(stderr, "ductus: this MPI library allows calls by one thread only; use one that is built with threads.\n");
        MPI_Abort(MPI_COMM_WORLD, 1);
    }
    limit = timeout;
    silence = longest_silence;
    char name[MPI_MAX_PROCESSOR_NAME] = "";
    MPI_Get_processor_name(name, &length);
    hosts = calloc((size_t)ductus_mpi_size(), sizeof *hosts);
    MPI_Allgather(name, sizeof name, MPI_CHAR, hosts, sizeof name, MPI_CHAR, MPI_COMM_WORLD);
    atexit(finish);
    MPI_Comm_dup(MPI_COMM_WORLD, &signs);
    watches = ductus_mpi_size() > 1 && provided == MPI_THREAD_MULTIPLE && pthread_create(&watcher, NULL, watch, NULL) == 0;
}

int ductus_mpi_ranks_on_host(void) {
    const int rank = ductus_mpi_rank(), size = ductus_mpi_size();
    int count = 0;
    for (int other = 0; other < size; other++) count += strcmp(hosts[other], hosts[rank]) == 0;
    return count;
}

int ductus_mpi_processors(void) {
#ifdef __linux__
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return CPU_COUNT(&set);
#endif
    return (int)sysconf(_SC_NPROCESSORS_ONLN);
}

// MARK: Waiting

/// Sleeps for longer the longer it has been called in a row.
static void pause_after(int looks) {
    if (looks < 200) {
        sched_yield();
        return;
    }
    const long microseconds = looks < 400 ? 20 : looks < 800 ? 100 : 1000;
    nanosleep(&(struct timespec){.tv_nsec = 1000 * microseconds}, NULL);
}

/// Ends the job: rank 0 names those that have not told it in time that they wait for the same.
static _Noreturn void give_up(const char *what) {
    const int size = ductus_mpi_size();
    bool *waits = calloc((size_t)size, sizeof *waits);
    waits[0] = true;
    for (double end = now() + 2; now() < end; usleep(1000)) {
        int is_there;
        MPI_Status status;
        MPI_Iprobe(MPI_ANY_SOURCE, NOTICE, MPI_COMM_WORLD, &is_there, &status);
        if (!is_there) continue;
        long number;
        MPI_Recv(&number, 1, MPI_LONG, status.MPI_SOURCE, NOTICE, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
        if (number == collective) waits[status.MPI_SOURCE] = true;
    }
    for (int rank = 0; rank < size; rank++) {
        if (waits[rank]) continue;
        fprintf(stderr, "ductus: rank %d on %s has not reached the %s that the others have waited for %.0f seconds; "
                "the job ends, resume it from its last checkpoint.\n", rank, hosts[rank], what, limit);
    }
    ductus_mpi_abort(1);
}

/// Waits for all requests. With `what`, the name of a collective call, not longer than the limit.
static void wait_for(int count, MPI_Request *requests, const char *what) {
    const int rank = ductus_mpi_rank();
    const double start = now();
    bool told = false;
    for (int looks = 0, done = 0;; looks += looks < 1000) {
        MPI_Testall(count, requests, &done, MPI_STATUSES_IGNORE);
        if (done) return;
        pause_after(looks);
        if (!what || looks < 800) continue;
        const double waited = now() - start;
        if (waited > limit && rank == 0) give_up(what);
        if (waited > limit && !told) {
            MPI_Send(&collective, 1, MPI_LONG, 0, NOTICE, MPI_COMM_WORLD);
            told = true;
        }
        if (waited > 2 * limit + 5) {
            fprintf(stderr, "ductus: rank 0 on %s has not reached the %s that rank %d has waited for %.0f seconds; the job "
                    "ends, resume it from its last checkpoint.\n", hosts[0], what, rank, waited);
            ductus_mpi_abort(1);
        }
    }
}

// MARK: Collective calls

void ductus_mpi_broadcast(uint8_t *bytes, size_t count) {
    collective++;
    for (size_t start = 0; start < count; start += PIECE) {
        MPI_Request request;
        MPI_Ibcast(bytes + start, (int)smaller(PIECE, count - start), MPI_BYTE, 0, MPI_COMM_WORLD, &request);
        wait_for(1, &request, NULL);
    }
}

/// Starts to send or receive, in pieces; returns the number of requests.
static int start_each(
    bool sends, MPI_Datatype type, size_t width, void *values, size_t count, int rank, MPI_Request *requests
) {
    int started = 0;
    for (size_t start = 0; start < count; start += PIECE) {
        char *piece = (char *)values + start * width;
        const int length = (int)smaller(PIECE, count - start);
        if (sends) MPI_Isend(piece, length, type, rank, DATA, MPI_COMM_WORLD, &requests[started++]);
        else MPI_Irecv(piece, length, type, rank, DATA, MPI_COMM_WORLD, &requests[started++]);
    }
    return started;
}

static size_t pieces(size_t count) { return (count + PIECE - 1) / PIECE; }

void ductus_mpi_gather(const uint8_t *bytes, size_t count, uint8_t *all, const size_t *counts) {
    const int rank = ductus_mpi_rank(), size = ductus_mpi_size();
    collective++;
    size_t most = pieces(count) * (size_t)size;
    for (int other = 0; other < size; other++) most += pieces(counts[other]);
    MPI_Request *requests = malloc((most + 1) * sizeof *requests);
    int started = 0;
    size_t offset = 0;
    for (int other = 0; other < size; offset += counts[other++]) {
        if (other == rank) memcpy(all + offset, bytes, count);
        else started += start_each(false, MPI_BYTE, 1, all + offset, counts[other], other, requests + started);
    }
    // Every rank begins with the one after it, so that not all send to the same.
    for (int step = 1; step < size; step++) {
        started += start_each(true, MPI_BYTE, 1, (void *)bytes, count, (rank + step) % size, requests + started);
    }
    wait_for(started, requests, "gathering of results");
    free(requests);
}

void ductus_mpi_exchange(
    float *const *out, const size_t *out_counts, float *const *in, const size_t *in_counts
) {
    const int rank = ductus_mpi_rank(), size = ductus_mpi_size();
    collective++;
    size_t most = 0;
    for (int other = 0; other < size; other++) most += pieces(out_counts[other]) + pieces(in_counts[other]);
    MPI_Request *requests = malloc((most + 1) * sizeof *requests);
    int started = 0;
    for (int step = 1; step < size; step++) {
        const int from = (rank + size - step) % size;
        started += start_each(false, MPI_FLOAT, sizeof(float), in[from], in_counts[from], from, requests + started);
    }
    for (int step = 1; step < size; step++) {
        const int to = (rank + step) % size;
        started += start_each(true, MPI_FLOAT, sizeof(float), out[to], out_counts[to], to, requests + started);
    }
    memcpy(in[rank], out[rank], in_counts[rank] * sizeof(float));
    wait_for(started, requests, "sum of gradients");
    free(requests);
}

void ductus_mpi_sum(float *values, size_t count) {
    collective++;
    for (size_t start = 0; start < count; start += PIECE) {
        MPI_Request request;
        MPI_Iallreduce(
            MPI_IN_PLACE, values + start, (int)smaller(PIECE, count - start), MPI_FLOAT, MPI_SUM, MPI_COMM_WORLD,
            &request);
        wait_for(1, &request, "sum of gradients");
    }
}

// MARK: Messages

void ductus_mpi_send(const uint8_t *bytes, size_t count, int rank) {
    MPI_Request request;
    MPI_Isend(bytes, (int)count, MPI_BYTE, rank, MESSAGE, MPI_COMM_WORLD, &request);
    wait_for(1, &request, NULL);
}

size_t ductus_mpi_await(int *rank) {
    MPI_Status status;
    int is_there = 0, count;
    for (int looks = 0;; looks += looks < 1000) {
        MPI_Iprobe(*rank < 0 ? MPI_ANY_SOURCE : *rank, MESSAGE, MPI_COMM_WORLD, &is_there, &status);
        if (is_there) break;
        pause_after(looks);
    }
    MPI_Get_count(&status, MPI_BYTE, &count);
    *rank = status.MPI_SOURCE;
    return (size_t)count;
}

void ductus_mpi_receive(uint8_t *bytes, size_t count, int rank) {
    MPI_Recv(bytes, (int)count, MPI_BYTE, rank, MESSAGE, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

#endif
