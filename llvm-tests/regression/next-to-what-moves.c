// A pointer to a local that stays, right behind one that moves, in a frame whose
// record keeps its layout: it is not one past the end of what moves.
// RUN: %update_at %t %s 1

// CHECK: neighbours yes
// CHECK-NEXT: 1:10 2:20 3:30 4:40
// CHECK-NEXT: status 0

//--- both/main.c
#include <stdio.h>
struct moves {
#if V == 1
  long a, b;
#else
  long b, a;
#endif
};
struct stays {
  long a, b;
};
#include "point.h"
static char *ends[4];
__attribute__((noinline)) static void fill(int number, struct moves *m,
                                           struct stays *s) {
  m->a = number;
  s->a = 10 * number;
  ends[number - 1] = (char *)(m + 1);
}
__attribute__((noinline)) static void use(struct stays *a, struct stays *b,
                                          struct stays *c, struct stays *d) {
  int met = 0;
  for (int i = 0; i < 4; i++)
    met += ends[i] == (char *)a || ends[i] == (char *)b ||
           ends[i] == (char *)c || ends[i] == (char *)d;
  printf("neighbours %s\n", met ? "yes" : "no");
  point();
  printf("1:%ld 2:%ld 3:%ld 4:%ld\n", a->a, b->a, c->a, d->a);
}
__attribute__((noinline)) static int check(struct moves *a, struct moves *b,
                                           struct moves *c, struct moves *d) {
  return a->a != 1 || b->a != 2 || c->a != 3 || d->a != 4;
}
__attribute__((noinline)) static void run(void) {
  struct stays s1;
  struct moves m1;
  struct stays s2;
  struct moves m2;
  struct stays s3;
  struct moves m3;
  struct stays s4;
  struct moves m4;
  fill(1, &m1, &s1);
  fill(2, &m2, &s2);
  fill(3, &m3, &s3);
  fill(4, &m4, &s4);
  use(&s1, &s2, &s3, &s4);
  if (check(&m1, &m2, &m3, &m4))
    puts("wrong");
}
int main(void) {
  run();
  return 0;
}
