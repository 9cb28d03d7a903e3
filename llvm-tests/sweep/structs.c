// Structs by value of every size class, as parameters, results and locals.
// RUN: %identity_sweep %t %s -O0
// RUN: %identity_sweep %t %s -O1
// RUN: %identity_sweep %t %s -O2
// RUN: %identity_sweep %t %s -O3
// RUN: %identity_sweep %t %s -O2 -flto=thin

#include "Inputs/sweep.h"

#define STRUCT(NAME, ...)                                                      \
  struct NAME __VA_ARGS__;                                                     \
  NOINLINE static struct NAME turn_##NAME(struct NAME value, int by) {         \
    struct NAME copy = value;                                                  \
    unsigned char *bytes = (unsigned char *)&copy;                             \
    point();                                                                   \
    for (size_t i = 0; i < sizeof copy; i++)                                   \
      bytes[i] = (unsigned char)(bytes[i] + by + (int)i);                      \
    point();                                                                   \
    return copy;                                                               \
  }                                                                            \
  NOINLINE static void test_##NAME(void) {                                     \
    struct NAME start, middle, end;                                            \
    memset(&start, 1, sizeof start);                                           \
    middle = turn_##NAME(start, 3);                                            \
    end = turn_##NAME(turn_##NAME(middle, 5), 7);                              \
    mix_bytes(&start, sizeof start);                                           \
    mix_bytes(&middle, sizeof middle);                                         \
    mix_bytes(&end, sizeof end);                                               \
    report(#NAME);                                                             \
  }

STRUCT(one, { char c; })
STRUCT(three, { char c[3]; })
STRUCT(eight, { short s[4]; })
STRUCT(twelve, { int i[3]; })
STRUCT(sixteen, { long l[2]; })
STRUCT(seventeen, { char c[17]; })
STRUCT(forty, { long l[5]; })
STRUCT(big, { int i[64]; })
STRUCT(nested, { struct sixteen a; struct three b[2]; struct one c; })

// Passed in integer and vector registers at once.
struct mixed {
  double d;
  long l;
};
struct floats {
  float x, y, z;
};

NOINLINE static struct mixed swing(struct mixed m, struct floats f, int n) {
  struct mixed next = {m.d * 2 + f.x, m.l - 1};
  struct floats turned = {f.y, f.z, f.x};
  point();
  if (n == 0)
    return next;
  struct mixed below = swing(next, turned, n - 1);
  return (struct mixed){below.d + m.d + turned.x, below.l * 3 + next.l};
}

// A result in memory that the caller reads while the callee still runs.
struct board {
  int cell[5][5];
  int filled;
};

NOINLINE static struct board fill(int n) {
  struct board board = {{{0}}, 0};
  for (int i = 0; i < n; i++) {
    board.cell[i % 5][i / 5] = (int)opaque(i * i);
    board.filled++;
  }
  return board;
}

int main(void) {
  test_one();
  test_three();
  test_eight();
  test_twelve();
  test_sixteen();
  test_seventeen();
  test_forty();
  test_big();
  test_nested();
  struct mixed m = swing((struct mixed){1.5, 100}, (struct floats){1, 2, 3}, 9);
  mix_double(m.d);
  mix(m.l);
  report("mixed");
  struct board board = fill(25);
  mix_bytes(&board, sizeof board);
  report("board");
  return board.filled;
}
