// Callbacks of the C library: an update that is asked for in one waits until the
// library's frames are gone, and is done at the first update point behind them.
// Each takes the program to the other version.
// RUN: mkdir -p %t && cd %t && rm -rf dir && mkdir dir && touch dir/a dir/b
// RUN: %clang -shared -fPIC -O1 %S/Inputs/constructor.c -o libconstructor.so
// RUN: at=$(for i in $(seq 0 17); do echo -n $((2 * i + 1)):; \
// RUN:   [ $((i % 2)) = 0 ] && echo -n 12.patch, || echo -n 21.patch,; done); \
// RUN: for level in -O0 -O2 -O3; do \
// RUN:   for v in 1 2; do %upstare_cc $level -DV=$v -rdynamic %s -o v$v || exit 1; done; \
// RUN:   %patchgen v1 v2 -o 12.patch && %patchgen v2 v1 -o 21.patch && \
// RUN:   env UPSTARE_APPLY_AT=${at%%,} ./v1 2>&1 | FileCheck %s || exit 1; \
// RUN: done
// CHECK: qsort: in v1, behind v2
// CHECK-NEXT: qsort_r: in v2, behind v1
// CHECK-NEXT: bsearch: in v1, behind v2
// CHECK-NEXT: lfind: in v2, behind v1
// CHECK-NEXT: tsearch: in v1, behind v2
// CHECK-NEXT: twalk: in v2, behind v1
// CHECK-NEXT: tdestroy: in v1, behind v2
// CHECK-NEXT: nftw: in v2, behind v1
// CHECK-NEXT: ftw: in v1, behind v2
// CHECK-NEXT: scandir: in v2, behind v1
// CHECK-NEXT: glob: in v1, behind v2
// CHECK-NEXT: pthread_once: in v2, behind v1
// CHECK-NEXT: pthread_atfork: in v1, behind v2
// CHECK-NEXT: printf: in v2, behind v1
// CHECK-NEXT: fopencookie: in v1, behind v2
// CHECK-NEXT: argp: in v2, behind v1
// CHECK-NEXT: dl_iterate_phdr: in v1, behind v2
// CHECK-NEXT: dlopen: in v2, behind v1
// CHECK-NEXT: sum 16 of 22

#define _GNU_SOURCE 1
#include <argp.h>
#include <dirent.h>
#include <dlfcn.h>
#include <ftw.h>
#include <glob.h>
#include <link.h>
#include <printf.h>
#include <pthread.h>
#include <search.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}

static int in; // version of the callback; 0: it has not been called
static int sum, calls;

// Each callback: an update point in its first call.
__attribute__((noinline)) static void called(void) {
  if (in)
    return;
  point();
  in = V;
}

// The point is the first behind the library's frames.
#define TRY(Name, ...)                                                         \
  do {                                                                         \
    in = 0;                                                                    \
    __VA_ARGS__;                                                               \
    point();                                                                   \
    printf("%s: in v%d, behind v%d\n", Name, in, V);                           \
    calls++;                                                                   \
  } while (0)

static int compare(const void *a, const void *b) {
  called();
  return *(const int *)a - *(const int *)b;
}
static int compare_r(const void *a, const void *b, void *data) {
  ++*(int *)data;
  return compare(a, b);
}
static void walk(const void *node, VISIT which, int depth) {
  called();
  sum += which == leaf || which == postorder;
}
static void destroy(void *node) {
  called();
  sum++;
}
static int visit(const char *path, const struct stat *info, int flag,
                 struct FTW *place) {
  called();
  return 0;
}
static int visit_simply(const char *path, const struct stat *info, int flag) {
  called();
  return 0;
}
static int filter(const struct dirent *entry) {
  called();
  return entry->d_name[0] != '.';
}
static void *open_directory(const char *path) {
  called();
  return opendir(path);
}
static void once(void) { called(); }
static void prepare(void) { called(); }
static int print(FILE *stream, const struct printf_info *info,
                 const void *const *arguments) {
  called();
  return fprintf(stream, "%d", **(const int *const *)arguments * 2);
}
static int print_size(const struct printf_info *info, size_t n, int *types,
                      int *sizes) {
  if (n > 0)
    types[0] = PA_INT;
  return 1;
}
static ssize_t cookie_write(void *cookie, const char *bytes, size_t size) {
  called();
  return (ssize_t)size;
}
static error_t parse(int key, char *argument, struct argp_state *state) {
  called();
  return ARGP_ERR_UNKNOWN;
}
static int on_object(struct dl_phdr_info *info, size_t size, void *data) {
  called();
  return 1;
}
// Called by the constructor of a library.
void on_constructor(void) { called(); }

__attribute__((noinline)) static void searches(void) {
  int values[4] = {4, 2, 3, 1}, key = 3;
  size_t count = 4;
  void *tree = 0;
  TRY("qsort", qsort(values, 4, sizeof *values, compare));
  TRY("qsort_r", qsort_r(values, 4, sizeof *values, compare_r, &calls));
  TRY("bsearch",
      sum += (int *)bsearch(&key, values, 4, sizeof *values, compare) - values);
  TRY("lfind",
      sum += (int *)lfind(&key, values, &count, sizeof *values, compare) -
             values);
  tsearch(&values[0], &tree, compare);
  TRY("tsearch", tsearch(&values[1], &tree, compare));
  TRY("twalk", twalk(tree, walk));
  TRY("tdestroy", tdestroy(tree, destroy));
}

__attribute__((noinline)) static void directories(void) {
  struct dirent **list;
  glob_t found = {.gl_opendir = open_directory,
                  .gl_readdir = (struct dirent * (*)(void *)) readdir,
                  .gl_closedir = (void (*)(void *))closedir,
                  .gl_stat = stat,
                  .gl_lstat = lstat};
  TRY("nftw", sum += nftw("dir", visit, 4, FTW_PHYS));
  TRY("ftw", sum += ftw("dir", visit_simply, 4));
  int n;
  TRY("scandir", n = scandir("dir", &list, filter, alphasort));
  sum += n;
  if (n == 2) {
    free(list[0]);
    free(list[1]);
    free(list);
  }
  TRY("glob", sum += glob("dir/*", GLOB_ALTDIRFUNC, 0, &found));
  sum += (int)found.gl_pathc;
}

int main(int argc, char **argv) {
  setvbuf(stdout, 0, _IOLBF, 0);
  searches();
  directories();
  pthread_once_t control = PTHREAD_ONCE_INIT;
  TRY("pthread_once", pthread_once(&control, once));
  pthread_atfork(prepare, 0, 0);
  signal(SIGCHLD, SIG_IGN);
  TRY("pthread_atfork", if (fork() == 0) _exit(0));
  register_printf_specifier('Y', print, print_size);
  char text[20];
#pragma clang diagnostic ignored "-Wformat"
#pragma clang diagnostic ignored "-Wformat-invalid-specifier"
  TRY("printf", snprintf(text, sizeof text, "%Y", 1));
  sum += atoi(text);
  cookie_io_functions_t functions = {.write = cookie_write};
  FILE *stream = fopencookie(0, "w", functions);
  TRY("fopencookie", (fputs("x", stream), sum += fflush(stream)));
  struct argp_option options[] = {{0}};
  struct argp grammar = {options, parse};
  TRY("argp", argp_parse(&grammar, 1, argv, 0, 0, 0));
  TRY("dl_iterate_phdr", sum += dl_iterate_phdr(on_object, 0));
  void *library;
  TRY("dlopen", library = dlopen("./libconstructor.so", RTLD_NOW));
  sum += library != 0;
  printf("sum %d of %d\n", sum, calls);
  return 0;
}
