// Control flow: nested loops with break, continue, goto and switch.
// RUN: %identity_sweep %t %s -O0
// RUN: %identity_sweep %t %s -O1
// RUN: %identity_sweep %t %s -O2
// RUN: %identity_sweep %t %s -O3
// RUN: %identity_sweep %t %s -O3 -flto=thin

#include "Inputs/sweep.h"

NOINLINE static long nested(int limit) {
  long sum = 0;
  for (int i = 0; i < limit; i++) {
    if (i == 2)
      continue;
    for (int j = i;; j++) {
      if (j > limit)
        break;
      if ((i + j) % 3 == 0)
        continue;
      int k = j;
      do {
        sum += opaque(i * 100 + j * 10 + k);
        if (sum % 7 == 0)
          goto next;
      } while (--k > i + 2);
    }
  next:
    mix(sum);
  }
  return sum;
}

NOINLINE static int machine(const char *program) {
  int state = 0, steps = 0, value = 1;
  while (steps < 40) {
    char op = program[state++];
    switch (op) {
    case 'a':
      value += (int)opaque(1);
      // falls through
    case 'b':
      value = (value * 3) & 0xffffff;
      break;
    case 'l':
      if (steps < 25)
        state = 0;
      continue;
    case 'p':
      point();
      break;
    case '\0':
      goto done;
    default:
      for (int i = 0; i < 3; i++) {
        if (i == op - '0')
          break;
        point();
        value ^= i << 2;
      }
    }
    steps++;
  }
done:
  return (value & 0xfffff) * 100 + steps;
}

// A loop that is entered in the middle.
NOINLINE static int entered(int from) {
  int count = 0;
  switch (from % 4) {
    do {
    case 0:
      count += (int)opaque(1);
    case 3:
      count += (int)opaque(2);
    case 2:
      count += (int)opaque(3);
    case 1:
      count += (int)opaque(4);
    } while ((from -= 4) > 0);
  }
  return count;
}

// A loop made of gotos that the optimiser may not recognise.
NOINLINE static int tangled(int n) {
  int a = 0, b = n;
  if (n & 1)
    goto second;
first:
  a += 3;
  point();
  if (b-- <= 0)
    goto out;
second:
  a ^= 5;
  point();
  if (a < 60 && b > 0)
    goto first;
out:
  return a * 1000 + b;
}

NOINLINE static long scopes(int n) {
  long total = 0;
  while (n-- > 0) {
    long once = n * 3;
    {
      int inner = n * 5;
      point();
      total += inner;
    }
    {
      double other = n / 2.0;
      point();
      total += (long)(other * 4);
    }
    total ^= once;
  }
  return total;
}

int main(void) {
  mix(nested(6));
  report("nested");
  mix(machine("ab1pa2l"));
  report("machine");
  for (int i = 1; i < 10; i += 2)
    mix(entered(i));
  report("entered");
  mix(tangled(8));
  mix(tangled(9));
  report("tangled");
  mix(scopes(8));
  report("scopes");
  return 3;
}
