// Is told where to go, says so, and stays there until told to leave (by SIGUSR2
// or, where it reads, by a line).
#include <setjmp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "lines.h"

void plain_wait(void);
void plain_loop(void (*callback)(void));

static volatile sig_atomic_t leave, jumping;
static sigjmp_buf out;

static void say(const char *what) {
  printf("version %d: %s\n", VERSION, what);
  fflush(stdout);
}

static void on_leave(int signal) {
  leave = 1;
  if (jumping)
    siglongjmp(out, 1);
}

// Handlers of SIGUSR1.
static void spinning_handler(int signal) {
  say("there");
  while (!leave)
    ;
}
static void reading_handler(int signal) {
  say("there");
  while (next_line() && strcmp(line, "up"))
    ;
}
static void library_handler(int signal) {
  say("there");
  plain_wait();
  __asm__ volatile(""); // no jump
}
static void callback(void) {
  say("there");
  next_line();
}
static void outer_handler(int signal) {
  plain_loop(callback);
  __asm__ volatile("");
}

static void handle(void (*handler)(int), int flags) {
  struct sigaction action = {.sa_handler = handler, .sa_flags = flags};
  sigaction(SIGUSR1, &action, 0);
  raise(SIGUSR1);
}

static void handle_on(void *memory, size_t size) {
  stack_t stack = {.ss_sp = memory, .ss_size = size}, before;
  sigaltstack(&stack, &before);
  handle(spinning_handler, SA_ONSTACK);
  sigaltstack(&before, 0);
}

// A loop that has a bound, which it does not reach in anybody's life.
static volatile long sink;
__attribute__((noinline)) static void long_loop(long rounds) {
  for (long i = 0; i < rounds; i++)
    sink = i;
}

// Two, when a request is being served, but the patch cannot be loaded yet.
static int threads(void) {
  struct stat info;
  return stat("/proc/self/task", &info) ? 0 : (int)info.st_nlink - 2;
}

static void go(char *of_main, size_t size) {
  static char in_data[1 << 15];
  leave = 0;
  jumping = !strcmp(line, "jump") || !strcmp(line, "counted") ||
            !strcmp(line, "served");
  if (sigsetjmp(out, 1))
    return;
  if (!strcmp(line, "spin") || !strcmp(line, "jump"))
    handle(spinning_handler, 0);
  if (!strcmp(line, "read"))
    handle(reading_handler, SA_RESTART);
  if (!strcmp(line, "library in handler"))
    handle(library_handler, 0);
  if (!strcmp(line, "callback in handler"))
    handle(outer_handler, 0);
  if (!strcmp(line, "stack of main"))
    handle_on(of_main, size);
  if (!strcmp(line, "stack in data"))
    handle_on(in_data, sizeof in_data);
  if (!strcmp(line, "stack on heap")) {
    void *memory = malloc(1 << 15);
    handle_on(memory, 1 << 15);
    free(memory);
  }
  if (!strcmp(line, "library")) {
    say("there");
    plain_wait();
  }
  if (!strcmp(line, "counted")) {
    say("there");
    long_loop(1L << 62);
  }
  if (!strcmp(line, "served")) {
    say("there");
    while (threads() < 2)
      ;
    long_loop(1L << 62);
  }
}

int main(void) {
  char mine[1 << 15];
  struct sigaction action = {.sa_handler = on_leave};
  memset(mine, 0, sizeof mine);
  sigaction(SIGUSR2, &action, 0);
  while (next_line()) {
    go(mine, sizeof mine);
    say(line);
  }
  return 0;
}
