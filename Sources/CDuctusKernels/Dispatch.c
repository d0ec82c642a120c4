// Selects the kernel tables once, at load time.
#include "CDuctusKernels.h"

extern const ductus_kernels ductus_table_float_portable, ductus_table_double_portable;
#if defined(__x86_64__)
extern const ductus_kernels ductus_table_float_x86v3, ductus_table_double_x86v3;
extern const ductus_kernels ductus_table_float_x86v4, ductus_table_double_x86v4;
#endif

static const ductus_kernels *floats = &ductus_table_float_portable;
static const ductus_kernels *doubles = &ductus_table_double_portable;

const ductus_kernels *ductus_kernels_float(void) { return floats; }
const ductus_kernels *ductus_kernels_double(void) { return doubles; }

size_t ductus_instruction_sets(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") && __builtin_cpu_supports("bmi2"))
        return __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512cd")
                       && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")
                   ? 3
                   : 2;
#endif
    return 1;
}

const ductus_kernels *ductus_kernels_float_of(size_t index) {
#if defined(__x86_64__)
    if (index == 1) return &ductus_table_float_x86v3;
    if (index == 2) return &ductus_table_float_x86v4;
#endif
    return &ductus_table_float_portable;
}

const ductus_kernels *ductus_kernels_double_of(size_t index) {
#if defined(__x86_64__)
    if (index == 1) return &ductus_table_double_x86v3;
    if (index == 2) return &ductus_table_double_x86v4;
#endif
    return &ductus_table_double_portable;
}

void ductus_select_instruction_set(size_t index) {
    floats = ductus_kernels_float_of(index);
    doubles = ductus_kernels_double_of(index);
}

__attribute__((constructor)) static void select_fastest(void) {
    ductus_select_instruction_set(ductus_instruction_sets() - 1);
}
