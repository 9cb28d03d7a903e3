// Sanitizers that keep facts of frames elsewhere, where an update would not find
// them: such functions stay as they were, and updates wait while they are active.
// RUN: for s in address memory thread safe-stack; do %upstare_cc -O1 -c \
// RUN:   -fsanitize=$s %s -o %t.o 2>&1 | FileCheck %s || exit 1; done
// RUN: %upstare_cc -O1 -c -fsplit-stack %s -o %t.o 2>&1 | FileCheck %s
// RUN: %upstare_cc -O1 -c -fsanitize=undefined %s -o %t.o 2>&1 | FileCheck %s --allow-empty --check-prefix=FINE
// FINE-NOT: warning

// CHECK: sanitizers.c:[[@LINE+1]]: in function 'f': not instrumented, since a sanitizer (or -fsplit-stack) keeps track of its frame by other means
void f(void (*g)(int *)) {
  int n = 0;
  g(&n);
}
