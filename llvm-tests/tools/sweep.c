// upstare-sweep: what it counts, what it finds, and what it cannot do.
//
// RUN: mkdir -p %t && cd %t
// RUN: %upstare_cc -O1 %s -o plain
// RUN: %upstare_cc -O1 -DDIFFERENT %s -o different
// RUN: %patchgen plain plain -o identity
// RUN: %patchgen plain different -o patch
//
// RUN: %sweep --patch identity -- ./plain 20 | FileCheck %s --check-prefix=GOOD
// GOOD: [[N:[0-9]+]] update points, [[N]] tried: [[N]] updated, 0 not, 0 different
//
// RUN: %sweep --max 3 --json --patch identity -- ./plain 20 \
// RUN:   | FileCheck %s --check-prefix=MAX
// MAX: {"ok":true,"points":{{[0-9]+}},"tried":3,"applied":3,"not_applied":0,"different":0,
//
// RUN: %sweep --step 7 --jobs 1 --stderr --patch identity -- ./plain 20 \
// RUN:   | FileCheck %s --check-prefix=STEP
// STEP: update points, 3 tried: 3 updated
//
// A new version that prints something else: the first difference is shown.
// RUN: not %sweep --patch patch -- ./plain 20 \
// RUN:   | FileCheck %s --check-prefix=DIFFERENT
// DIFFERENT: different
// DIFFERENT: first difference, at point 1: standard output differs:
// DIFFERENT-NEXT: @@ line 1 @@
// DIFFERENT-NEXT: -sum 190
// DIFFERENT-NEXT: +new sum 190
//
// ... unless it is expected.
// RUN: ./different 20 > expected
// RUN: %sweep --expect expected --patch patch -- ./plain 20 \
// RUN:   | FileCheck %s --check-prefix=GOOD
//
// A program that ends otherwise, crashes or hangs after the update.
// RUN: not %sweep --max 1 --patch patch -- ./plain 20 status \
// RUN:   | FileCheck %s --check-prefix=STATUS
// STATUS: expected exit status 0, got exit status 3
// RUN: not %sweep --max 1 --patch patch -- ./plain 20 crash \
// RUN:   | FileCheck %s --check-prefix=CRASH
// CRASH: expected exit status 0, got killed by signal 6
// RUN: not %sweep --max 1 --timeout 2 --patch patch -- ./plain 20 hang \
// RUN:   | FileCheck %s --check-prefix=HANG
// HANG: expected exit status 0, got still running when the time was up
//
// A patch that is none: nothing is updated, and that is a failure.
// RUN: not %sweep --patch expected -- ./plain 20 \
// RUN:   | FileCheck %s --check-prefix=NONE
// NONE: 0 updated
// NONE: first not updated, at point 1: {{.*}}not an ELF file
//
// Standard input.
// RUN: echo 12 > input
// RUN: %sweep --stdin input --patch identity -- ./plain - \
// RUN:   | FileCheck %s --check-prefix=GOOD
//
// What cannot be swept.
// RUN: not %sweep --patch identity 2>&1 | FileCheck %s --check-prefix=USAGE
// USAGE: no program given
// RUN: not %sweep -- ./plain 2>&1 | FileCheck %s --check-prefix=NOPATCH
// NOPATCH: --patch is missing
// RUN: not %sweep --patch identity -- ./missing 2>&1 \
// RUN:   | FileCheck %s --check-prefix=MISSING
// MISSING: cannot start ./missing
// RUN: not %sweep --patch identity -- /bin/true 2>&1 \
// RUN:   | FileCheck %s --check-prefix=FOREIGN
// FOREIGN: did not count its update points
// RUN: not %sweep --patch identity -- ./plain 20 pid 2>&1 \
// RUN:   | FileCheck %s --check-prefix=UNSTEADY
// UNSTEADY: two runs without update differ

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile int Keep, Limit;

__attribute__((noinline)) static int sumTo(int N) {
  int Sum = 0, I = 0;
  Limit = N;
  // Nobody knows how often: each round has an update point.
  while (I < Limit) {
    Sum += I++;
    Keep = Sum;
  }
  return Sum;
}

__attribute__((noinline)) static void misbehave(const char *How) {
#ifdef DIFFERENT
  if (strcmp(How, "status") == 0)
    exit(3);
  if (strcmp(How, "crash") == 0)
    abort();
  while (strcmp(How, "hang") == 0)
    Keep = 1;
#else
  Keep = How[0];
#endif
}

int main(int Argc, char **Argv) {
  int N = 0;
  if (strcmp(Argv[1], "-") != 0)
    N = atoi(Argv[1]);
  else if (scanf("%d", &N) != 1)
    return 1;
  int Sum = sumTo(N);
  if (Argc > 2)
    misbehave(Argv[2]);
  if (Argc > 2 && strcmp(Argv[2], "pid") == 0)
    printf("%d\n", (int)getpid());
#ifdef DIFFERENT
  printf("new sum %d\n", Sum);
#else
  printf("sum %d\n", Sum);
#endif
  return 0;
}
