// What a session says to a program, line by line, without libc's buffers.
#include <unistd.h>

static char line[64];

static int next_line(void) {
  size_t n = 0;
  while (n < sizeof line - 1 && read(0, line + n, 1) == 1 && line[n] != '\n')
    n++;
  line[n] = 0;
  return n != 0;
}
