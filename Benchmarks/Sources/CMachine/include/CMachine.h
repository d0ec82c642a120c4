// What a machine can do at most, and what a process has taken from it.
#pragma once
#include <stddef.h>

/// Multiply-adds in registers on `threads` threads for about `seconds`; floating-point operations per second, a
/// multiply-add counting as two.
double machine_peak_flops(int threads, double seconds);

typedef struct {
    /// Pages that were touched for the first time.
    long minor_faults;
    /// Bytes that malloc has handed out and not got back; 0 where it does not tell.
    size_t heap_bytes;
    /// Bytes of memory now, and at most so far.
    size_t resident_bytes, peak_resident_bytes;
} machine_memory;

machine_memory machine_memory_of_process(void);
