// What only upstare_renames matches: the rest of the override file is written for
// the new names, and compiles.
// RUN: %update_at %t %s 1 -O0 -O2

// CHECK: zeta 8 11 12
// CHECK-NEXT: thing 5 9, third 77
// CHECK-NEXT: status 0

//--- v1/main.c
#include <stdio.h>
#include "point.h"
struct first { int a; } first = {4};
__attribute__((noinline)) static void alpha(int n) {
  int kept = n * 2;
  point();
  printf("old alpha %d\n", kept);
}
int main(void) {
  alpha(4);
  printf("old thing %d\n", first.a);
  return 1;
}
//--- v2/main.c
#include <stdio.h>
#include "point.h"
struct second { long b; int a; } second = {1, 2};
int third = 8;
static int more = 7, less;
__attribute__((noinline)) static int zeta(int n, int added) {
  int kept = 5, fresh = more * 3;
  if (n > 5) {
    puts("big");
    kept = getchar();
  }
  for (int i = 0; i < less; i++)
    puts("more");
  point();
  if (printf("zeta %d %d %d\n", kept, fresh, added) < 0)
    perror("printf");
  return kept;
}
int main(void) {
  zeta(4, 3);
  printf("thing %d %ld, third %d\n", second.a, second.b, third);
  return 0;
}
//--- override.c
#define ROW(from, to) {#from, #to}
void upstare_init_zeta__fresh(const struct old_frame_zeta *from,
                              struct new_frame_zeta *to, struct upstare_update *update) {
  to->fresh = 11;
}
void upstare_init_zeta__added(const struct old_frame_zeta *from,
                              struct new_frame_zeta *to, struct upstare_update *update) {
  to->added = 12;
}
void upstare_global_second(const struct old_first *from, struct new_second *to,
                           struct upstare_update *update) {
  to->a = from->a + 1;
  to->b = 9;
}
int upstare_finish(struct upstare_update *update) {
  upstare_new_third = 77;
  return 0;
}
static const struct upstare_rename_override upstare_renames[] = {
  {"alpha", "zeta"}, ROW(first, second), {0}};
