// A frame that was left on the way into an inner loop (its outer loop asks there, and
// nowhere else) goes on before that loop's first round, in a version whose outer loop
// asks in each round; and from there to the former.
// RUN: sed -e 's,^// AWAY,// CHECK,' -e 's,TALKS,2,' %s > %t.away.c
// RUN: %update_at %t/away %t.away.c 2
// RUN: sed -e 's,^// BACK,// CHECK,' -e 's,TALKS,1,' %s > %t.back.c
// RUN: %update_at %t/back %t.back.c 2

// AWAY: begin v1
// AWAY-NEXT: v2 round 1 length 3
// AWAY-NEXT: v2 round 3 length 5
// AWAY-NEXT: v2 round 5 length 4
// AWAY-NEXT: best 5 sum 15 rounds 6 end v2
// AWAY-NEXT: status 0
// BACK: begin v1
// BACK-NEXT: v1 round 0 length 3
// BACK-NEXT: v1 round 1 length 3
// BACK-NEXT: best 5 sum 15 rounds 6 end v2
// BACK-NEXT: status 0

//--- both/main.c
#include <stdio.h>
static const char text[] = "abcx....abcq....xyz.....abcde...zzz.....abcd.fgh";
static const char wanted[] = "abcde";
static const int next[] = {8, 16, 24, 32, 40, 0};
static volatile int most = 5; // or the inner loop would be unrolled
static int rounds;

__attribute__((noinline)) static int search(unsigned tries, int *sum) {
  int best = 0, at = 0, round = 0, end = most;
  do {
    if (text[at] != wanted[0])
      continue;
    int length = 0;
    while (length < end && text[at + length] == wanted[length])
      length++;
#if V == TALKS
    printf("v%d round %d length %d\n", V, round, length);
#endif
    *sum += length;
    if (length > best)
      best = length;
  } while ((at = next[round++]) != 0 && --tries != 0);
  rounds = round;
  return best;
}

int main(void) {
  int sum = 0;
  printf("begin v%d\n", V);
  int best = search(100, &sum);
  printf("best %d sum %d rounds %d end v%d\n", best, sum, rounds, V);
  return 0;
}
