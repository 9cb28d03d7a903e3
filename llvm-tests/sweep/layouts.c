// Unions, bit-fields, flexible arrays, packed structs and volatile objects.
// RUN: %identity_sweep %t %s -O0
// RUN: %identity_sweep %t %s -O2
// RUN: %identity_sweep %t %s -O3

#include "Inputs/sweep.h"

#include <stdlib.h>

union value {
  long integer;
  double real;
  char text[12];
  struct {
    short low, high;
  } parts;
};

NOINLINE static union value change(union value v, int kind) {
  union value next = v;
  point();
  if (kind == 0)
    next.integer += 5;
  else if (kind == 1)
    next.real = (double)v.integer / 3;
  else if (kind == 2)
    strcpy(next.text, "eleven char");
  else
    next.parts.high ^= 0x55;
  point();
  return next;
}

struct bits {
  unsigned a : 3;
  int b : 5;
  unsigned long c : 40;
  _Bool flag : 1;
  unsigned : 0;
  unsigned d : 9;
};

NOINLINE static long pack(int n) {
  struct bits bits = {1, -2, 3, 0, 4};
  for (int i = 0; i < n; i++) {
    bits.a += (unsigned)opaque(i);
    bits.b = (int)(bits.b * 3 + i) % 15;
    bits.c = bits.c * 17 + bits.a;
    bits.flag = !bits.flag;
    bits.d ^= (unsigned)bits.c & 0x1ff;
    point();
  }
  return bits.a + bits.b * 10 + (long)bits.c + bits.flag * 7 + bits.d;
}

struct __attribute__((packed)) tight {
  char tag;
  long wide;
  short end;
};

NOINLINE static long tight(struct tight t) {
  struct tight copies[3] = {t, t, t};
  for (int i = 0; i < 3; i++) {
    copies[i].wide += opaque(i);
    copies[i].end = (short)(copies[i].end * copies[i].tag);
  }
  return copies[0].wide + copies[1].end + copies[2].wide * 3;
}

struct flexible {
  int count;
  int items[];
};

NOINLINE static long flexible(int n) {
  struct flexible *f = malloc(sizeof *f + (size_t)n * sizeof(int));
  long sum = 0;
  f->count = n;
  for (int i = 0; i < n; i++)
    f->items[i] = (int)opaque(i * 11);
  for (int i = 0; i < f->count; i++)
    sum = sum * 7 + f->items[i];
  free(f);
  return sum;
}

NOINLINE static int unsteady(volatile int *where) {
  volatile int own = 3;
  const volatile short read_only = 9;
  point();
  own += *where;
  *where = own * 2;
  point();
  return own + read_only + *where;
}

int main(void) {
  union value v = {.integer = 1000};
  for (int kind = 0; kind < 8; kind++) {
    v = change(v, kind % 4);
    mix(v.integer);
  }
  report("unions");
  mix(pack(9));
  report("bits");
  mix(tight((struct tight){'t', 1L << 40, -5}));
  report("packed");
  mix(flexible(7));
  report("flexible");
  int place = 4;
  mix(unsteady(&place) + place);
  report("volatile");
  return 0;
}
