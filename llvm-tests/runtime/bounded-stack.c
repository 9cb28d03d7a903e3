// Hundreds of updates of one process, with a local of main that changes its type in
// each, beside others that stay: a variable-length array, an alloca, a buffer. What
// the updates keep of the stack does not grow.
//
// RUN: rm -rf %t.dir && mkdir -p %t.dir && cd %t.dir
// RUN: for level in -O0 -O2; do \
// RUN:   %upstare_cc $level %s -o v1 && %upstare_cc $level -DNEXT %s -o v2; \
// RUN:   upstare-patchgen v1 v2 -o forth.so && upstare-patchgen v2 v1 -o back.so; \
// RUN:   list=; for i in $(seq 10 6 1300); do \
// RUN:     list=$list,$i:forth.so,$((i + 3)):back.so; done; \
// RUN:   rm -f report; (ulimit -s 512; env UPSTARE_APPLY_AT="${list#,}" \
// RUN:     UPSTARE_REPORT=report ./v1 > output); \
// RUN:   ./v1 > expected; cmp expected output && wc -l < report; \
// RUN:   grep -c '"ok":true' report; \
// RUN:   sed -n 's/.*"stack_bytes":\([0-9]*\).*/\1/p' report | sort -n | tail -1; \
// RUN: done > log
// RUN: FileCheck %s < log
// CHECK-COUNT-2: {{^432$}}
// CHECK-NEXT: {{^[1-9]?[0-9]?[0-9]?[0-9]$}}
// CHECK-COUNT-2: {{^432$}}
// CHECK-NEXT: {{^[1-9]?[0-9]?[0-9]?[0-9]$}}

#include <alloca.h>
#include <stdio.h>
#include <string.h>

struct config {
#ifdef NEXT
  char name[300];
  long uses;
  int weight;
#else
  int weight;
  long uses;
#endif
};

static volatile int two = 2;

__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}

__attribute__((noinline)) static int serve(struct config *config, int size,
                                           char *text) {
  config->uses++;
  point();
  config->weight += size;
  return text[size - 1]++;
}

int main(void) {
  struct config config = {.weight = 1};
  char buffer[64];
  long sum = 0;
  memset(buffer, 1, sizeof buffer);
  int size = 16 * two;
  char array[size];
  char *area = alloca((size_t)size);
  memset(array, 2, sizeof array);
  memset(area, 3, (size_t)size);
  for (int round = 0; round < 700; round++) {
    sum += serve(&config, sizeof buffer, buffer);
    sum += serve(&config, size, round % 2 ? array : area);
  }
  printf("%ld %ld %d\n", sum, config.uses, config.weight);
  return 0;
}
