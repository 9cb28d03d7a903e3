// A function whose setjmp calls change while it is active: one that goes, one
// that comes, and values that only a longjmp reads.
// RUN: rm -rf %t && split-file %s %t
// RUN: for v in v1 gone new value; do %upstare_cc -O1 -g %t/$v.c -o %t/$v; done
// RUN: not %patchgen %t/v1 %t/gone -o %t/p.so 2>&1 | FileCheck %s --check-prefix=GONE
// RUN: not %patchgen %t/v1 %t/new -o %t/p.so 2>&1 | FileCheck %s --check-prefix=NEW
// RUN: not %patchgen %t/v1 %t/value -o %t/p.so 2>&1 | FileCheck %s --check-prefix=VALUE
//
// An update waits until the frame has returned.
// RUN: %patchgen %t/v1 %t/gone -o %t/p.so --refuse-unmapped
// RUN: env UPSTARE_APPLY_AT=1:%t/p.so UPSTARE_REPORT=%t/report %t/v1 | FileCheck %s --check-prefix=LATER
// RUN: FileCheck %s --check-prefix=REPORT < %t/report
//
// With an override file, a jmp_buf that only the new version arms is armed.
// RUN: %patchgen %t/v1 %t/new -o %t/p.so --override %t/arm.c
// RUN: env UPSTARE_APPLY_AT=1:%t/p.so %t/v1 | FileCheck %s --check-prefix=ARMED
//
// A copy of a jmp_buf is warned of.
// RUN: %upstare_cc -O1 %t/copy.c -o %t/copy
// RUN: %patchgen %t/copy %t/copy -o %t/copy.so 2>&1 | FileCheck %s --check-prefix=COPY

// COPY-COUNT-2: warning: {{.*}}copy.c:{{6|9}}: in function '{{saved|whole}}': a jmp_buf is copied; a longjmp() through a copy
// COPY-NOT: a jmp_buf is copied
// GONE: missing: v1.c:16: in function 'guarded': the jmp_buf '@top' that this setjmp() arms is not armed again: the new version has no such setjmp()
// GONE: remedy: refuse the update there: {{.*}}"guarded", 0, ~0u
// NEW: missing: new.c:{{[0-9]+}}: in function 'guarded': the jmp_buf '@other' of this setjmp() is not armed when the new code goes on
// NEW: remedy: define upstare_init_guarded__jmp_buf_other
// VALUE: missing: value.c:{{[0-9]+}}: in function 'guarded': variable 'note' has no value when the new code goes on
// LATER: old caught 3
// LATER-NEXT: new
// REPORT: "status":"ok"{{.*}}"attempts":2
// ARMED: other caught 4

//--- v1.c
#include <setjmp.h>
#include <stdio.h>
static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
static jmp_buf top;
__attribute__((noinline)) static void work(void) {
  point();
  longjmp(top, 3);
}
__attribute__((noinline)) static void guarded(void) {
  int code = setjmp(top);
  if (code == 0)
    work();
  printf("old caught %d\n", code);
}
int main(void) {
  guarded();
  point();
  puts("old");
  return 0;
}
//--- gone.c
#include <setjmp.h>
#include <stdio.h>
static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
static jmp_buf top;
__attribute__((noinline)) static void work(void) {
  point();
  longjmp(top, 4);
}
__attribute__((noinline)) static void guarded(void) {
  work();
  printf("gone caught %d\n", setjmp(top));
}
int main(void) {
  guarded();
  point();
  puts("new");
  return 0;
}
//--- new.c
#include <setjmp.h>
#include <stdio.h>
static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
static jmp_buf top, other;
__attribute__((noinline)) static void work(void) {
  point();
  longjmp(other, 4);
}
__attribute__((noinline)) static void guarded(void) {
  int code = setjmp(top);
  if (code == 0) {
    int inner = setjmp(other);
    if (inner == 0) {
      work();
      return;
    }
    printf("other caught %d\n", inner);
  }
}
int main(void) {
  guarded();
  point();
  return 0;
}
//--- value.c
#include <setjmp.h>
#include <stdio.h>
static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
static jmp_buf top;
__attribute__((noinline)) static void work(void) {
  point();
  longjmp(top, 4);
}
__attribute__((noinline)) static void guarded(void) {
  volatile int note = 3;
  int code = setjmp(top);
  if (code == 0) {
    work();
    return;
  }
  printf("value caught %d %d\n", code, note);
}
int main(void) {
  guarded();
  return 0;
}
//--- arm.c
void upstare_init_guarded__jmp_buf_other(const struct old_frame_guarded *from,
                                     struct new_frame_guarded *to,
                                     struct upstare_update *update) {
  (void)from, (void)update;
  to->jmp_buf_other = upstare_new_other;
}
//--- copy.c
#include <setjmp.h>
#include <string.h>
static jmp_buf top, other;
struct place { int n; jmp_buf buffer; } *place;
__attribute__((noinline)) static void saved(void) {
  memcpy(other, top, sizeof top);
}
__attribute__((noinline)) static int whole(void) {
  struct place copy = *place;
  struct place fresh = {1, {{{0}}}};
  place = &copy;
  return setjmp(fresh.buffer);
}
int main(void) {
  saved();
  return whole();
}
