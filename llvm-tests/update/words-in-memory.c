// Words in memory of whose types nothing is known, and that lead into what moves:
// on the heap, in mapped memory, thread-local ones, in the data of a plain library;
// with a tag in the low bits, too. The update is refused, with the place and the
// row to write. check says so before. Kept addresses of constants whose contents
// change are left alone, and so is memory that nothing uses any more.
// RUN: rm -rf %t && mkdir %t && cd %t
// RUN: env UPSTARE_DISABLE=1 %upstare_cc -O1 -DLIBRARY -fPIC -shared %s -o libplain.so
// RUN: for v in 1 2; do %upstare_cc -O1 -DVERSION=$v %s -o v$v -L. -lplain '-Wl,-rpath,$ORIGIN' || exit 1; done
// RUN: %patchgen v1 v2 -o p.so
// RUN: for what in heap mapped thread library stack; do UPSTARE_REPORT=report UPSTARE_APPLY_AT=1:./p.so ./v1 $what; done > output 2> errors
// RUN: FileCheck %s --check-prefix=OUTPUT --implicit-check-not='version 2' < output
// RUN: FileCheck %s < report
// RUN: env UPSTARE_REPORT=done UPSTARE_APPLY_AT=1:./p.so ./v1 constant | FileCheck %s --check-prefix=DONE
// RUN: env UPSTARE_APPLY_AT=1:./p.so ./v1 freed | FileCheck %s --check-prefix=DONE
// RUN: FileCheck %s --check-prefix=LOOKED < done
//
// RUN: echo 'const struct upstare_word_override upstare_words[] = {{"(memory)", "server", UPSTARE_WORD_LEAVE}, {0}};' > leave.c
// RUN: %patchgen v1 v2 -o left.so --override leave.c 2>&1 | FileCheck %s --check-prefix=ROW --allow-empty
// RUN: env UPSTARE_REPORT=left UPSTARE_APPLY_AT=1:./left.so ./v1 heap | FileCheck %s --check-prefix=DONE
// RUN: FileCheck %s --check-prefix=LEFT < left
// RUN: env UPSTARE_REPORT=other UPSTARE_APPLY_AT=1:./left.so ./v1 stack 2>&1 | FileCheck %s --check-prefix=STILL
// RUN: sed 's/"server"/"*"/' leave.c > all.c && %patchgen v1 v2 -o all.so --override all.c
// RUN: env UPSTARE_REPORT=all UPSTARE_APPLY_AT=1:./all.so ./v1 stack | FileCheck %s --check-prefix=DONE
// RUN: FileCheck %s --check-prefix=NOWHERE < all
// RUN: sed 's/LEAVE/FORWARD/' leave.c > forward.c && not %patchgen v1 v2 -o p2.so --override forward.c 2>&1 | FileCheck %s --check-prefix=BAD
//
// RUN: mkfifo in && exec 7<>in
// RUN: coproc PROGRAM { exec ./v1 heap wait < in; } ; read -r line <&"${PROGRAM[0]}"; \
// RUN:   not %ctl --json check $PROGRAM_PID p.so > check; not %ctl apply $PROGRAM_PID p.so > apply 2>&1; \
// RUN:   not %ctl apply $PROGRAM_PID p.so > again 2>&1; %ctl --json apply $PROGRAM_PID left.so > applied; \
// RUN:   echo go >&7; read -r line <&"${PROGRAM[0]}"; echo "then: $line" >> check
// RUN: FileCheck %s --check-prefix=CHECKED < check
// RUN: FileCheck %s --check-prefix=HEAP < apply
// RUN: FileCheck %s --check-prefix=HEAP < again
// RUN: FileCheck %s --check-prefix=APPLIED < applied

// OUTPUT-COUNT-5: version 1
// CHECK: "status":"untyped-words",{{.*}}: 1; {{.*}}; memory without types at 0x{{[0-9a-f]+}} leads 4 bytes into server (global server): {\"(memory)\", \"server\", ...}"{{.*}}"untyped_words":1,"undecided_words":1,
// CHECK: "status":"untyped-words",{{.*}} leads 3 bytes into server (global server): {\"(memory)\", \"server\",
// CHECK: "status":"untyped-words",{{.*}} leads 0 bytes into server (global server): {\"(memory)\", \"server\",
// CHECK: "status":"untyped-words",{{.*}} leads 0 bytes into server (global server): {\"(memory)\", \"server\",
// CHECK: "status":"untyped-words",{{.*}} leads 0 bytes into local (struct server): {\"(memory)\", \"local\",
// DONE: version 2 2 7
// LOOKED: "untyped_words":0,{{.*}}"memory_bytes":{{[1-9][0-9]+}},
// ROW-NOT: names no word
// LEFT: "untyped_words":1,"undecided_words":0,
// STILL: {"(memory)", "local", ...}
// STILL: version 1
// NOWHERE: "untyped_words":0,{{.*}}"memory_bytes":0,
// BAD: upstare_words: words in memory without types cannot be forwarded; say UPSTARE_WORD_LEAVE for server
// CHECKED: {"ok":false,"status":"untyped-words",{{.*}}(memory){{.*}}"undecided_words":1,{{.*}}"memory_bytes":{{[1-9][0-9]+}},
// CHECKED: then: version 2
// HEAP: lead into objects that move: 1; {{.*}}; memory without types at
// APPLIED: {"ok":true,{{.*}}"untyped_words":1,"undecided_words":0,

#ifdef LIBRARY
void *of_library;
#else
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
struct server {
#if VERSION == 2
  long added;
#endif
  int value, other;
} server;
static const int constant[2] = {VERSION, 7};
extern void *of_library;
struct server *typed = &server; // is forwarded
__thread void *of_thread;
struct { void *data; } *on_heap;
unsigned long *mapped;

int main(int argc, char **argv) {
#define IS(name) (!strcmp(argv[1], name))
  struct server local = {.value = argc};
  char line[8];
  __asm__ volatile("" : : "r"(&local) : "memory");
  setvbuf(stdout, 0, _IONBF, 0);
  on_heap = malloc(sizeof *on_heap);
  mapped = mmap(0, 1 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  on_heap->data = IS("heap") ? (void *)&server.other : IS("stack") ? (void *)&local
                  : IS("constant") ? (void *)&constant[1] : 0;
  mapped[70000] = IS("mapped") ? (unsigned long)&server | 3 : 1;
  of_thread = IS("thread") ? &server : 0;
  of_library = IS("library") ? &server : 0;
  if (IS("freed")) {
    mapped[2] = (unsigned long)&server;
    munmap(mapped, 1 << 20);
  }
  if (argc > 2) {
    puts("ready");
    if (read(0, line, sizeof line) <= 0)
      return 1;
  } else {
    point();
  }
  typed->value = constant[1];
  printf("version %d %d %d\n", VERSION, local.value, server.value);
  return 0;
}
#endif
