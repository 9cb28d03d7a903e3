// One of the libraries of sweep.test.
#include <stdio.h>
static int own = 100;
__thread int b_thread = 3;
int b_run(int n, int (*callback)(int)) {
  int values[3] = {n, own, b_thread};
  for (int *value = values; value < values + 3; value++) {
    own += callback(*value) & 7;
    b_thread++;
  }
  printf("b %d %d %d\n", own, b_thread, values[2]);
  return values[0] + 1;
}
