// Both scalar types for the instruction set ISA.
#define T float
#define TYPE float
#define T_IS_FLOAT 1
#include "Body.h"
#undef T
#undef TYPE
#undef T_IS_FLOAT

#define T double
#define TYPE double
#define T_IS_FLOAT 0
#include "Body.h"
#undef T
#undef TYPE
#undef T_IS_FLOAT
