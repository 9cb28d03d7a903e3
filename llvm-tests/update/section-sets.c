// Variables that are found from __start_NAME to __stop_NAME: what the new version
// adds is found too.
// RUN: %update_at %t %s 1 -O0 -O2
// CHECK: v2
// CHECK-NEXT: add 7
// CHECK-NEXT: mul 15
// CHECK-NEXT: sub 4
// CHECK-NEXT: state 11
// CHECK-NEXT: state 2
// CHECK-NEXT: state 3
// CHECK-NEXT: kept mul 15
// CHECK-NEXT: status 0

//--- both/main.c
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "point.h"
#if V == 1
#define W "v1"
#else
#define W "v2"
#endif
struct cmd { const char *name; int (*run)(int); };
#define CMD(n, e) static int run_##n(int x) { return e; } \
  static const struct cmd cmd_##n __attribute__((section("cmds"), used)) = {#n, run_##n};
CMD(add, x + V)
CMD(mul, x * (V + 1))
#if V == 2
CMD(sub, x - 1)
#endif
static int state_a __attribute__((section("states"), used)) = 1;
static int state_b __attribute__((section("states"), used)) = 2;
#if V == 2
static int state_c __attribute__((section("states"), used)) = 3;
#endif
extern const struct cmd __start_cmds[], __stop_cmds[];
extern int __start_states[], __stop_states[];
int main(void) {
  const struct cmd *kept = &cmd_mul;
  state_a += 10;
  point();
  puts(W);
  for (const struct cmd *c = __start_cmds; c < __stop_cmds; c++) printf("%s %d\n", c->name, c->run(5));
  for (int *s = __start_states; s < __stop_states; s++) printf("state %d\n", *s);
  printf("kept %s %d\n", kept->name, kept->run(5));
  return 0;
}
