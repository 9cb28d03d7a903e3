// Functions with attributes, other calling conventions, atomics and stack
// intrinsics, under the flags of hardened, profiled and small builds.
// RUN: for flags in -O0 -Og -Os -Oz "-O2 -fomit-frame-pointer -mno-red-zone" \
// RUN:   "-O2 -fstack-protector-all -fstack-clash-protection -fcf-protection" \
// RUN:   "-O2 -fno-omit-frame-pointer -fwrapv -fno-strict-aliasing" \
// RUN:   "-O2 -fno-asynchronous-unwind-tables -fno-unwind-tables -fno-exceptions" \
// RUN:   "-O1 -fsanitize=undefined -fsanitize-trap=undefined" "-O3 -march=native" \
// RUN:   "-O2 -ffast-math -ftrivial-auto-var-init=pattern -fshort-enums" \
// RUN:   "-O2 -funsigned-char -fpack-struct=4 -g1" "-O2 -g3 -gz" "-O0 -gsplit-dwarf" \
// RUN:   "-O2 -fno-inline -mno-sse3" "-O1 -fblocks" "-O2 -fsanitize=undefined" \
// RUN:   "-O2 -pg" "-O2 -finstrument-functions -D_FORTIFY_SOURCE=2"; do \
// RUN:   echo "flags: $flags" >&2; %identity_sweep %t %s $flags || exit 1; done

#include "Inputs/sweep.h"

#include <stdatomic.h>
#include <stdlib.h>

#define SHAPE(NAME, ATTRIBUTES)                                                \
  ATTRIBUTES static long NAME(long a, int b) {                                 \
    long kept = a * 3 + b;                                                     \
    int array[5] = {1, b, 3, (int)a, 5};                                       \
    point();                                                                   \
    for (int i = 0; i < 5; i++)                                                \
      kept = kept * 7 + array[i];                                              \
    return kept + opaque(b);                                                   \
  }
SHAPE(out_of_line, __attribute__((noinline)))
SHAPE(not_optimised, __attribute__((optnone, noinline)))
SHAPE(smallest, __attribute__((minsize, noinline)))
SHAPE(in_line, __attribute__((always_inline)) inline)
SHAPE(often, __attribute__((hot, noinline)))
SHAPE(rarely, __attribute__((cold, noinline)))
SHAPE(elsewhere, __attribute__((section(".text.elsewhere"), noinline)))
SHAPE(declared_pure, __attribute__((pure, noinline)))
SHAPE(declared_const, __attribute__((const, noinline)))
SHAPE(system_v, __attribute__((sysv_abi, noinline)))
SHAPE(realigned, __attribute__((force_align_arg_pointer, noinline)))
SHAPE(aligned, __attribute__((aligned(64), noinline)))
SHAPE(with_avx, __attribute__((target("avx"), noinline)))
SHAPE(no_tail, __attribute__((disable_tail_calls, noinline)))

__attribute__((flatten)) static long flat(long a) {
  return in_line(a, 1) + out_of_line(a, 2);
}

static int constructed;
__attribute__((constructor)) static void construct(void) {
  point();
  constructed = 17;
}

__attribute__((noreturn, noinline)) static void finish(int status) {
  point();
  report("finish");
  exit(status);
}

NOINLINE static void *above(void) { return __builtin_return_address(0); }
NOINLINE static long stack_words(int n) {
  void *frame = __builtin_frame_address(0);
  point();
  return (frame != NULL) + (above() != NULL) * 2 + n;
}

struct pair {
  int a, b;
};
static _Atomic long total;
static _Atomic(struct pair) both;
NOINLINE static long atomics(int n) {
  _Atomic int local = n;
  atomic_flag flag = ATOMIC_FLAG_INIT;
  for (int i = 0; i < n; i++) {
    local++;
    point();
    total += local;
    struct pair now = both;
    now.a += i;
    both = now;
    long expected = total;
    atomic_compare_exchange_strong(&total, &expected, expected + 1);
  }
  struct pair last = both;
  return total + local + atomic_flag_test_and_set(&flag) + last.a;
}

#ifdef __BLOCKS__
void *_NSConcreteStackBlock[32], *_NSConcreteGlobalBlock[32];
NOINLINE static long call_block(long (^block)(long)) {
  point();
  return block(4);
}
#endif

int main(void) {
  mix(out_of_line(1, 2) + not_optimised(2, 3) + smallest(3, 4));
  mix(in_line(4, 5) + often(5, 6) + rarely(6, 7) + elsewhere(7, 8));
  mix(declared_pure(8, 9) + declared_const(9, 10));
  report("attributes");
  mix(system_v(12, 13));
  mix(realigned(13, 14) + aligned(14, 15) + no_tail(15, 16));
  if (__builtin_cpu_supports("avx"))
    mix(with_avx(1, 2));
  report("conventions");
  mix(flat(3) + constructed + stack_words(5) + atomics(4));
  report("others");
#ifdef __BLOCKS__
  long captured = 5;
  mix(call_block(^(long x) {
    point();
    return x * captured;
  }));
#endif
  finish(3);
}
