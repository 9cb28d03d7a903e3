// The optimiser inlines the same calls as without the plugin.
// RUN: %clang -g -O2 -Rpass=inline -c %s -o %t.o 2>&1 | grep -o "'[a-z_]*' inlined into '[a-z_]*'" | sort > %t.plain
// RUN: %instrument -O2 -Rpass=inline -c %s -o %t.o 2>&1 | sed 's/upstare\.main/main/' | grep -o "'[a-z_]*' inlined into '[a-z_]*'" | grep -v __upstare | sort > %t.instrumented
// RUN: FileCheck %s < %t.plain
// RUN: diff %t.plain %t.instrumented

// CHECK: 'small' inlined into 'medium'
int outside(int, const char *);
static int small(int n) { return outside(n, "small") + 1; }
static int medium(int n) {
  if (outside(n, "a"))
    return small(n);
  for (int i = 0; i < n; i++)
    n += outside(i, "b") * small(i);
  return outside(n, "c") ? small(n) : outside(n + 1, "d");
}
static int large(int n) {
  int sum = 0;
  while (n--) {
    switch (outside(n, "case")) {
    case 1: sum += small(n); break;
    case 2: sum -= medium(n); break;
    case 3: sum ^= outside(n, "three"); break;
    default: sum += outside(sum, "default") + outside(n, "again");
    }
    if (outside(sum, "stop") && outside(n, "really"))
      break;
  }
  return sum;
}
int once(int n) { return large(n); }
int twice(int n) { return medium(n) + medium(n + 1); }
int other(int n) { return large(n) + large(n + 1); }
