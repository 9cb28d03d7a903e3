// The code of versions that run no more goes back to the system; what pointers of
// theirs lead to stays: literals, and functions that began in one of them.
// RUN: mkdir -p %t && cd %t
// RUN: for v in 1 2 3; do %upstare_cc -O2 -DVERSION=$v %s -o v$v || exit 1; done
// RUN: %patchgen v1 v2 -o 12 && %patchgen v2 v3 -o 23 && %patchgen v3 v3 -o 33
// RUN: env UPSTARE_APPLY_AT=1:12,4:23 UPSTARE_APPLY_EVERY=3:33 \
// RUN:   UPSTARE_REPORT=report ./v1 | FileCheck %s
// RUN: FileCheck --check-prefix=REPORT %s < report
// REPORT-COUNT-20: "ok":true
// Old code that goes on stays, too: of a function that version 1 has, or of one
// that began in version 2; version 3 has neither.
// RUN: for first in 1 2; do \
// RUN:   for v in 1 2 3; do %upstare_cc -O2 -DVERSION=$v -DGOES_ON=$first %s -o v$v || exit 1; done; \
// RUN:   %patchgen v1 v2 -o 12 && %patchgen v2 v3 --keep-removed -o 23 && %patchgen v3 v3 -o 33 && \
// RUN:   UPSTARE_APPLY_AT=1:12,4:23 UPSTARE_APPLY_EVERY=20:33 ./v1 | FileCheck --check-prefix=GOES-ON %s || exit 1; \
// RUN: done
//
// CHECK: updated: version 3, kept 42, literal of version 2
// CHECK-NEXT: code of patches 1 to 2: yes, released 18 or more: yes
// CHECK-NEXT: between functions that began in a patch: ---p
// GOES-ON: updated: version 3
// GOES-ON: old code of 2

#include <stdio.h>
#include <string.h>

static int version(void) { return VERSION; }
static int (*kept)(void), (*far)(void);
static const char *literal;

#if VERSION > 1
__attribute__((noinline)) static int added(void) { return 42; }
__attribute__((noinline)) static int between(void) {
  __asm__ volatile(".skip 12288, 0x90");
  return 43;
}
__attribute__((noinline)) static int added_far(void) { return 44; }
__attribute__((noinline)) static void keep(void) {
  if (kept)
    return;
  kept = added;
  far = literal ? between : added_far;
  literal = VERSION == 2 ? "literal of version 2" : "literal of version 3";
}
#else
static void keep(void) {}
#endif

#ifdef GOES_ON
static int (*gone_kept)(void);
#if VERSION >= GOES_ON && VERSION < 3
__attribute__((noinline)) static int gone(void) {
  // On pages of its own: pages with entries that jump stay anyway.
  __asm__ volatile(".skip 12288, 0x90");
  return VERSION;
}
__attribute__((noinline)) static void keep_old(void) { gone_kept = gone; }
#else
static void keep_old(void) {}
#endif
#else
static void keep_old(void) {}
#endif

// Executable memory without a file: code of patches.
static void count(int *code, int *released) {
  char line[512], access[8], path[256];
  FILE *maps = fopen("/proc/self/maps", "r");
  *code = *released = 0;
  while (fgets(line, sizeof line, maps)) {
    path[0] = 0;
    sscanf(line, "%*s %7s %*s %*s %*s %255s", access, path);
    *code += !path[0] && !strcmp(access, "r-xp");
    *released += !path[0] && !strcmp(access, "---p");
  }
  fclose(maps);
}

// How the memory in the middle between the two may be accessed.
static void middle(char *access) {
  char line[512];
  unsigned long begin, end, one = (unsigned long)kept, two = (unsigned long)far;
  FILE *maps = fopen("/proc/self/maps", "r");
  while (fgets(line, sizeof line, maps))
    if (sscanf(line, "%lx-%lx %7s", &begin, &end, access) == 3 &&
        (one + two) / 2 >= begin && (one + two) / 2 < end)
      break;
  fclose(maps);
}

int main(void) {
  int wrong = 0;
  for (volatile int i = 0; i < 80; i++)
    // Right after each update, before the next one writes entries again.
    keep(), keep_old(), wrong += kept && kept() != 42;
  int code, released;
  count(&code, &released);
  printf("updated: version %d, kept %d, %s\n", version(), wrong ? 0 : kept(),
         literal ? literal : "none");
  printf("code of patches 1 to 2: %s, released 18 or more: %s\n",
         code >= 1 && code <= 3 ? "yes" : "no", released >= 18 ? "yes" : "no");
  char access[8] = "none";
  middle(access);
  printf("between functions that began in a patch: %s\n", access);
#ifdef GOES_ON
  printf("old code of %d\n", gone_kept());
#endif
  return 0;
}
