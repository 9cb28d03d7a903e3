// Reads lines: in main, and behind functions of which the unwinder knows nothing
// or something wrong.
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "lines.h"

void without_cfi(void (*callback)(void));
void right_cfi(void (*callback)(void));
void wrong_cfi(void (*callback)(void));
void wild_cfi(void (*callback)(void));
void without_tables(void (*callback)(void));

static void say(const char *what) {
  printf("version %d: %s\n", VERSION, what);
  fflush(stdout);
}

static void stay(void) {
  say("there");
  while (next_line() && strcmp(line, "up"))
    ;
}

int main(void) {
  long kept[3] = {1, 2, 3};
  while (next_line()) {
    if (!strcmp(line, "without"))
      without_cfi(stay);
    if (!strcmp(line, "right"))
      right_cfi(stay);
    if (!strcmp(line, "wrong"))
      wrong_cfi(stay);
    if (!strcmp(line, "wild"))
      wild_cfi(stay);
    if (!strcmp(line, "tables"))
      without_tables(stay);
    say(kept[0] + kept[1] + kept[2] == 6 ? line : "locals are lost");
  }
  return 0;
}
