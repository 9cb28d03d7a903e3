// One update point, in a frame of its own: a loop that cannot be counted.
static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
