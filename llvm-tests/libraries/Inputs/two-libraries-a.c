// One of the libraries of sweep.test.
int b_run(int n, int (*callback)(int));
int a_count = 5;
static int own = 10;
int a_run(int n, int (*callback)(int)) {
  int sum = 0;
  for (int i = 0; i < n; i++) {
    a_count++;
    own += b_run(i, callback);
    sum += own;
  }
  return sum;
}
