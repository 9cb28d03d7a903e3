//===- TablesTest.cpp - the generated file as a whole -----------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// emitPatchSource() compiles, its tables are sorted and its header section has
// the bytes that the runtime reads from the file.
//
//===----------------------------------------------------------------------===//

#include "TestPair.h"
#include "upstare/abi.h"

using namespace llvm;
using namespace upstare::patchgen;

namespace {

PatchTables someTables() {
  PatchTables T;
  T.OldName = "old";
  T.NewName = "new \"quoted\"";
  T.BinderName = "binder.so";
  T.OldBuildId[0] = 0xab;
  T.NewBuildId[19] = 0xcd;
  T.Functions = {{9, "b", "us.fn.b", "b"}, {3, "a", "a", "a"}};
  T.Globals = {{8, "y", "us.g.y", 4}, {2, "x", "x", 8}};
  PatchPoint P;
  P.Where = "main (a.c:1)";
  for (unsigned I : {2u, 0u, 1u}) {
    P.OldKey = 5;
    P.OldPoint = I;
    P.NewPoint = I + 10;
    P.Reason = I == 1 ? "gone" : "";
    P.Frame = I == 1 ? -1 : 0;
    T.Points.push_back(P);
  }
  T.Binds = {{7, 0x1234, "us.fn.b", UPSTARE_BIND_FUNCTION, 1}};
  T.OldImages = {{"old", {0xef}}, {"lib.so", {}}};
  T.OldImages[1].BuildId[19] = 0x42;
  T.Ranges = {{0x1000, 0x10, 1}, {0x2000, 0x20, 0}};
  return T;
}

std::string source(const PatchTables &Tables) {
  TestPair P("int f(int n) { return n; }", "int f(int n) { return n; }");
  auto Old = P.shape(Version::Old, "f"), New = P.shape(Version::New, "f");
  P.T.addFrame(*Old, *New, "f.rebuild", 2);
  P.T.finish(P.Found);
  std::string Header, Text;
  raw_string_ostream HeaderOS(Header), OS(Text);
  P.T.emitHeader(HeaderOS);
  emitPatchSource(OS, Tables, P.T, "");
  return HeaderOS.str() + OS.str();
}

TEST(Tables, SortedAndReadable) {
  TestPair P("int unused;", "int unused;");
  // In place of the pair's own text: Harness.c includes what `extra` undoes.
  P.setExtra("#undef UPSTARE_GENERATED_H\n"
             "#define upstare_convert other_convert\n"
             "#define upstare_convert_frame other_convert_frame\n"
             "#define upstare_keep_initializer other_keep\n"
             "#define upstare_offset_in other_offset_in\n"
             "#define upstare_forward_word other_word\n" +
             source(someTables()) + R"(
#define EXPECT(c) do { if (!(c)) return __LINE__; } while (0)
char s1[1] __asm__("us.fn.b"), s2[1] __asm__("b"), s3[1] __asm__("a"), s4[1] __asm__("us.g.y"),
    s5[1] __asm__("x"), s6[1] __asm__("f.rebuild"), s7[4] __asm__("__upstare_requested");
#line 1
int check(void) {
  const struct upstare_patch *p = &upstare_patch_v3;
  EXPECT(p->abi_version == UPSTARE_ABI_VERSION && p->size == sizeof(*p));
  EXPECT((char *)p->requested == s7 && !p->finish && !p->moved && !p->visited);
  EXPECT(p->function_count == 2 && p->functions[0].key == 3 && p->functions[1].key == 9);
  EXPECT(p->functions[1].canonical == s1 && p->functions[1].entry == s2 && p->functions[0].canonical == s3);
  EXPECT(p->global_count == 2 && p->globals[0].address == s5 && p->globals[1].size == 4);
  EXPECT(p->point_count == 3);
  for (unsigned i = 0; i < 3; ++i)
    EXPECT(p->points[i].old_point == i && p->points[i].new_point == i + 10);
  EXPECT(p->points[0].frame == &us_frames[0] && !p->points[0].reason);
  EXPECT(!p->points[1].frame && !strcmp(p->points[1].reason, "gone"));
  const char *raw = (const char *)&us_header;
  const struct upstare_patch_header *h = (const void *)raw;
  EXPECT(!memcmp(h->magic, UPSTARE_PATCH_MAGIC, 8) && h->header_size == sizeof(*h));
  EXPECT(h->bind_count == 1 && h->range_count == 2);
  EXPECT(h->old_build_id[0] == 0xab && h->new_build_id[19] == 0xcd);
  const struct upstare_old_image *images = (const void *)(h + 1);
  EXPECT(h->image_count == 2 && images[0].build_id[0] == 0xef && images[1].build_id[19] == 0x42);
  const struct upstare_bind *b = (const void *)(images + 2);
  const struct upstare_range *r = (const void *)(b + 1);
  const char *strings = (const char *)(r + 2);
  EXPECT(b->old_key == 7 && b->native_address == 0x1234 && b->kind == UPSTARE_BIND_FUNCTION && b->image == 1);
  EXPECT(!strcmp(strings + images[1].name, "lib.so"));
  EXPECT(!strcmp(strings + b->name, "us.fn.b"));
  EXPECT(r[0].native_address == 0x2000 && r[1].native_address == 0x1000 && r[0].image == 0 && r[1].image == 1);
  EXPECT(!strcmp(strings + h->binder_name, "binder.so") && !strcmp(strings + h->new_name, "new \"quoted\""));
  EXPECT(strings + h->strings_size <= raw + sizeof(us_header));
  return 0;
}
)");
  P.build();
  EXPECT_EQ(P.call("check"), 0);
}

TEST(Tables, Deterministic) {
  EXPECT_EQ(source(someTables()), source(someTables()));
}

} // namespace
