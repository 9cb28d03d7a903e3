// jmp_bufs armed by the first version: a linked list of them on the heap, one in a
// global, one in a struct on the stack that grows, siglongjmp with a mask. Each
// longjmp leaves many rebuilt frames, and arrives in the new version of its frame.
// RUN: %update_at %t %s 1

// CHECK: throw 21
// CHECK-NEXT: heap 0 caught 21 stage 2 plain 1
// CHECK-NEXT: heap 1 caught 22 stage 2 plain 11
// CHECK-NEXT: heap 2 caught 23 stage 2 plain 21
// CHECK-NEXT: global caught 5 stage 2 twice 3
// CHECK-NEXT: again 1 of 3, again 2 of 3, again 3 of 3
// CHECK-NEXT: struct caught 6, 0 before 77
// CHECK-NEXT: mask caught 7 blocked 1
// CHECK-NEXT: unmasked caught 8 blocked 0
// CHECK-NEXT: status 0

//--- v1/main.c
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "point.h"

struct handler {
  struct handler *previous;
  int code;
  jmp_buf buffer;
};
static struct handler *handlers;
static jmp_buf top;
struct place {
  int before;
  jmp_buf buffer;
};
static struct place *place;
static sigjmp_buf masked, unmasked;

__attribute__((noinline)) static int throw(int code) {
  printf("old throw %d\n", code);
  exit(code);
}

__attribute__((noinline)) static int sink(int depth) {
  if (depth == 0) {
    point();
    throw(20);
  }
  return sink(depth - 1) + 1;
}

__attribute__((noinline)) static int guarded(int depth) {
  struct handler *h = malloc(sizeof *h);
  volatile int stage = 1;
  int plain = depth * 10 + 1;
  h->previous = handlers;
  handlers = h;
  if (setjmp(h->buffer) == 0) {
    stage = 2;
    int result = depth ? guarded(depth - 1) : sink(5);
    printf("old %d %d\n", result, stage);
  } else {
    printf("old caught %d\n", plain);
  }
  free(h);
  return depth;
}

__attribute__((noinline)) static int in_global(void) {
  volatile int stage = 1;
  int twice = 3;
  switch (setjmp(top)) {
  case 0:
    stage = 2;
    guarded(2);
    break;
  default:
    printf("old global %d %d\n", stage, twice);
  }
  return 0;
}

__attribute__((noinline)) static int in_struct(void) {
  struct place here = {77, {{{0}}}};
  place = &here;
  int code = setjmp(here.buffer);
  if (code)
    printf("old struct %d\n", code);
  else
    in_global();
  return 0;
}

__attribute__((noinline)) static int in_mask(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, NULL);
  if (sigsetjmp(unmasked, 0) == 0) {
    if (sigsetjmp(masked, 1) == 0) {
      sigprocmask(SIG_UNBLOCK, &set, NULL);
      in_struct();
    }
  }
  return printf("old mask\n");
}

int main(void) {
  in_mask();
  return 1;
}

//--- v2/main.c
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "point.h"

struct handler {
  struct handler *previous;
  int code;
  jmp_buf buffer;
};
static struct handler *handlers;
static jmp_buf top;
struct place {
  long added;
  jmp_buf buffer;
  long before;
};
static struct place *place;
static sigjmp_buf masked, unmasked;

__attribute__((noinline)) static int throw(int code) {
  struct handler *h = handlers;
  if (!h)
    longjmp(top, 5);
  handlers = h->previous;
  h->code = code;
  longjmp(h->buffer, code);
}

__attribute__((noinline)) static int sink(int depth) {
  if (depth == 0) {
    point();
    printf("throw 21\n");
    throw(21);
  }
  return sink(depth - 1) + 1;
}

__attribute__((noinline)) static int guarded(int depth) {
  struct handler *h = malloc(sizeof *h);
  volatile int stage = 1;
  int plain = depth * 10 + 1;
  int code;
  h->previous = handlers;
  handlers = h;
  if ((code = setjmp(h->buffer)) == 0) {
    stage = 2;
    int result = depth ? guarded(depth - 1) : sink(5);
    printf("wrong %d %d\n", result, stage);
  } else {
    printf("heap %d caught %d stage %d plain %d\n", depth, code, stage,
           plain);
    free(h);
    throw(code + 1);
  }
  return depth;
}

__attribute__((noinline)) static int in_global(void) {
  volatile int stage = 1;
  int twice = 3;
  int code = setjmp(top);
  if (code == 0) {
    stage = 2;
    guarded(2);
    return 0;
  }
  printf("global caught %d stage %d twice %d\n", code, stage, twice);
  for (volatile int round = 1; round <= twice; round++)
    if (setjmp(top) == 0)
      longjmp(top, 1);
    else
      printf("%sagain %d of %d", round == 1 ? "" : ", ", round, twice);
  printf("\n");
  longjmp(place->buffer, 6);
}

__attribute__((noinline)) static int in_struct(void) {
  struct place here = {1, {{{0}}}, 77};
  place = &here;
  int code = setjmp(here.buffer);
  if (code)
    printf("struct caught %d, %ld before %ld\n", code, here.added, here.before);
  else
    in_global();
  siglongjmp(masked, 7);
}

static int blocked(void) {
  sigset_t set;
  sigprocmask(SIG_BLOCK, NULL, &set);
  return sigismember(&set, SIGUSR1);
}

__attribute__((noinline)) static int in_mask(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGUSR1);
  sigprocmask(SIG_BLOCK, &set, NULL);
  int code = sigsetjmp(unmasked, 0);
  if (code == 0) {
    if ((code = sigsetjmp(masked, 1)) == 0) {
      sigprocmask(SIG_UNBLOCK, &set, NULL);
      in_struct();
      return printf("wrong\n");
    }
    printf("mask caught %d blocked %d\n", code, blocked());
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    siglongjmp(unmasked, 8);
  }
  return printf("unmasked caught %d blocked %d\n", code, blocked());
}

int main(void) {
  in_mask();
  return 0;
}
