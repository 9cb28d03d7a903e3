// The runtime alone: a program and a patch for it, instrumented by hand, go
// through an update without the passes and without upstare-patchgen.
//
// A frame's landing pad is the handler of a cleanup variable here. Data and
// functions that the patch binds to are at fixed addresses (--section-start).
//
// RUN: rm -rf %t.dir && mkdir -p %t.dir && cd %t.dir
// RUN: %clang -O1 -fexceptions -pie -fPIE -DPROGRAM -I %include %s -o program \
// RUN:   -Wl,--build-id=0x1111111111111111111111111111111111111111 \
// RUN:   -Wl,--section-start=.fixed=0x200000 \
// RUN:   -Wl,--section-start=.fixedtext=0x300000 \
// RUN:   %build/lib/libupstare.so -Wl,-rpath,%build/lib
// RUN: echo | %clang -shared -x c - -o binder.so \
// RUN:   -Wl,-soname,upstare-binder-00000000
// RUN: %clang -O1 -fexceptions -fPIC -shared -DPATCH -I %include %s \
// RUN:   -o patch.so -Wl,--no-as-needed binder.so %build/lib/libupstare.so
//
// Without an update:
// RUN: ./program loop | FileCheck %s --check-prefix=OLD
// OLD: total 7, pair 1 2, local 3 4, at b: 1, callback 11, version 1
//
// At an update point four calls deep, between two others:
// RUN: env UPSTARE_APPLY_AT=2:patch.so UPSTARE_REPORT=r.json UPSTARE_COUNT=n \
// RUN:   ./program loop | FileCheck %s --check-prefix=NEW
// NEW: total 7, pair 1 2 at 100, local 3 4 at 100, at b: 1, callback 12, version 2
// RUN: FileCheck %s --check-prefix=REPORT < r.json
// REPORT: {"ok":true,"status":"ok","message":"",
// REPORT-SAME: "from":"program","to":"program2",
// REPORT-SAME: "from_build_id":"1111111111111111111111111111111111111111",
// REPORT-SAME: "to_build_id":"2222222222222222222222222222222222222222",
// REPORT-SAME: "frames":6,
// REPORT-SAME: "moved_objects":2,"forwarded_pointers":2,"patched_entries":1,
// REPORT-SAME: "update_point":2
// RUN: FileCheck %s --check-prefix=COUNT < n
// COUNT: 3
//
// With the call of a foreign function (qsort) on the stack the update waits
// until that has returned, and the comparison function is the old one till then.
// RUN: env UPSTARE_APPLY_AT=1:patch.so UPSTARE_REPORT=q.json \
// RUN:   ./program qsort | FileCheck %s --check-prefix=QSORT
// QSORT: compared in version 1
// QSORT: version 2
// RUN: FileCheck %s --check-prefix=QSORT-REPORT < q.json
// QSORT-REPORT: {"ok":true,{{.*}}"attempts":3,"update_point":3
//
// In a signal handler likewise.
// RUN: env UPSTARE_APPLY_AT=1:patch.so ./program signal \
// RUN:   | FileCheck %s --check-prefix=SIGNAL
// SIGNAL: handled in version 1
// SIGNAL: version 2
//
// If there is no such moment, the message has the stack.
// RUN: env UPSTARE_APPLY_AT=1:patch.so ./program only-qsort 2>&1 \
// RUN:   | FileCheck %s --check-prefix=NEVER
// NEVER: version 1
// NEVER: upstare: update not done: the program cannot be updated where it is:
// NEVER-SAME: active, which was not built with upstare-cc: it must return
// NEVER-SAME: stack, innermost first:
// NEVER: compare (
// NEVER: qsort_r in libc.so.6 (libc.so.6+0x{{[0-9a-f]+}}), not
// NEVER-SAME: instrumented  <-- in the way{{$}}
// NEVER-COUNT-4: {{^}}  outer (
// NEVER: {{^}}  body (
//
// In a blocking call: what is left of it is done in the new version, and errno
// is what it was.
// RUN: echo x | env UPSTARE_APPLY_AT=1:patch.so \
// RUN:   ./program read | FileCheck %s --check-prefix=READ
// READ: read 2, errno 77, {{.*}} version 2
//
// A failure at any step leaves the program as it was.
// RUN: for step in load check transform commit; do \
// RUN:   env UPSTARE_FAIL_AT=$step UPSTARE_APPLY_AT=2:patch.so \
// RUN:     ./program loop 2>&1 || exit 1; done \
// RUN:   | FileCheck %s --check-prefix=FAIL
// FAIL: upstare: update not done: failure injected by UPSTARE_FAIL_AT: load
// FAIL-NEXT: total 7, pair 1 2, local 3 4, at b: 1, callback 11, version 1
// FAIL: upstare: update not done: failure injected by UPSTARE_FAIL_AT: check
// FAIL-NEXT: total 7, pair 1 2, local 3 4, at b: 1, callback 11, version 1
// FAIL: upstare: update not done: failure injected by UPSTARE_FAIL_AT: transform
// FAIL-NEXT: total 7, pair 1 2, local 3 4, at b: 1, callback 11, version 1
// FAIL: upstare: update not done: failure injected by UPSTARE_FAIL_AT: commit
// FAIL-NEXT: total 7, pair 1 2, local 3 4, at b: 1, callback 11, version 1
//
// A transformer that crashes does not take the program with it, and signals do
// what they did.
// RUN: for mode in segv abort; do \
// RUN:   env UPSTARE_APPLY_AT=2:patch.so ./program $mode 2>&1 || exit 1; done \
// RUN:   | FileCheck %s --check-prefix=CRASH
// CRASH: upstare: update not done: the program's data cannot be brought into
// CRASH-SAME: its code crashed: Segmentation fault at address 0x8
// CRASH-NEXT: total 7, pair 1 2, local 3 4, at b: 1, callback 11, version 1
// CRASH-NEXT: upstare: update not done: the program's data cannot be brought into
// CRASH-SAME: its code called abort
// CRASH-NEXT: total 7, pair 1 2, local 3 4, at b: 1, callback 11, version 1
//
// An operator is told what is in the way, and the program goes on.
// RUN: mkfifo in out
// RUN: ./program qsort-read < in > out & pid=$!; exec 7> in 8< out; \
// RUN:   read ready <&8; \
// RUN:   %ctl apply $pid patch.so --timeout 0.3 > message 2>&1; echo $? >> message; \
// RUN:   echo abcdefgh >&7; exec 7>&-; cat <&8 >> message; wait $pid
// RUN: FileCheck %s --check-prefix=STUCK < message
// STUCK: the program cannot be updated where it is: qsort_r in libc.so
// STUCK-SAME: active, which was not built with upstare-cc: it must return
// STUCK-SAME: stack, innermost first:
// STUCK: compare (
// STUCK: qsort_r in libc.so.6 (libc.so.6+0x{{[0-9a-f]+}}), not
// STUCK-SAME: instrumented  <-- in the way{{$}}
// STUCK-COUNT-4: {{^}}  outer (
// STUCK: {{^}}  body (
// STUCK: {{^1$}}
// STUCK: version 1
//
// RUN: ./program threads < in > out & pid=$!; exec 7> in 8< out; \
// RUN:   read ready <&8; \
// RUN:   %ctl apply $pid patch.so > message 2>&1; echo $? >> message; \
// RUN:   echo x >&7; cat <&8 >> message; wait $pid
// RUN: FileCheck %s --check-prefix=THREADS < message
// THREADS: the process has several threads, which is not supported yet: 2 of its own
// THREADS-NEXT: {{^1$}}
// THREADS: version 1
//
// The patch does not fit twice, and not another program.
// RUN: env UPSTARE_APPLY_AT=1:patch.so,2:patch.so ./program loop 2>&1 \
// RUN:   | FileCheck %s --check-prefix=TWICE
// TWICE: already runs the version that the patch leads to: program2, build id
// TWICE-SAME: 2222222222222222222222222222222222222222; the patch starts from
// TWICE-SAME: program, build id 1111111111111111111111111111111111111111
// TWICE: version 2
// RUN: chmod g+w patch.so
// RUN: env UPSTARE_APPLY_AT=1:patch.so ./program loop 2>&1 \
// RUN:   | FileCheck %s --check-prefix=UNSAFE
// UNSAFE: the patch is not safe to load {{.*}} mode is 0775
// UNSAFE: version 1

#include "upstare/upstare.h"
#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { MAIN = 1, OUTER, LEAF, COMPARE, DATA, CALLBACK };

#ifdef PROGRAM
struct pair {
  int a, b;
};
#else
struct old_pair {
  int a, b;
};
struct pair {
  int b;
  long since;
  int a;
};
#endif

struct data {
  struct pair *local;
  int *at_b;
  int (*callback)(int);
  int rounds;
  const char *mode;
  int compared;
};

// The frames: by-value members, then addresses of pinned ones.
struct main_frame {
  struct upstare_frame head;
  struct pair *local;
};
struct outer_frame {
  struct upstare_frame head;
  int depth;
};
struct leaf_frame {
  struct upstare_frame head;
  int round;
};

void upstare_update_point(void) __attribute__((preserve_all));

#ifdef PROGRAM // ---------------------------------------------------------

extern __thread void *upstare_cursor, *upstare_exception;
int upstare_main(int (*main)(int, char **, char **), int, char **, char **);
void upstare_register_image(struct upstare_image *);
ssize_t upstare_read(int, void *, size_t);

static int requested;
static struct upstare_image image = {UPSTARE_ABI_VERSION, sizeof image,
                                     &requested};
__attribute__((constructor)) static void start(void) {
  upstare_register_image(&image);
}

static void pad(struct upstare_frame **record) {
  if (!upstare_exception)
    return;
  memcpy(upstare_cursor, *record, (*record)->size);
  upstare_cursor = (char *)upstare_cursor + (*record)->size;
}
#define PAD(Frame)                                                             \
  __attribute__((cleanup(pad))) struct upstare_frame *record = &(Frame).head
#define HEAD(Key, Type)                                                        \
  { Key, 0, (sizeof(struct Type) + 15) / 16 * 16 }
#define POLL()                                                                 \
  if (*(volatile int *)&requested)                                             \
  upstare_update_point()

__attribute__((section(".fixed"))) struct data data = {.rounds = 3};
__attribute__((section(".fixed"))) struct pair moved = {1, 2};
__attribute__((section(".fixedtext"), aligned(16))) int callback(int x) {
  return x + 10;
}

static int leaf(void) {
  _Alignas(16) struct leaf_frame f = {HEAD(LEAF, leaf_frame), 0};
  PAD(f);
  for (f.round = 0; f.round < data.rounds; ++f.round)
    POLL();
  return 1;
}

static int compare(const void *a, const void *b) {
  _Alignas(16) struct leaf_frame f = {HEAD(COMPARE, leaf_frame), 0};
  PAD(f);
  POLL();
  if (!strcmp(data.mode, "qsort-read")) {
    char line[8];
    puts("ready");
    upstare_read(0, line, 2);
  }
  printf("compared in version 1\n");
  return *(const char *)a - *(const char *)b;
}

static void handle(int number) {
  POLL();
  static const char text[] = "handled in version 1\n";
  write(1, text, sizeof text - 1);
}

static void *idle(void *unused) {
  puts("ready");
  for (;;)
    pause(); // the update signal may end it
  return unused;
}

static int __attribute__((noinline)) outer(int depth) {
  _Alignas(16) struct outer_frame f = {HEAD(OUTER, outer_frame), depth};
  PAD(f);
  if (depth == 0) {
    char letters[] = "cab";
    if (strstr(data.mode, "qsort"))
      qsort(letters, 2, 1, compare), qsort(letters, 2, 1, compare);
    if (!strcmp(data.mode, "only-qsort"))
      return 1;
    if (!strcmp(data.mode, "signal"))
      raise(SIGUSR1);
    if (!strcmp(data.mode, "read") || !strcmp(data.mode, "threads")) {
      f.head.point = 1;
      char line[8];
      errno = 77;
      ssize_t bytes = upstare_read(0, line, 2);
      printf("read %zd, errno %d, ", bytes, errno);
      return 1;
    }
    return leaf();
  }
  return outer(f.depth - 1) + f.depth;
}

static int __attribute__((noinline)) body(int argc, char **argv, char **envp) {
  struct pair local = {3, 4};
  _Alignas(16) struct main_frame f = {HEAD(MAIN, main_frame), &local};
  PAD(f);
  data.local = &local;
  data.at_b = &moved.b;
  data.callback = callback;
  data.mode = argv[1];
  signal(SIGUSR1, handle);
  pthread_t thread;
  if (!strcmp(data.mode, "threads"))
    pthread_create(&thread, NULL, idle, NULL);
  int total = outer(3);
  printf("total %d, pair %d %d, local %d %d, at b: %d, callback %d, version "
         "1\n",
         total, moved.a, moved.b, data.local->a, data.local->b,
         data.at_b == &moved.b, data.callback(1));
  fflush(stdout);
  return 0;
}

int main(int argc, char **argv, char **envp) {
  setvbuf(stdout, NULL, _IOLBF, 0);
  return upstare_main(body, argc, argv, envp);
}

#else // the patch --------------------------------------------------------

extern struct data data __asm__("us.g.data");
extern struct old_pair old_moved __asm__("us.old.moved");
extern int callback(int) __asm__("us.fn.callback");
static struct pair moved = {0, 0, 0};
static int requested;

static int new_callback(int x) { return x + 11; }

typedef int rebuild_t(struct upstare_frame *);
static int rebuild_next(struct upstare_frame *record) {
  return ((rebuild_t *)record->next_rebuild)(record->next_frame);
}

static int leaf_rebuild(struct upstare_frame *record) {
  struct leaf_frame f = *(struct leaf_frame *)record;
  rebuild_next(record);
  for (++f.round; f.round < data.rounds; ++f.round)
    if (*(volatile int *)&requested)
      upstare_update_point();
  return 1;
}

static int outer_rebuild(struct upstare_frame *record) {
  struct outer_frame f = *(struct outer_frame *)record;
  uint32_t point = record->point; // records live until the stack is rebuilt
  int result = rebuild_next(record);
  if (point == 1) {
    printf("read %d, errno %d, ", result, errno);
    return 1;
  }
  return result + f.depth;
}

static int main_rebuild(struct upstare_frame *record) {
  struct pair *local = ((struct main_frame *)record)->local;
  int total = rebuild_next(record);
  printf("total %d, pair %d %d at %ld, local %d %d at %ld, at b: %d, callback "
         "%d, version 2\n",
         total, moved.a, moved.b, moved.since, data.local->a, local->b,
         local->since, data.at_b == &moved.b && data.local == local,
         data.callback(1));
  return 0;
}

static void convert_pair(const void *from, void *to,
                         struct upstare_update *update) {
  const struct old_pair *old = from;
  if (!strcmp(data.mode, "segv"))
    *(volatile int *)8 = old->a;
  if (!strcmp(data.mode, "abort"))
    abort();
  *(struct pair *)to = (struct pair){old->b, 100, old->a};
}
static uint64_t map_pair(uint64_t offset, uint64_t target) {
  if (offset == 0)
    return target == sizeof(int) ? offsetof(struct pair, a) : 0;
  return offset == offsetof(struct old_pair, b) ? offsetof(struct pair, b)
                                                : ~0ul;
}
static void visit_data(void *object, struct upstare_update *update) {
  struct data *d = object;
  upstare_require_moved(update, d->local, "struct pair", "data.local");
  upstare_forward_slot_typed(update, &d->local, sizeof(struct pair));
  upstare_forward_slot_typed(update, &d->at_b, sizeof(int));
}
static const struct upstare_type_map pair_map = {
    "struct pair", sizeof(struct old_pair), sizeof(struct pair),
    _Alignof(struct pair), convert_pair, NULL, map_pair};
static const struct upstare_type_map data_map = {
    "struct data",         sizeof(struct data), sizeof(struct data),
    _Alignof(struct data), NULL,                visit_data,
    NULL};
static const struct upstare_moved_global moved_globals[] = {
    {"moved", &old_moved, &moved, &pair_map}};
static const struct upstare_visited_global visited_globals[] = {
    {"data", &data, &data_map}};
static const struct upstare_pinned main_pinned[] = {
    {"local", offsetof(struct main_frame, local),
     offsetof(struct main_frame, local), &pair_map, 0}};

#define ROUNDED(Type) ((sizeof(struct Type) + 15) / 16 * 16)
static const struct upstare_frame_map main_map = {
    "main", "main", MAIN, MAIN, ROUNDED(main_frame), ROUNDED(main_frame),
    (void *)main_rebuild, NULL, main_pinned, 1, UPSTARE_RETURN_INTEGER};
static const struct upstare_frame_map outer_map = {
    "outer", "outer", OUTER, OUTER, ROUNDED(outer_frame),
    ROUNDED(outer_frame), (void *)outer_rebuild, NULL, NULL, 0,
    UPSTARE_RETURN_INTEGER};
static const struct upstare_frame_map leaf_map = {
    "leaf", "leaf", LEAF, LEAF, ROUNDED(leaf_frame), ROUNDED(leaf_frame),
    (void *)leaf_rebuild, NULL, NULL, 0, UPSTARE_RETURN_INTEGER};
static const struct upstare_point_map points[] = {
    {MAIN, 0, 0, &main_map, "main", NULL, UPSTARE_RETURN_INTEGER, 0},
    {OUTER, 0, 0, &outer_map, "outer", NULL, UPSTARE_RETURN_INTEGER, 0},
    {OUTER, 1, 1, &outer_map, "outer", NULL, UPSTARE_RETURN_INTEGER,
     UPSTARE_POINT_BLOCKING},
    {LEAF, 0, 0, &leaf_map, "leaf", NULL, UPSTARE_RETURN_VOID,
     UPSTARE_POINT_UPDATE},
};
static const struct upstare_patch_function functions[] = {
    {CALLBACK, (void *)callback, (void *)new_callback, "callback"}};
static const struct upstare_patch_global globals[] = {
    {DATA, &data, sizeof data, "data"}};

__attribute__((visibility("default"))) const struct upstare_patch
    UPSTARE_PATCH_SYMBOL = {
        UPSTARE_ABI_VERSION, sizeof(struct upstare_patch),
        &requested,          functions,
        1,                   globals,
        1,                   points,
        4,                   moved_globals,
        1,                   visited_globals,
        1,                   NULL};

#define BYTES20(B) {B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B, B}
struct strings {
  char binder[24], old[8], new[9], data[10], moved[13], callback[15];
};
#define STRING(Name) offsetof(struct strings, Name)
__attribute__((section(UPSTARE_PATCH_SECTION), used)) static const struct {
  struct upstare_patch_header head;
  struct upstare_old_image images[1];
  struct upstare_bind binds[3];
  struct upstare_range ranges[1];
  struct strings strings;
} header = {
    {UPSTARE_PATCH_MAGIC, UPSTARE_ABI_VERSION,
     sizeof(struct upstare_patch_header), 3, 1, sizeof(struct strings),
     STRING(binder), STRING(old), STRING(new), BYTES20(0x11), BYTES20(0x22),
     0, 1, 0},
    {{BYTES20(0x11), STRING(old)}},
    {{DATA, 0x200000, STRING(data), UPSTARE_BIND_GLOBAL},
     {0, 0x200000 + sizeof(struct data), STRING(moved), UPSTARE_BIND_GLOBAL},
     {CALLBACK, 0x300000, STRING(callback), UPSTARE_BIND_FUNCTION}},
    {{0x1000, 0x1ff000}},
    {"upstare-binder-00000000", "program", "program2", "us.g.data",
     "us.old.moved", "us.fn.callback"}};
#endif
