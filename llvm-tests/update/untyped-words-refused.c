// A word that may be a pointer and leads into what moves: nobody has said what to
// do with it, so the update is refused, with the place and the row to write. check
// says so before, as far as globals go.
// RUN: rm -rf %t && mkdir %t
// RUN: for v in 1 2; do %upstare_cc -O1 -DVERSION=$v %s -o %t/v$v; done
// RUN: %patchgen %t/v1 %t/v2 -o %t/p.so --report %t/patch 2>&1 | FileCheck %s --check-prefix=UNION
// RUN: for what in global field union local memory number bytes; do \
// RUN:   UPSTARE_REPORT=%t/report UPSTARE_APPLY_AT=1:%t/p.so %t/v1 $what || exit 1; \
// RUN: done > %t/output 2> %t/messages
// RUN: FileCheck %s --check-prefix=OUTPUT --implicit-check-not='version 2' < %t/output
// RUN: FileCheck %s < %t/report
// RUN: UPSTARE_REPORT=%t/none UPSTARE_APPLY_AT=1:%t/p.so %t/v1 nothing | FileCheck %s --check-prefix=DONE
// RUN: FileCheck %s --check-prefix=NONE < %t/none
//
// RUN: echo 'const struct upstare_word_override upstare_words[] = {{"*", "*", UPSTARE_WORD_LEAVE}, {0}};' > %t/leave.c
// RUN: %patchgen %t/v1 %t/v2 -o %t/left.so --override %t/leave.c
// RUN: UPSTARE_REPORT=%t/left UPSTARE_APPLY_AT=1:%t/left.so %t/v1 field | FileCheck %s --check-prefix=DONE
// RUN: FileCheck %s --check-prefix=LEFT < %t/left
//
// RUN: echo 'const struct upstare_word_override upstare_words[] = {{"struct conn", "dta", UPSTARE_WORD_LEAVE}, {0}};' > %t/typo.c
// RUN: %patchgen %t/v1 %t/v2 -o %t/left.so --override %t/typo.c 2>&1 | FileCheck %s --check-prefix=TYPO
// RUN: echo 'const struct upstare_word_override upstare_words[] = {{"x", "y"}, {0}};' > %t/bad.c
// RUN: not %patchgen %t/v1 %t/v2 -o %t/left.so --override %t/bad.c 2>&1 | FileCheck %s --check-prefix=BAD
//
// A tag is no part of the address, but nothing tells which bits are one.
// RUN: echo 'const struct upstare_word_override upstare_words[] = {{"bytes", "", UPSTARE_WORD_FORWARD}, {0}};' > %t/tag.c
// RUN: %patchgen %t/v1 %t/v2 -o %t/tag.so --override %t/tag.c
// RUN: UPSTARE_APPLY_AT=1:%t/tag.so %t/v1 bytes 2>&1 | FileCheck %s --check-prefix=TAG
//
// RUN: mkfifo %t/in && exec 7<>%t/in
// RUN: coproc PROGRAM { exec %t/v1 field wait < %t/in; } ; read -r line <&"${PROGRAM[0]}"; \
// RUN:   not %ctl --json check $PROGRAM_PID %t/p.so > %t/check; \
// RUN:   not %ctl apply $PROGRAM_PID %t/p.so > %t/apply 2>&1; \
// RUN:   echo go >&7; read -r line <&"${PROGRAM[0]}"; echo "then: $line" >> %t/check
// RUN: FileCheck %s --check-prefix=CHECKED < %t/check
// RUN: FileCheck %s --check-prefix=APPLIED < %t/apply

// UNION: warning: union value ({{.*}}): nothing tells which member is in use; an update that finds a word in one that leads into an object that moves does what upstare_words says, else is refused
// OUTPUT-COUNT-7: version 1
// CHECK: "status":"untyped-words","message":"words that may be pointers lead into objects that move: 1; say UPSTARE_WORD_FORWARD or UPSTARE_WORD_LEAVE for each in upstare_words of an override file (docs/patches.md); global cursor: cursor (void *) leads 4 bytes into items (global items): {\"cursor\", \"\", ...}"{{.*}}"untyped_words":1,"undecided_words":1,
// CHECK: global conn: data of struct conn (void *) leads 4 bytes into items{{.*}}{\"struct conn\", \"data\", {{.*}}"undecided_words":1,
// CHECK: global conn: value of struct conn (union value) leads 8 bytes into items{{.*}}{\"struct conn\", \"value\", {{.*}}"undecided_words":1,
// CHECK: main ({{.*}}): local of main (void *) leads 4 bytes into items{{.*}}{\"main\", \"local\", {{.*}}"undecided_words":1,
// CHECK: main ({{.*}}): memory of main (void *) leads 4 bytes into items{{.*}}{\"main\", \"memory\", {{.*}}"undecided_words":1,
// CHECK: main ({{.*}}): numbers of main ({{.*}}long) leads 4 bytes into items{{.*}}{\"main\", \"numbers\", {{.*}}"undecided_words":1,
// CHECK: global bytes: bytes (char[16]) leads 5 bytes into items{{.*}}{\"bytes\", \"\", {{.*}}"undecided_words":1,
// TAG: global bytes: a word that is to be forwarded leads 5 bytes into items (global items), into the middle of a number, or has a tag in its lowest bits; say UPSTARE_WORD_LEAVE
// TAG: version 1
// DONE: version 2
// NONE: "ok":true,{{.*}}"untyped_words":0,"undecided_words":0,
// LEFT: "ok":true,{{.*}}"untyped_words":1,"undecided_words":0,
// TYPO: warning: upstare_words: {"struct conn", "dta"} names no word that may be a pointer
// BAD: upstare_words: {"x", "y"} says neither UPSTARE_WORD_LEAVE nor UPSTARE_WORD_FORWARD
// CHECKED: {"ok":false,"status":"untyped-words",{{.*}}global conn: data of struct conn{{.*}}"undecided_words":1,
// CHECKED: then: version 1
// APPLIED: global conn: data of struct conn (void *) leads 4 bytes into items

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
static struct item {
#if VERSION == 2
  long added;
#endif
  int value;
} items[4];
static void *cursor;
static char bytes[16];
static struct conn {
  void *data;
  union value {
    void *p;
    double d;
  } value;
} conn;

int main(int argc, char **argv) {
#define IS(name) (argc > 1 && !strcmp(argv[1], name))
  void *local = IS("local") ? &items[1] : 0, *memory;
  unsigned long numbers[2] = {0, 0};
  void *volatile *seen = (void *volatile *)&memory;
  volatile unsigned long *seen_numbers = numbers;
  char line[8];
  *seen = IS("memory") ? &items[1] : 0;
  seen_numbers[1] = IS("number") ? (unsigned long)&items[1] : 0;
  cursor = IS("global") ? &items[1] : 0;
  conn.data = IS("field") ? &items[1] : 0;
  conn.value.p = IS("union") ? &items[2] : 0;
  void *tagged = (char *)&items[1] + 1;
  char buffer[64]; // holds what was on the stack before: not looked into
  __asm__ volatile("movq %1, %0" : "=m"(*(void **)&buffer[8]) : "r"(tagged));
  if (IS("bytes"))
    memcpy(bytes, &tagged, sizeof tagged);
  if (argc > 2) {
    puts("ready");
    fflush(stdout);
    if (read(0, line, sizeof line) <= 0)
      return 1;
  } else {
    point();
  }
  printf("version %d %d\n", VERSION, (local || *seen || seen_numbers[1] || buffer[8]) * 0);
  fflush(stdout);
  return 0;
}
