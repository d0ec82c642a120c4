#include "CMachine.h"
#include <stdio.h>
#include <sys/resource.h>

#if defined(__linux__)
#include <malloc.h>
#include <unistd.h>

static size_t heap_bytes(void) {
    const struct mallinfo2 info = mallinfo2();
    return info.uordblks + info.hblkhd;
}

static size_t resident_bytes(void) {
    unsigned long total = 0, resident = 0;
    FILE *file = fopen("/proc/self/statm", "r");
    if (!file) return 0;
    if (fscanf(file, "%lu %lu", &total, &resident) != 2) resident = 0;
    fclose(file);
    return resident * (size_t)sysconf(_SC_PAGESIZE);
}

static const size_t unit = 1024;   // of ru_maxrss
#else
static size_t heap_bytes(void) { return 0; }
static size_t resident_bytes(void) { return 0; }
static const size_t unit = 1;
#endif

machine_memory machine_memory_of_process(void) {
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    return (machine_memory){
        .minor_faults = usage.ru_minflt,
        .heap_bytes = heap_bytes(),
        .resident_bytes = resident_bytes(),
        .peak_resident_bytes = (size_t)usage.ru_maxrss * unit,
    };
}
