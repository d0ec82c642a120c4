// The sanitizer of threads does not see Swift's reference counts, by which memory passes from one thread to another: what a
// predictor has read and released may be written in place by the trainer as soon as nobody else holds it. These functions stand
// before those of the Swift runtime and tell the sanitizer: what came before a release came before what follows upon the last
// one, or upon finding that a reference is the only one.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

void __tsan_acquire(void *address);
void __tsan_release(void *address);

#define UNSEEN __attribute__((disable_sanitizer_instrumentation))

static _Atomic(void *) addresses[3];

// The function of the runtime that is defined here again.
UNSEEN static void *original(int index, const char *name) {
    void *address = atomic_load_explicit(&addresses[index], memory_order_acquire);
    if (!address) {
        address = dlsym(RTLD_NEXT, name);
        atomic_store_explicit(&addresses[index], address, memory_order_release);
    }
    return address;
}

// Releases of one object follow each other, so that exactly one of them is the last. A spin lock, since the sanitizer would take
// part in a mutex and see an order that is not there.
static atomic_flag locks[1024];

UNSEEN static atomic_flag *lock(void *object) {
    atomic_flag *flag = &locks[((uintptr_t)object >> 4) % 1024];
    while (atomic_flag_test_and_set_explicit(flag, memory_order_acquire)) sched_yield();
    return flag;
}

UNSEEN static bool is_unique(void *object) {
    return ((bool (*)(void *))original(0, "swift_isUniquelyReferenced_nonNull_native"))(object);
}

UNSEEN void swift_release(void *object) {
    void (*release)(void *) = (void (*)(void *))original(1, "swift_release");
    // Not an object: null, or what the runtime ignores.
    if ((intptr_t)object <= 0) return release(object);
    __tsan_release(object);
    atomic_flag *flag = lock(object);
    const bool is_last = is_unique(object);
    if (!is_last) release(object);
    atomic_flag_clear_explicit(flag, memory_order_release);
    if (is_last) {
        __tsan_acquire(object);
        release(object);
    }
}

UNSEEN void swift_release_n(void *object, uint32_t count) {
    void (*release)(void *, uint32_t) = (void (*)(void *, uint32_t))original(2, "swift_release_n");
    if ((intptr_t)object > 0) __tsan_release(object);
    release(object, count);
}

UNSEEN bool swift_isUniquelyReferenced_nonNull_native(void *object) {
    const bool unique = is_unique(object);
    if (unique) __tsan_acquire(object);
    return unique;
}

UNSEEN bool swift_isUniquelyReferenced_native(void *object) {
    return object != NULL && swift_isUniquelyReferenced_nonNull_native(object);
}

// isKnownUniquelyReferenced(_:) of the standard library, where the compiler has not put its body.
UNSEEN bool is_known_uniquely_referenced(void **object, const void *type) __asm__("$ss25isKnownUniquelyReferencedySbxzRlzClF");
UNSEEN bool is_known_uniquely_referenced(void **object, const void *type) {
    return swift_isUniquelyReferenced_nonNull_native(*object);
}
