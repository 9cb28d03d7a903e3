// A program waits in read() for bytes that go into a local struct, which changes:
// they arrive at the buffer's new place. If the buffer is no longer long enough for
// what the call was promised, the update is refused and the call goes on.
//
// RUN: mkdir -p %t && cd %t
// RUN: for v in 1 2 3; do %upstare_cc -O2 -DVERSION=$v %s -o v$v || exit 1; done
// RUN: %patchgen v1 v2 -o grow.patch
// RUN: %patchgen v1 v3 -o shrink.patch
// RUN: bash %S/Inputs/feed.sh %ctl ./v1 grow.patch > log 2>&1
// RUN: FileCheck %s --check-prefix=GROW < log
// GROW: apply: 0
// GROW-NEXT: read 6 by version 1, last 99, tail 7
// GROW-NEXT: version 2: hello
// RUN: bash %S/Inputs/feed.sh %ctl ./v1 shrink.patch > log 2>&1
// RUN: FileCheck %s --check-prefix=SHRINK < log
// SHRINK: upstare-ctl: the program's data cannot be brought into the new version:
// SHRINK-SAME: read
// SHRINK-NEXT: apply: 1
// SHRINK-NEXT: read 6 by version 1, last 99, tail 7
// SHRINK-NEXT: version 1: hello

#include <stdio.h>
#include <string.h>
#include <unistd.h>

struct session {
  int startedBy;
#if VERSION == 2
  double added[3];
  char buffer[128];
  long last;
#elif VERSION == 3
  char buffer[16];
  short last;
#else
  char buffer[64];
  short last;
#endif
  char tail;
};

__attribute__((noinline)) static long fill(struct session *s) {
  return read(0, s->buffer, sizeof s->buffer);
}

int main(void) {
  struct session s = {VERSION, .last = 99, .tail = 7};
  long n = fill(&s);
  printf("read %ld by version %d, last %ld, tail %d\n", n, s.startedBy,
         (long)s.last, s.tail);
  printf("version %d: %s", VERSION, s.buffer);
  return 0;
}
