/* Answers each line with its version and the line; "qsort" has a comparison
   function wait for the next line. */
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char Line[100];

static int readLine(void) {
  int Size = 0;
  struct pollfd Input = {0, POLLIN, 0};
  while (Size < (int)sizeof Line - 1) {
    if (poll(&Input, 1, -1) < 0)
      return perror("poll"), 0;
    if (read(0, Line + Size, 1) != 1)
      return 0;
    if (Line[Size++] == '\n')
      break;
  }
  Line[Size] = 0;
  return Size;
}

static int waitAndCompare(const void *A, const void *B) {
  printf("sorting\n");
  fflush(stdout);
  readLine();
  return *(const int *)A - *(const int *)B;
}

int main(void) {
  int Numbers[2] = {2, 1};
  while (readLine()) {
    if (strcmp(Line, "qsort\n") == 0)
      qsort(Numbers, 2, sizeof(int), waitAndCompare);
    printf("version %d: %s", VERSION, Line);
    fflush(stdout);
  }
  printf("end\n");
  return 0;
}
