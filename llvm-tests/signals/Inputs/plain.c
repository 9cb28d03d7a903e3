// A library that is not instrumented: waits for a byte, and calls back.
#include <unistd.h>
void plain_wait(void) {
  char byte = 0;
  while (byte != '\n' && read(0, &byte, 1) == 1)
    ;
}
void plain_loop(void (*callback)(void)) {
  callback();
  __asm__ volatile(""); // no jump
}
