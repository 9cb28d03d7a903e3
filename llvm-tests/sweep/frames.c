// Huge frames, variable-length arrays and alloca.
// RUN: %identity_sweep %t %s -O0
// RUN: %identity_sweep %t %s -O1
// RUN: %identity_sweep %t %s -O2
// RUN: %identity_sweep %t %s -O3

#include "Inputs/sweep.h"

#include <alloca.h>

NOINLINE static long huge(int depth) {
  int numbers[20000];
  struct {
    char text[3000];
    double d[500];
  } record;

  memset(&record, depth, sizeof record);
  for (int i = 0; i < 20000; i++)
    numbers[i] = i * depth;
  point();
  long below = depth > 0 ? huge(depth - 1) : 1;
  mix_bytes(&record, sizeof record);
  mix_bytes(numbers, sizeof numbers);
  return below + numbers[depth * 1000] + record.text[depth];
}

NOINLINE static long variable(int n, int m) {
  int one_dimension[n];
  short two[n][m];
  long sum = 0;

  for (int i = 0; i < n; i++) {
    one_dimension[i] = i;
    for (int j = 0; j < m; j++)
      two[i][j] = (short)(i * j);
  }
  point();
  if (n > 3)
    sum = variable(n - 2, m + 1);
  for (int i = 0; i < n; i++) {
    sum += one_dimension[i];
    for (int j = 0; j < m; j++)
      sum += two[i][j] * i;
    point();
  }
  return sum + (long)sizeof two;
}

// An array of another size in each round of the loop.
NOINLINE static long rounds(int n) {
  long sum = 0;
  for (int i = 1; i <= n; i++) {
    unsigned char bytes[i * 10];
    memset(bytes, i, sizeof bytes);
    point();
    for (size_t j = 0; j < sizeof bytes; j++)
      sum += bytes[j];
  }
  return sum;
}

struct cell {
  struct cell *next;
  int value;
};

NOINLINE static long with_alloca(int n) {
  struct cell *list = NULL;
  long sum = 0;
  for (int i = 0; i < n; i++) {
    struct cell *cell = alloca(sizeof *cell);
    cell->next = list;
    cell->value = (int)opaque(i * i);
    list = cell;
  }
  for (; list; list = list->next) {
    sum = sum * 3 + list->value;
    point();
  }
  return sum;
}

NOINLINE static int aligned(void) {
  _Alignas(64) char cache_line[64] = {1};
  _Alignas(256) int page[4] = {2, 3, 4, 5};
  int odd = 0;
  for (int i = 0; i < 3; i++) {
    point();
    odd += (uintptr_t)cache_line % 64 != 0 || (uintptr_t)page % 256 != 0;
    cache_line[i]++;
    page[i]++;
  }
  return odd * 1000 + cache_line[0] + page[2];
}

int main(void) {
  mix(huge(4));
  report("huge");
  mix(variable(7, 3));
  report("variable");
  mix(rounds(6));
  report("rounds");
  mix(with_alloca(12));
  report("alloca");
  mix(aligned());
  report("aligned");
  return 0;
}
