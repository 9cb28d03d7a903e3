// Known library functions run no code of the program and are no points, unless
// they take a callback.
// RUN: %emit %s | %opt -passes='print<upstare-points>' -disable-output | FileCheck %s

unsigned long strlen(const char *);
void *malloc(unsigned long);
int printf(const char *, ...);
void qsort(void *, unsigned long, unsigned long, int (*)(const void *, const void *));
int compare(const void *, const void *);

// CHECK-NOT: points plain
void *plain(const char *s) {
  printf("%s\n", s);
  return malloc(strlen(s));
}

// CHECK: points sort
// CHECK-NEXT: 0: call qsort#0
void sort(int *x, int n) { qsort(x, n, sizeof *x, compare); }
