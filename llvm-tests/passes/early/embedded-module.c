// The early stage on the stored module finds the same points and frames as the
// compiler did: patchgen relies on it.
// RUN: %S/Inputs/same-as-stored %clang %plugin %s %t -O0
// RUN: %S/Inputs/same-as-stored %clang %plugin %s %t -O1
// RUN: %S/Inputs/same-as-stored %clang %plugin %s %t -O2
// RUN: %S/Inputs/same-as-stored %clang %plugin %s %t -O3
// RUN: %S/Inputs/same-as-stored %clang %plugin %s %t -Os
int f(int), take(int *);
struct pair { int x; float y; };
static int odd(unsigned);
static int even(unsigned n) { return n == 0 || odd(n - 1); }
static int odd(unsigned n) { return n != 0 && even(n - 1); }
int function(int n, struct pair *p) {
  struct pair q = *p;
  int array[n], pinned = f(n) + f(n + 1);
  for (int i = 0; i < n; i++)
    array[i] = i;
  while (n--) {
    take(&pinned);
    switch (n) {
    case 1: {
      int one = f(array[n]);
      f(one);
      return one + q.y;
    }
    default:
      even(n);
    }
  }
  return f(pinned);
}
