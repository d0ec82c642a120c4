// The ranks of MPI_COMM_WORLD, for the trait MPI. MPI's constants are macros that Swift cannot import, so its functions are
// called here.
//
// All functions but those of single messages are collective: every rank calls the same in the same order, one at a time.
// Ranks that wait sleep between their looks, so that they leave the processors to those that work. Errors of MPI end the job.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/// Joins the other processes of the job, and leaves them when the program exits. A rank that has waited `timeout`
/// seconds in `gather`, `exchange`, or `sum` ends the job, with a sentence that names the ranks which are missing; so does one
/// that has heard nothing of another process for `longest_silence` seconds, if the MPI library allows calls by several threads.
void ductus_mpi_start(double timeout, double longest_silence);

int ductus_mpi_rank(void);
int ductus_mpi_size(void);

/// The number of ranks on this host.
int ductus_mpi_ranks_on_host(void);

/// The number of processors that this process may run on.
int ductus_mpi_processors(void);

/// Copies `bytes` of rank 0 to all others. Waits without limit.
void ductus_mpi_broadcast(uint8_t *bytes, size_t count);

/// Gathers `count` bytes of every rank in `all`, in order of rank; `counts` are those of all ranks.
void ductus_mpi_gather(const uint8_t *bytes, size_t count, uint8_t *all, const size_t *counts);

/// Sends `out[r]` to rank r and receives `in[r]` from it.
void ductus_mpi_exchange(
    float *const *out, const size_t *out_counts, float *const *in, const size_t *in_counts);

/// Replaces the values by their sums over all ranks, in an order that MPI chooses.
void ductus_mpi_sum(float *values, size_t count);

/// Sends a message to a rank.
void ductus_mpi_send(const uint8_t *bytes, size_t count, int rank);

/// Waits, without limit, for a message from `*rank`, or from any rank if it is negative; sets `*rank` and returns the
/// number of bytes, which `ductus_mpi_receive` then takes.
size_t ductus_mpi_await(int *rank);
void ductus_mpi_receive(uint8_t *bytes, size_t count, int rank);

/// Ends all processes of the job.
_Noreturn void ductus_mpi_abort(int status);

#ifdef __cplusplus
}
#endif
