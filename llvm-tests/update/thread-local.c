// Thread-local variables of the program go on: static ones, one of another file,
// zero-initialised ones, through a pointer too; a thread that the new version
// starts has its own.
// RUN: %update_at %t %s 1
// RUN: %update_at %t.pie %s 1 '-O2 -fPIE -pie' '-O2 -fno-pie -no-pie' '-O2 -ftls-model=initial-exec'

// CHECK: old 1 11 101
// CHECK-NEXT: new 2 12 102 through 2
// CHECK-NEXT: thread 1 10 0
// CHECK-NEXT: main 3 12 102
// CHECK-NEXT: status 0

//--- v1/main.c
#include <stdio.h>
#include <pthread.h>
static volatile int two = 2;
extern __thread long other;
static __thread int own = 1;
static __thread char pad[40];
__thread int zero;
int *through;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
static void *show(void *unused) {
  printf("thread %d %ld %d\n", own, other, zero);
  return unused;
}
int main(void) {
  through = &own;
  other++;
  zero = 101;
  pad[3] = 7;
  printf("old %d %ld %d\n", own, other, zero);
  own++;
  point();
  printf("not updated %d\n", pad[3]);
  pthread_t thread;
  if (!through)
    pthread_create(&thread, 0, show, 0);
  return 0;
}
//--- v1/other.c
__thread long other = 10;

//--- v2/main.c
#include <stdio.h>
#include <pthread.h>
static volatile int two = 2;
extern __thread long other;
static __thread int own = 1;
static __thread char pad[40];
__thread int zero;
int *through;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
static void *show(void *unused) {
  printf("thread %d %ld %d\n", own, other, zero);
  return unused;
}
int main(void) {
  through = &own;
  other++;
  zero = 101;
  pad[3] = 7;
  point();
  other++;
  zero++;
  printf("new %d %ld %d through %d\n", own, other, zero, *through);
  *through += pad[3] == 7;
  pthread_t thread;
  pthread_create(&thread, 0, show, 0);
  pthread_join(thread, 0);
  printf("main %d %ld %d\n", own, other, zero);
  return 0;
}
//--- v2/other.c
__thread long other = 10;
