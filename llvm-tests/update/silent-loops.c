// A loop that has an update point in the old version goes on in one that has
// none, since it can be counted now, or makes a blocking call in each round.
// RUN: %update_at %t/counted %s 2
// RUN: %update_at %t/blocking %s 5

// The update comes before the third, or before the sixth round of the loops.
// CHECK: v1 adds 1
// CHECK-NEXT: v1 adds 2
// CHECK-NOT: v1 adds 5
// CHECK: v2 ends with 0
// CHECK-NOT: v1
// CHECK: {{total (73|10)}}
// CHECK-NEXT: status 0

//--- v1/main.c
#include <stdio.h>
#include <unistd.h>

static const int values[] = {1, 2, 3, 4};

static void show(int total) {
  for (int i = 1; i <= total; i += 100)
    printf("%d\n", total);
}

__attribute__((noinline)) static int sum(int count) {
  int total = 0;
  for (int i = 0; i < count; i++) {
    total += values[i];
    printf("v1 adds %d\n", values[i]);
  }
  show(total);
  return total;
}

__attribute__((noinline)) static int count_down(int from) {
  while (from > 0) {
    from--;
    printf("v1 has %d left\n", from);
  }
  printf("v1 ends with %d\n", from);
  return from;
}

int main(int argc, char **argv) {
  int total = sum(argc + 3);
  total += count_down(4);
  printf("total %d\n", total);
  return 0;
}

//--- v2/main.c
#include <stdio.h>
#include <unistd.h>

static const int values[] = {1, 2, 3, 4};

static void show(int total) {
  for (int i = 1; i <= total; i += 100)
    printf("%d\n", total);
}

__attribute__((noinline)) static int sum(int count) {
  int total = 0;
  for (int i = 0; i < count; i++)
    total += 10 * values[i];
  show(total);
  return total;
}

__attribute__((noinline)) static int count_down(int from) {
  while (from > 0) {
    from--;
    usleep(1);
    printf("v2 has %d left\n", from);
  }
  printf("v2 ends with %d\n", from);
  return from;
}

int main(int argc, char **argv) {
  int total = sum(argc + 3);
  total += count_down(4);
  printf("total %d\n", total);
  return 0;
}
