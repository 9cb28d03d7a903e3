// Handlers that were installed in the old version, by signal and by sigaction, are
// the new version's: also those of a static function that becomes global, of the
// reverse, and of functions that move to another file. One that is renamed follows
// the override file; one that is gone is refused when the patch is made.
// RUN: %update_at %t %s 1
// RUN: sed 's/{"renamed", "named_anew"}, //' %t/override.c > %t/less.c
// RUN: not %patchgen %t/v1.exe %t/v2.exe --override %t/less.c -o %t/no.so 2>&1 \
// RUN:   | FileCheck %s --check-prefix=GONE
// GONE: renamed
// GONE-SAME: main.c

// CHECK: new becomes_global 10
// CHECK-NEXT: new becomes_static 12
// CHECK-NEXT: new moves 34
// CHECK-NEXT: new static_moves 35 with 5
// CHECK-NEXT: new named_anew 36
// CHECK-NEXT: same 1 1 1 1 1
// CHECK-NEXT: status 0

//--- shared.h
#include "point.h"
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
static void install(int n, void *handler, int flags) {
  struct sigaction action;
  memset(&action, 0, sizeof action);
  action.sa_flags = flags;
  action.sa_handler = handler;
  sigaction(n, &action, 0);
}
static int installed(int n, void *handler) {
  struct sigaction action;
  sigaction(n, 0, &action);
  return (void *)action.sa_handler == handler;
}
static void queue(int n, int value) {
  sigqueue(getpid(), n, (union sigval){.sival_int = value});
}
void *of_moves(void), *of_static_moves(void);

//--- override.c
const struct upstare_rename_override upstare_renames[] = {{"renamed", "named_anew"}, {0}};

//--- v1/main.c
#include "../shared.h"
static void becomes_global(int n) { printf("old becomes_global %d\n", n); }
void becomes_static(int n) { printf("old becomes_static %d\n", n); }
void moves(int n) { printf("old moves %d\n", n); }
static void static_moves(int n, siginfo_t *info, void *context) {
  printf("old static_moves %d\n", n);
}
static void renamed(int n) { printf("old renamed %d\n", n); }

int main(void) {
  signal(SIGUSR1, becomes_global);
  install(SIGUSR2, becomes_static, SA_RESTART);
  install(SIGRTMIN, moves, SA_NODEFER);
  install(SIGRTMIN + 1, static_moves, SA_SIGINFO);
  install(SIGRTMIN + 2, renamed, SA_RESETHAND);
  point();
  raise(SIGUSR1);
  raise(SIGUSR2);
  raise(SIGRTMIN);
  raise(SIGRTMIN + 1);
  raise(SIGRTMIN + 2);
  return 1;
}
//--- v1/other.c
int other;
//--- v2/main.c
#include "../shared.h"
void becomes_global(int n) { printf("new becomes_global %d\n", n); }
static void becomes_static(int n) { printf("new becomes_static %d\n", n); }
static void named_anew(int n) { printf("new named_anew %d\n", n); }
static void tell(int same) {
  printf("same %d %d %d %d %d\n", installed(SIGUSR1, becomes_global),
         installed(SIGUSR2, becomes_static), installed(SIGRTMIN, of_moves()),
         installed(SIGRTMIN + 1, of_static_moves()), same);
}

int main(void) {
  signal(SIGUSR1, becomes_global);
  install(SIGUSR2, becomes_static, SA_RESTART);
  install(SIGRTMIN, of_moves(), SA_NODEFER);
  install(SIGRTMIN + 1, of_static_moves(), SA_SIGINFO);
  install(SIGRTMIN + 2, named_anew, SA_RESETHAND);
  point();
  int same = installed(SIGRTMIN + 2, named_anew);
  raise(SIGUSR1);
  raise(SIGUSR2);
  raise(SIGRTMIN);
  queue(SIGRTMIN + 1, 5);
  raise(SIGRTMIN + 2);
  tell(same);
  return 0;
}
//--- v2/other.c
#include "../shared.h"
void moves(int n) { printf("new moves %d\n", n); }
static void static_moves(int n, siginfo_t *info, void *context) {
  printf("new static_moves %d with %d\n", n, info->si_value.sival_int);
}
void *of_moves(void) { return (void *)moves; }
void *of_static_moves(void) { return (void *)static_moves; }
