// Addresses of objects that move: typed pointers are forwarded wherever they are;
// words that types do not tell are reported with their places, and forwarded
// where the user's file does so.
// RUN: env UPSTARE_REPORT=%t.report bash -c 'rm -f %t.report; exec "$@"' - %update_at %t %s 1 -O0 -O2 -O3
// RUN: FileCheck %s --check-prefix=REPORT < %t.report
// RUN: %patchgen %t/v1.exe %t/v2.exe -o %t/forward.so --override %t/forward.c
// RUN: rm -f %t.report
// RUN: UPSTARE_REPORT=%t.report UPSTARE_APPLY_AT=1:%t/forward.so %t/v1.exe > %t/forwarded
// RUN: FileCheck %s --check-prefix=FORWARDED < %t/forwarded
// RUN: FileCheck %s --check-prefix=FRAME < %t.report

// CHECK: typed: 2 2 2 2 2 2 2
// CHECK-NEXT: chosen: 1
// CHECK-NEXT: word: 0 number: 0 local: 0
// CHECK-NEXT: status 0
// REPORT-COUNT-3: "untyped_words":3,"untyped":"{{(holder\+0x8|word\+0x0) holds the old address of table\+0x8; (holder\+0x8|word\+0x0) holds the old address of table\+0x8; .*main.*}} holds the old address of table+0x8"
// FORWARDED: word: 1 number: 1 local: 0
// FRAME: "untyped_words":1,"untyped":"{{.*main.*}} holds the old address of table+0x8"

//--- v1/main.c
#include <stdint.h>
#include <stdio.h>
static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
struct item { int weight, uses; };
struct item table[3];
struct { int other; uintptr_t number; } holder;
volatile uintptr_t word;
struct item *plain, **twice, *const *volatile again, *restrict list[2];
struct { union { struct item *p; struct item *q; } in[1]; } nested;
void *any;
int *member;

int main(void) {
  plain = &table[1], twice = &plain, again = &plain, list[1] = &table[1];
  nested.in[0].p = &table[1], any = &table[1];
  member = &table[1].uses;
  table[1] = (struct item){.weight = 2, .uses = 2};
  word = holder.number = (uintptr_t)&table[1];
  uintptr_t local = word;
  point();
  printf("old code\n");
  return local != 0;
}
//--- v2/main.c
#include <stdint.h>
#include <stdio.h>
static volatile int two = 2;
__attribute__((noinline)) static void point(void) {
  int i = 0;
  do
    i++;
  while (i < two);
}
struct item { long added; int uses, weight; };
struct item table[3];
struct { int other; uintptr_t number; } holder;
volatile uintptr_t word;
struct item *plain, **twice, *const *volatile again, *restrict list[2];
struct { union { struct item *p; struct item *q; } in[1]; } nested;
void *any;
int *member;

int main(void) {
  plain = &table[1], twice = &plain, again = &plain, list[1] = &table[1];
  nested.in[0].p = &table[1], any = &table[1];
  member = &table[1].uses;
  table[1] = (struct item){.weight = 2, .uses = 2};
  word = holder.number = (uintptr_t)&table[1];
  uintptr_t local = word;
  point();
  printf("typed: %d %d %d %d %d %d %d\n", plain->weight, (*twice)->weight,
         (*again)->weight, list[1]->weight, nested.in[0].p->weight,
         ((struct item *)any)->weight, *member);
  printf("chosen: %d\n", plain == &table[1]);
  printf("word: %d number: %d local: %d\n", word == (uintptr_t)&table[1],
         holder.number == (uintptr_t)&table[1], local == (uintptr_t)&table[1]);
  return 0;
}
//--- forward.c
extern volatile unsigned long word;
extern struct { int other; unsigned long number; } holder;
int upstare_finish(struct upstare_update *update) {
  upstare_forward_slot_typed(update, (void *)&word, sizeof(struct new_item));
  upstare_forward_slot_typed(update, &holder.number, sizeof(struct new_item));
  return 0;
}
