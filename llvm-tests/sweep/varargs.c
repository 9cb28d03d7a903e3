// Variable arguments: a va_list in use, copied and passed on across points.
// RUN: %identity_sweep %t %s -O0
// RUN: %identity_sweep %t %s -O1
// RUN: %identity_sweep %t %s -O2
// RUN: %identity_sweep %t %s -O3

#include "Inputs/sweep.h"

#include <stdarg.h>

struct triple {
  long a, b, c;
};

NOINLINE static double sum(const char *kinds, ...) {
  double total = 0;
  va_list args;
  va_start(args, kinds);
  for (; *kinds; kinds++) {
    point();
    switch (*kinds) {
    case 'i':
      total += va_arg(args, int);
      break;
    case 'd':
      total += va_arg(args, double);
      break;
    case 's':
      total += (double)strlen(va_arg(args, const char *));
      break;
    case 't': {
      struct triple t = va_arg(args, struct triple);
      point();
      total += (double)(t.a + t.b * 10 + t.c * 100);
      break;
    }
    case 'L':
      total += (double)va_arg(args, long double);
      break;
    }
  }
  va_end(args);
  return total;
}

NOINLINE static long pass_on(int count, va_list args) {
  long total = 0;
  while (count-- > 0) {
    long value = va_arg(args, long);
    total = total * 3 + opaque(value);
  }
  return total;
}

NOINLINE static long twice(int count, ...) {
  va_list args, again;
  va_start(args, count);
  va_copy(again, args);
  long first = pass_on(count, args);
  point();
  long second = pass_on(count, again);
  va_end(args);
  va_end(again);
  return first * 7 - second;
}

NOINLINE static int format(char *to, size_t size, const char *how, ...) {
  va_list args;
  va_start(args, how);
  point();
  int length = vsnprintf(to, size, how, args);
  point();
  va_end(args);
  return length;
}

// The list is started, and started again, behind points.
NOINLINE static long late(int count, ...) {
  va_list args;
  long total = 0;
  for (int round = 0; round < 2; round++) {
    point();
    va_start(args, count);
    for (int i = 0; i < count; i++) {
      point();
      total = total * 5 + va_arg(args, long);
    }
    va_end(args);
  }
  point();
  return total;
}

int main(void) {
  mix_double(sum("idstLiiiiiiddddddddd", 1, 2.5, "four", (struct triple){1, 2, 3},
                 6.25L, 1, 2, 3, 4, 5, 6, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0,
                 8.0, 9.0));
  report("sum");
  mix(twice(9, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L));
  report("twice");
  char text[64];
  mix(format(text, sizeof text, "%s:%d:%.2f", "name", 42, 1.5));
  puts(text);
  report("format");
  mix(late(9, 1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L, 9L));
  report("late");
  return 0;
}
