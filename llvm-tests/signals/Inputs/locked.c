// Reads lines: in main, in functions that hold locks of the dynamic linker, and in
// a malloc of its own, with its lock.
#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <link.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "lines.h"

static void say(const char *what) {
  static char text[100];
  int length = snprintf(text, sizeof text, "version %d: %s\n", VERSION, what);
  if (write(1, text, (size_t)length) != length)
    _exit(1);
}

static void stay(void) {
  say("there");
  while (next_line() && strcmp(line, "up"))
    ;
}

static int on_object(struct dl_phdr_info *info, size_t size, void *data) {
  stay();
  return 1;
}

static volatile int constructing;
void on_constructor(void) {
  if (constructing)
    stay();
  __asm__ volatile(""); // no jump
}

#ifdef OWN_MALLOC
static char memory[1 << 22];
static size_t used;
static int lock;
static volatile int stay_in_malloc;
void *malloc(size_t size) {
  while (__atomic_exchange_n(&lock, 1, __ATOMIC_ACQUIRE))
    ;
  if (stay_in_malloc) {
    stay_in_malloc = 0;
    stay();
  }
  size = (size + 31) & ~15ul;
  char *result = memory + used + 16;
  *(size_t *)(memory + used) = size;
  used += size;
  if (used > sizeof memory)
    _exit(2);
  __atomic_store_n(&lock, 0, __ATOMIC_RELEASE);
  return result;
}
void free(void *p) {}
void *calloc(size_t n, size_t size) { return malloc(n * size); }
void *realloc(void *p, size_t size) {
  void *fresh = malloc(size);
  if (p)
    memcpy(fresh, p, size < ((size_t *)p)[-2] ? size : ((size_t *)p)[-2]);
  return fresh;
}
#endif

int main(void) {
  while (next_line()) {
    if (!strcmp(line, "objects"))
      dl_iterate_phdr(on_object, 0);
    if (!strcmp(line, "constructor")) {
      constructing = 1;
      void *library = dlopen("./libconstructor.so", RTLD_NOW);
      constructing = 0;
      dlclose(library);
    }
#ifdef OWN_MALLOC
    if (!strcmp(line, "malloc")) {
      stay_in_malloc = 1;
      free(malloc(10));
    }
#endif
    say(line);
  }
  return 0;
}
