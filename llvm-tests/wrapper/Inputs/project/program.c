#include <stdio.h>
int part(int x);
int shared(int x);
int cxx(int x);
int main(int argc, char **argv) {
  (void)argv;
  printf("static %d shared %d c++ %d\n", part(argc + 2), shared(argc + 2),
         cxx(argc + 2));
  return 0;
}
