// What was done, and what could not be, can be asked for.
// RUN: %instrument -O2 -Rpass=upstare -c %s -o %t.o 2> %t.done
// RUN: FileCheck --check-prefix=DONE %s < %t.done
// RUN: %instrument -O2 -Rpass-missed=upstare -c %s -o %t.o 2> %t.missed
// RUN: FileCheck --check-prefix=MISSED %s < %t.missed
// RUN: %instrument -O2 -c %s -o %t.o 2>&1 | FileCheck --check-prefix=QUIET --allow-empty %s

// QUIET-NOT: remark
// DONE-DAG: remarks.c:[[@LINE+3]]:{{.*}}remark: 1 update point(s) [-Rpass=upstare]
// DONE-DAG: remarks.c:[[@LINE+2]]:{{.*}}remark: 2 continuation points, 1 frame members, record of 48 bytes [-Rpass=upstare]
int f(int);
int loop(int n) {
  while (n)
    n = f(n);
  return n;
}

// DONE-DAG: remarks.c:[[@LINE+1]]:{{.*}}remark: 1 call-free counted loop(s) without update point [-Rpass=upstare]
void counted(int *x) {
  for (int i = 0; i < 100; i++)
    x[i] = i;
}
// MISSED: remark: not instrumented: it has no debug information (compile with -g) [-Rpass-missed=upstare]
__attribute__((nodebug)) int no_debug(void) { return f(1) + 1; }
