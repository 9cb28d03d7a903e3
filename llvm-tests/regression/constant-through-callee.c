// An object that an inlined function fills with a constant, and that is only
// read then, was replaced by the constant, in the record too: the rebuilt frame
// wrote to the old version's constants.
// RUN: env UPSTARE_OPTIONS=entry-polls=all %identity_sweep %t.O2 %s -O2
// RUN: env UPSTARE_OPTIONS=entry-polls=all %identity_sweep %t.O3 %s -O3

#include <stdio.h>

struct big {
  long a, b, c, d;
};

static struct big make(void) {
  struct big b = {1, 2, 3, 4};
  return b;
}

static void fill(struct big *to) {
  static const struct big constant = {5, 6, 7, 8};
  *to = constant;
}

static long use(struct big b, int n) {
  for (int k = 0; k < n; k++)
    printf("%d\n", k);
  return b.a;
}

int main(int argc, char **argv) {
  struct big x;
  long sum = use(make(), argc + 2);
  fill(&x);
  sum += use(x, argc + 2);
  sum += use(x, argc + 3);
  printf("sum %ld\n", sum);
  return 0;
}
