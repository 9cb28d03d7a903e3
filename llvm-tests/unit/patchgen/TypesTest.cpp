//===- TypesTest.cpp - comparison of types across programs ------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// sameType, containsPointers and targets.
//
//===----------------------------------------------------------------------===//

#include "TestPair.h"
#include "TypeMap.h"
#include "llvm/IR/GlobalVariable.h"

using namespace llvm;
using namespace upstare::patchgen;

namespace {

class Compared {
public:
  Compared(StringRef Old, StringRef New) : P(Old, New) {
    for (Version V : {Version::Old, Version::New})
      Types.graph(V).addModule(P.module(V));
  }
  const CType *type(Version V, StringRef Name) {
    SmallVector<DIGlobalVariableExpression *, 1> Info;
    P.module(V).getNamedGlobal(Name)->getDebugInfo(Info);
    return Types.graph(V).get(Info.front()->getVariable()->getType());
  }
  bool same(StringRef Name) {
    return Types.same(type(Version::Old, Name), type(Version::New, Name));
  }
  Target target(StringRef Name) {
    return Types.target(type(Version::Old, Name), type(Version::New, Name));
  }
  TestPair P;
  TypeComparer Types;
};

TEST(Types, Same) {
  Compared C(R"(
typedef int num; typedef struct { num a; const char *b; } T; T typedefs;
struct a { int x; } *pointers; unsigned sign; enum e { A, B } grown; enum f { C, D } moved;
struct r { struct r *next; int v; } recursive; volatile int cv; int array[3]; long wide;
struct { int a : 3; } bits; struct { int a; } name; struct { int a, b; } order; float real; _Bool flag;
)",
             R"(
struct T2 { int a; char *const b; } typedefs; struct b { long y; } *pointers; int sign;
enum e { A, B, E } grown; enum f { D, C } moved; struct r { struct r *next; int v; } recursive;
const int cv = 1; int array[4]; int wide; struct { int a : 4; } bits; struct { int b; } name;
struct { int b, a; } order; int real; char flag;
)");
  for (const char *Name :
       {"typedefs", "pointers", "sign", "grown", "recursive", "cv"})
    EXPECT_TRUE(C.same(Name)) << Name;
  for (const char *Name :
       {"moved", "array", "wide", "bits", "name", "order", "real", "flag"})
    EXPECT_FALSE(C.same(Name)) << Name;
}

TEST(Types, StricterAlignmentIsAChange) {
  Compared C("struct s { char a[64]; } g;",
             "struct __attribute__((aligned(64))) s { char a[64]; } g;");
  EXPECT_FALSE(C.same("g"));
}

TEST(Types, Targets) {
  Compared C(R"(
struct s { int a; } *changed; struct t { struct s *s; } *leads; struct t **far; void *none;
struct u { struct u *n; } *stays; char *text; struct opaque *opaque; int *number; unsigned *sign;
void (*code)(struct s *);
)",
             R"(
struct s { int b, a; } *changed; struct t { struct s *s; } *leads; struct t **far; void *none;
struct u { struct u *n; } *stays; char *text; struct opaque *opaque; long *number; int *sign;
void (*code)(struct s *);
)");
  EXPECT_EQ(C.target("changed"), Target::Changes);
  EXPECT_EQ(C.target("number"), Target::Changes);
  EXPECT_EQ(C.target("leads"), Target::Leads);
  EXPECT_EQ(C.target("far"), Target::Leads);
  for (const char *Name : {"none", "stays", "text", "opaque", "sign", "code"})
    EXPECT_EQ(C.target(Name), Target::Stays) << Name;
}

TEST(Types, Pointers) {
  Compared C("struct { int a[2]; union { int *p; }; } with; struct { void "
             "(*f)(void); } without; int *a[2][2];",
             "int x;");
  auto Contains = [&](StringRef Name) {
    return C.Types.containsPointers(C.type(Version::Old, Name));
  };
  EXPECT_TRUE(Contains("with"));
  EXPECT_FALSE(Contains("without"));
  EXPECT_TRUE(Contains("a"));
}

/// Only one file of a program defines a struct that others just declare.
TEST(Types, DefinitionsAreFoundByName) {
  Compared C("struct s; struct t { struct s *p; } g; struct s *q;",
             "struct s; struct t { struct s *p; } g; struct s *q;");
  TestPair Definitions("struct s { int a; } x;", "struct s { long a; } x;");
  for (Version V : {Version::Old, Version::New})
    C.Types.graph(V).addModule(Definitions.module(V));
  EXPECT_EQ(C.target("q"), Target::Changes);
  EXPECT_TRUE(C.Types.leadsToChange(C.type(Version::Old, "g"),
                                    C.type(Version::New, "g")));
}

} // namespace
