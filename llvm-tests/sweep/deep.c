// A thousand frames deep; an update at any depth on the way down or up.
// RUN: %identity_sweep %t %s -O0
// RUN: %identity_sweep %t %s -O2
// RUN: %identity_sweep %t %s -O3

#include "Inputs/sweep.h"

// Each frame holds a link to the one above it.
struct link {
  struct link *above;
  int depth;
};

NOINLINE static unsigned long down(int depth, struct link *above) {
  struct link here = {above, depth};
  unsigned long sum = 0;

  if (depth % 100 == 0)
    point();
  if (depth == 1000) {
    point();
    for (struct link *l = &here; l; l = l->above)
      sum = sum * 3 + (unsigned)l->depth;
    return sum;
  }
  // The multiplication keeps it from becoming a loop.
  sum = down(depth + 1, &here) * 5 + (unsigned)depth;
  if (depth % 100 == 50)
    point();
  mix((long)sum ^ here.depth);
  return sum;
}

int main(void) {
  mix((long)down(1, NULL));
  report("deep");
  return 0;
}
