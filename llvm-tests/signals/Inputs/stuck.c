// Reads lines at three places: in main, in a callback of an uninstrumented loop,
// in a handler that does not return by itself. "up" leaves the latter two.
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

void run_loop(int (*callback)(void));

static char line[64];

static int next_line(void) {
  size_t n = 0;
  while (n < sizeof line - 1 && read(0, line + n, 1) == 1 && line[n] != '\n')
    n++;
  line[n] = 0;
  printf("version %d: %s\n", VERSION, line);
  fflush(stdout);
  return n != 0;
}

static int on_event(void) { return next_line() && strcmp(line, "up"); }

static void on_signal(int signal) {
  while (next_line() && strcmp(line, "up"))
    ;
}

int main(void) {
  signal(SIGUSR1, on_signal);
  while (next_line()) {
    if (!strcmp(line, "loop"))
      run_loop(on_event);
    if (!strcmp(line, "handler"))
      raise(SIGUSR1);
  }
  return 0;
}
