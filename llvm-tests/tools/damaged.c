// A patch file of the right size and with the right head, but damaged somewhere, is
// refused before the dynamic linker sees it (which would end the process).
// RUN: mkdir -p %t && cd %t && rm -f patch.*
// RUN: %upstare_cc -O1 %s -o program && %patchgen program program -o patch
// RUN: size=$(wc -c < patch); \
// RUN: for part in 3 5 7; do cp patch patch.$part; \
// RUN:   head -c 64 /dev/zero | tr '\0' x | dd of=patch.$part bs=1 seek=$((size * part / 8)) conv=notrunc status=none; \
// RUN:   env UPSTARE_APPLY_AT=1:patch.$part ./program 2>&1 || exit 1; done | FileCheck %s
// CHECK-COUNT-3: the patch is malformed: its contents are not what upstare-patchgen wrote
// RUN: env UPSTARE_APPLY_AT=1:patch UPSTARE_REPORT=report ./program && grep '"ok":true' report

#include <stdio.h>
static volatile int two = 2;
int main(void) {
  int i = 0;
  do
    i++;
  while (i < two);
  printf("%d\n", i);
  return 0;
}
