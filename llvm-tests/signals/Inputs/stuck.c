// Reads lines at three places: in main, in a callback of an uninstrumented loop,
// in a handler that does not return by itself. "up" leaves the latter two.
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "lines.h"

void run_loop(int (*callback)(void));

static int hear_line(void) {
  int any = next_line();
  printf("version %d: %s\n", VERSION, line);
  fflush(stdout);
  return any;
}

static int on_event(void) { return hear_line() && strcmp(line, "up"); }

static void on_signal(int signal) {
  while (hear_line() && strcmp(line, "up"))
    ;
}

int main(void) {
  signal(SIGUSR1, on_signal);
  while (hear_line()) {
    if (!strcmp(line, "loop"))
      run_loop(on_event);
    if (!strcmp(line, "handler"))
      raise(SIGUSR1);
  }
  return 0;
}
