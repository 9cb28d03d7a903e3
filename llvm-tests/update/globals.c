// Globals whose struct type changes: fields added, removed, moved and retyped;
// nested structs and arrays of them; longer and shorter arrays.
// RUN: %update_at %t %s 1

// CHECK: 7 0 1.5 -3 seven
// CHECK-NEXT: pair 3 2
// CHECK-NEXT: nested 10 11 0 20 21 0 30 31 0
// CHECK-NEXT: longer 1 2 3 0 0
// CHECK-NEXT: shorter 9 8
// CHECK-NEXT: table a 1 5 b 2 5
// CHECK-NEXT: pointer 21 1
// CHECK-NEXT: fresh 77 hello
// CHECK-NEXT: kept 5
// CHECK-NEXT: status 0

//--- v1/main.c
#include <stdio.h>
#include "point.h"

struct record {
  int id;
  float ratio;
  short level;
  const char *name;
  int removed;
};
struct inner {
  int a, b;
};
struct outer {
  char tag;
  struct inner in[3];
};

struct record record;
static struct {
  int first, second;
} pair = {1, 2};
struct outer outer;
static int longer[3], shorter[4];
static struct row {
  const char *name;
  int value;
} table[] = {{"a", 0}, {"b", 0}};
static int *pointer = &outer.in[1].b;
static int kept = 4;

int main(void) {
  record = (struct record){7, 1.5f, -3, "seven", 99};
  outer.tag = 't';
  for (int i = 0; i < 3; i++) {
    outer.in[i].a = 10 * i + 10;
    outer.in[i].b = 10 * i + 11;
    longer[i] = i + 1;
    shorter[i] = 9 - i;
  }
  table[0].value = 1;
  table[1].value = 2;
  kept++;
  pair.first++;
  pair.second++;
  point();
  printf("old code\n");
  printf("%d %g %d %s %d\n", record.id, record.ratio, record.level, record.name,
         record.removed);
  // No loops: one without counterpart in the new version is the user's to map.
  printf("%d %d %d %d %d %d\n", outer.in[0].a, outer.in[0].b, outer.in[1].a,
         outer.in[1].b, outer.in[2].a, outer.in[2].b);
  printf("%d %d %d\n", longer[0], longer[1], longer[2]);
  printf("%d %d %d %d\n", shorter[0], shorter[1], shorter[2], shorter[3]);
  printf("%s %d %s %d\n", table[0].name, table[0].value, table[1].name,
         table[1].value);
  printf("%d %d %d %d\n", pair.first, pair.second, *pointer, kept);
  return 1;
}

//--- v2/main.c
#include <stdio.h>
#include "point.h"

struct record {
  int id;
  int added;
  double ratio;
  const char *name;
  long level;
};
struct inner {
  int a, b;
  int c;
};
struct outer {
  struct inner in[3];
  char tag;
};

struct record record;
static struct {
  int second, first;
} pair = {2, 1};
struct outer outer;
static int longer[5], shorter[2];
static struct row {
  const char *name;
  int weight;
  int value;
} table[] = {{"a", 5, 0}, {"b", 5, 0}};
static int *pointer = &outer.in[1].b;
static int kept = 1000;
int fresh = 77;
static const char *text = "hello";

int main(void) {
  record = (struct record){7, 0, 1.5f, "seven", -3};
  outer.tag = 't';
  for (int i = 0; i < 3; i++) {
    outer.in[i].a = 10 * i + 10;
    outer.in[i].b = 10 * i + 11;
    longer[i] = i + 1;
    shorter[i % 2] = 9 - i;
  }
  table[0].value = 1;
  table[1].value = 2;
  kept++;
  pair.first++;
  pair.second++;
  point();
  printf("%d %d %g %ld %s\n", record.id, record.added, record.ratio,
         record.level, record.name);
  printf("pair %d %d\n", pair.second, pair.first);
  printf("nested");
  for (int i = 0; i < 3; i++)
    printf(" %d %d %d", outer.in[i].a, outer.in[i].b, outer.in[i].c);
  printf("\nlonger %d %d %d %d %d\n", longer[0], longer[1], longer[2], longer[3],
         longer[4]);
  printf("shorter %d %d\n", shorter[0], shorter[1]);
  printf("table %s %d %d %s %d %d\n", table[0].name, table[0].value,
         table[0].weight, table[1].name, table[1].value, table[1].weight);
  printf("pointer %d %d\n", *pointer, pointer == &outer.in[1].b);
  printf("fresh %d %s\n", fresh, text);
  printf("kept %d\n", kept);
  return 0;
}
