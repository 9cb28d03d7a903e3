// Pointers to functions that version 1 made lead to the newest code, whatever the
// versions between do: call them directly only, inline them, drop what nothing
// uses; and pointers that are made again compare equal. What a patch cannot know,
// that a version before its old one used an address, the process knows, and
// refuses the patch, until the override file says what becomes of the pointers.
// RUN: rm -rf %t && split-file %s %t && cd %t
// RUN: for level in '-O2 -flto -ffunction-sections -Wl,--gc-sections'; do \
// RUN:   for v in 1 2 3 4; do %upstare_cc $level -DVERSION=$v program.c -o v$v || exit 1; done; \
// RUN:   %patchgen v1 v2 -o 12 && %patchgen v2 v3 -o 23 && %patchgen v3 v4 --override still.c -o 34 && \
// RUN:   %patchgen v2 v3 --override keep.c --report kept -o 23k && \
// RUN:   %patchgen v2 v3 --override never.c -o 23n || exit 1; \
// RUN:   UPSTARE_APPLY_AT=1:12,2:23k,3:34 ./v1 > all && FileCheck program.c < all || exit 1; \
// RUN:   FileCheck program.c --check-prefix=KEPT < kept || exit 1; \
// RUN:   UPSTARE_REPORT=report UPSTARE_APPLY_AT=1:12,2:23 ./v1 > /dev/null 2>&1; \
// RUN:   FileCheck program.c --check-prefix=REFUSED < report || exit 1; \
// RUN:   UPSTARE_APPLY_AT=1:12,2:23n ./v1 never | FileCheck program.c --check-prefix=NEVER || exit 1; \
// RUN:   UPSTARE_APPLY_AT=2:23,3:34 ./v2 fresh | FileCheck program.c --check-prefix=FRESH || exit 1; \
// RUN:   rm report; \
// RUN: done
// The other two functions that are only held since version 1 are refused, too.
// RUN: sed 's/{"direct"}, //' keep.c > less.c && %patchgen v2 v3 --override less.c -o 23l
// RUN: env UPSTARE_REPORT=report UPSTARE_APPLY_AT=1:12,2:23l ./v1 > /dev/null 2>&1; FileCheck program.c --check-prefix=DIRECT < report && rm report
// RUN: sed 's/{"removed"}, //' keep.c > less.c && %patchgen v2 v3 --override less.c -o 23l
// RUN: env UPSTARE_REPORT=report UPSTARE_APPLY_AT=1:12,2:23l ./v1 > /dev/null 2>&1; FileCheck program.c --check-prefix=REMOVED < report && rm report
// A pointer of version 1 is known of two updates later.
// RUN: %upstare_cc -O2 -DVERSION=4 -DNO_EXT program.c -o v4x && %patchgen v3 v4x -o 34x
// RUN: env UPSTARE_REPORT=report UPSTARE_APPLY_AT=1:12,2:23n,3:34x ./v1 never > /dev/null 2>&1; FileCheck program.c --check-prefix=EXT < report && rm report
// --keep-removed speaks of removed ones alone.
// RUN: %patchgen v2 v3 --keep-removed -o 23l
// RUN: env UPSTARE_REPORT=report UPSTARE_APPLY_AT=1:12,2:23l ./v1 > /dev/null 2>&1; FileCheck program.c --check-prefix=STATIC < report
// RUN: not %patchgen v2 v3 --override unsafe.c -o 23l 2>&1 | FileCheck program.c --check-prefix=UNSAFE

//--- keep.c
const struct upstare_keep_override upstare_keep[] = {
  {"direct"}, {"removed"}, {"inlined"}, {0}};
//--- still.c
const struct upstare_keep_override upstare_keep[] = {{"direct"}, {"inlined"}, {0}};
//--- never.c
const struct upstare_keep_override upstare_keep[] = {
  {"direct", UPSTARE_NEVER_CALLED}, {"removed", UPSTARE_NEVER_CALLED},
  {"inlined", UPSTARE_NEVER_CALLED}, {0}};
//--- unsafe.c
const struct upstare_keep_override upstare_keep[] = {{"uses_grown"}, {0}};
//--- program.c
// CHECK: 1: direct 211, inlined 211, again 1, plain 1, removed 1, ext 1
// CHECK-NEXT: 2: direct 212, inlined 212, again 2, plain 2, removed 2, ext 2
// CHECK-NEXT: 3: direct 213, inlined 213, again 3, plain 3, removed 2, ext 3
// CHECK-NEXT: 4: direct 214, inlined 214, again 4, plain 4, removed 2, ext 4
// CHECK-NEXT: equal 1 1
// KEPT: removed, but their old code runs where a pointer is kept (1): removed
// REFUSED: "ok":true
// REFUSED-NEXT: "status":"held-function","message":"a pointer to a function that an earlier version made may be kept, and would run old code: the new version has no code that a pointer to {{direct|inlined|removed}}() could lead to: it is removed, or static and only called directly; say in upstare_keep of an override file what becomes of such pointers, {\"[[F:direct|inlined|removed]]\"} if some are left
// DIRECT: "ok":true
// DIRECT-NEXT: a pointer to direct() could lead to
// REMOVED: "ok":true
// REMOVED-NEXT: a pointer to removed() could lead to
// EXT-COUNT-2: "ok":true
// EXT-NEXT: a pointer to ext() could lead to
// STATIC: "ok":true
// STATIC-NEXT: a pointer to {{direct|inlined}}() could lead to
// NEVER: 3: again 3, plain 3
// FRESH: 4: again 4, plain 4
// FRESH-NEXT: equal 1 1
// UNSAFE: missing: program.c:[[#]]: upstare_keep: the old code of 'uses_grown' is not safe to run: it uses variable 'grown', whose storage moves

#include <stdio.h>

static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
typedef int takes(int unused, const int *p, int factor);
typedef int function(void);
static takes *direct_held, *inlined_held;
static function *again_held, *again_made, *plain_held, *removed_held, *ext_held;
static int numbers[2] = {3, 4};
#if VERSION < 3
static int grown = VERSION;
__attribute__((noinline)) static int uses_grown(void) { return grown++; }
#else
static long grown = VERSION;
#endif

// The optimiser may leave parameters of it out where it is only called directly.
__attribute__((noinline)) static int direct(int unused, const int *p, int factor) {
  return *p * factor * 10 + VERSION;
}
__attribute__((always_inline)) inline static int inlined(int unused, const int *p, int factor) {
  return *p * factor * 10 + VERSION;
}
__attribute__((always_inline)) inline static int again(void) { return VERSION; }
// Nothing uses it in version 2, so that the linker may drop it.
int plain(void) { return VERSION; }
#ifndef NO_EXT
__attribute__((noinline)) int ext(void) { return VERSION; }
#endif
#if VERSION < 3
__attribute__((noinline)) static int removed(void) { return VERSION; }
#endif

__attribute__((noinline)) static void make(void) {
#if VERSION == 1
  direct_held = direct;
  inlined_held = inlined;
  removed_held = removed;
  ext_held = ext;
#endif
#if VERSION != 2
  if (!again_held)
    again_held = again;
  if (!plain_held)
    plain_held = plain;
#endif
}

__attribute__((noinline)) static void use(int argc) {
  make();
  printf("%d: ", VERSION);
  if (argc == 1)
    printf("direct %d, inlined %d, ", direct_held(1, &numbers[0], 7),
           inlined_held(1, &numbers[0], 7));
  if (again_held)
    printf("again %d, plain %d", again_held(), plain_held());
  if (argc == 1)
    printf(", removed %d, ext %d", removed_held(), ext_held());
  puts("");
}

int main(int argc, char **argv) {
  use(argc);
  if (direct(1, &numbers[1], 5) + inlined(1, &numbers[1], 5) + again() < 0)
    return 1;
#ifndef NO_EXT
  if (argc > 6)
    return ext();
#endif
#if VERSION < 3
  if (argc > 5)
    return removed() + uses_grown();
#endif
  point();
  use(argc);
  point();
  use(argc);
  point();
  use(argc);
#if VERSION != 2
  printf("equal %d %d\n", again_held == again, plain_held == plain);
#endif
  return (int)grown < 0;
}
