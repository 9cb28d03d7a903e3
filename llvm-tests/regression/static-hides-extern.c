// A static function had the code of an extern one of the same name in another
// file, for about half of the names.
// RUN: split-file %s %t
// RUN: cd %t && %upstare_cc -O1 main.c other.c -o prog
// RUN: %patchgen prog prog -o identity.so
// RUN: %sweep --patch identity.so --expect want -- ./prog

//--- main.c
#include <stdio.h>
int other(int n);
#define FUNCTION(name) \
  __attribute__((noinline)) static int name(int n) { \
    while (n < 3) \
      n++; \
    return n; \
  }
FUNCTION(first_of_all)
FUNCTION(second)
FUNCTION(a_third_one)
FUNCTION(fourth)
FUNCTION(no_5)
FUNCTION(sixth_function)
int (*volatile table[])(int) = {first_of_all, second, a_third_one,
                             fourth, no_5, sixth_function};

int main(void) {
  for (int i = 0; i < 6; i++)
    printf("%d ", table[i](i));
  printf("%d\n", other(1));
  return 0;
}

//--- other.c
int first_of_all(int n) { return n + 10; }
int second(int n) { return n + 20; }
int a_third_one(int n) { return n + 30; }
int fourth(int n) { return n + 40; }
int no_5(int n) { return n + 50; }
int sixth_function(int n) { return n + 60; }
int other(int n) { return first_of_all(n) + second(n) + a_third_one(n) + fourth(n) + no_5(n) +
         sixth_function(n); }

//--- want
3 3 3 3 4 5 216
