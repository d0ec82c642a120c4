// x86-64-v3: AVX2 and fused multiply-add (Intel since 2013, AMD since 2015).
#include "CDuctusKernels.h"
#include <stdlib.h>
#include <math.h>
#include <string.h>
#pragma clang diagnostic ignored "-Wnullability-completeness"
#if defined(__x86_64__)
#pragma clang attribute push(__attribute__((target("arch=x86-64-v3"))), apply_to = function)
#define ISA x86v3
#define ISA_NAME "x86-64-v3"
#define VECTOR_BYTES 32
#include "bodies/Both.h"
#pragma clang attribute pop
#endif
