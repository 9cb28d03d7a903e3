// A program with functions of its own that are called as the C library's: its own
// are called, in both versions, also from other files. What the compiler takes for
// library calls that cannot lead to an update is not left in the middle (the
// compiler warns): an update waits until it returns.
// RUN: %update_at %t %s 1 -O0 -O2 '-O2 -fPIC' '-O2 -flto' 2> %t.log || (cat %t.log; false)
// RUN: FileCheck %s --check-prefix=WARNING <%t.log

// WARNING: own.c:[[#]]: in function 'strnlen': not instrumented, since it has the name of a function of the C library, and other files take it for that one, which makes no update (another name helps); while it is on the stack, updates wait
// WARNING-NOT: in function {{'(strverscmp|connect|log|getc_unlocked)'}}

// CHECK: v1 strnlen 3
// CHECK-NEXT: v2 strnlen 3 connect 12 log v2 order 7
// CHECK-NEXT: status 0

//--- both/main.c
#include <stdio.h>
#include <string.h>
#include "point.h"
int connect(const char *host);
const char *log(int level);
int strverscmp(const char *, const char *);
static int measure(const char *text) {
  int first = text[0];
  unsigned long length = strnlen(text, 100);
  return length + first - 'a';
}
int main(void) {
  char text[4] = "abc";
  connect("h");
  int length = measure(text);
#if V == 1
  printf("v1 strnlen %d\n", length);
  fflush(stdout);
  point();
  printf("old %d %d\n", length, connect("h"));
#else
  point();
  printf("v2 strnlen %d connect %d log %s order %d\n", length, connect("h"), log(3),
         strverscmp("h", "a"));
#endif
  return 0;
}
//--- both/own.c
#include <stddef.h>
#include "point.h"
size_t strnlen(const char *text, size_t most) {
  size_t length = 0;
  point();
  while (length < most && text[length])
    length++;
  return length;
}
int connect(const char *host) { return host[0] - 'h' + V * 6; }
const char *log(int level) { return level ? V == 1 ? "v1" : "v2" : ""; }
int strverscmp(const char *a, const char *b) { return *a - *b; }
// As glibc's headers have it: not the program's.
int other(int), counted;
extern inline __attribute__((gnu_inline)) int getc_unlocked(void *file) {
  return file ? other(1) : 0;
}
int other(int n) { return counted ? getc_unlocked(&n) : n; }
