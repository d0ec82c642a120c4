// x86-64-v4: AVX-512 (Intel's servers since 2017, AMD since 2022).
#include "CDuctusKernels.h"
#include <stdlib.h>
#include <math.h>
#include <string.h>
#pragma clang diagnostic ignored "-Wnullability-completeness"
#if defined(__x86_64__)
extern const ductus_kernels ductus_table_float_x86v3, ductus_table_double_x86v3;
// The compiler would prefer vectors of 256 bits, for the sake of the first of these processors.
#pragma clang attribute push(__attribute__((target("arch=x86-64-v4,no-prefer-256-bit"))), apply_to = function)
#define ISA x86v4
#define ISA_NAME "x86-64-v4"
#define VECTOR_BYTES 64
#define NARROWER PASTE(table, TYPE, x86v3)
#include "bodies/Both.h"
#pragma clang attribute pop
#endif
