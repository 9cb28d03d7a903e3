// A new local that is used after the point has no source: patchgen says so, and an
// override file supplies it.
// RUN: %update_at %t %s 1
// RUN: not %patchgen %t/v1.exe %t/v2.exe -o %t/patch.so > %t/errors 2>&1
// RUN: FileCheck --check-prefix=ERROR %s < %t/errors

// ERROR: missing: main.c:{{[0-9]+}}: in function 'work': variable 'bonus' has no value
// ERROR: remedy: define upstare_init_work__bonus

// CHECK: 4 and 40
// CHECK-NEXT: status 0

//--- override.c
void upstare_init_work__bonus(const struct old_frame_work *from,
                              struct new_frame_work *to,
                              struct upstare_update *update) {
  (void)update;
  to->bonus = from->n * 10;
}

//--- v1/main.c
#include <stdio.h>
static volatile int two = 2;
__attribute__((noinline)) static int work(int n) {
  int i = 0;
  do
    i++;
  while (i < two);
  return n;
}
int main(void) {
  printf("%d\n", work(4));
  return 0;
}

//--- v2/main.c
#include <stdio.h>
static volatile int two = 2;
__attribute__((noinline)) static int work(int n) {
  int i = 0;
  int bonus = n;
  do
    i++;
  while (i < two);
  printf("%d and ", n);
  return bonus;
}
int main(void) {
  printf("%d\n", work(4));
  return 0;
}
