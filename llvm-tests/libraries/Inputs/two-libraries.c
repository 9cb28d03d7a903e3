// The program of sweep.test.
#include <stdio.h>
int a_run(int n, int (*callback)(int));
extern int a_count;
static volatile int two = 2;
static int callback(int n) {
  int i = 0;
  do
    i++;
  while (i < two);
  printf("callback %d %d\n", n, a_count);
  return n + i;
}
int main(void) {
  int sum = 0;
  for (int i = 0; i < 3; i++)
    sum = sum * 3 + a_run(i, callback);
  printf("sum %d\n", sum);
  return 0;
}
