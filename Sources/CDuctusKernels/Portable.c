// The baseline instruction set of the architecture.
#include "CDuctusKernels.h"
#include <stdlib.h>
#pragma clang diagnostic ignored "-Wnullability-completeness"
#define ISA portable
#define ISA_NAME "portable"
#define VECTOR_BYTES 32
#include "bodies/Both.h"
