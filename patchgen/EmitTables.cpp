//===- EmitTables.cpp - the tables of a patch as C --------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// See EmitTables.h. Symbols of a patch hold dots, so tables name them through
// declarations with assembler names.
//
//===----------------------------------------------------------------------===//

#include "EmitTables.h"
#include "EmitTypes.h"
#include "upstare/abi.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/Support/Format.h"

using namespace llvm;

namespace upstare::patchgen {

namespace {

std::string key(uint64_t Value) {
  return "UINT64_C(0x" + utohexstr(Value, /*LowerCase=*/true, 16) + ")";
}

/// Declares each symbol that a table names, once, before the table.
class SymbolNames {
public:
  std::string name(const std::string &Symbol) {
    auto [Entry, New] = Names.try_emplace(Symbol, "");
    if (New) {
      Entry->second = "sym_" + std::to_string(Names.size());
      Declarations += "extern char " + Entry->second + "[] __asm__(" +
                      cString(Symbol) + ");\n";
    }
    return Entry->second;
  }
  /// The declarations since the last call.
  std::string take() { return std::exchange(Declarations, ""); }

private:
  StringMap<std::string> Names;
  std::string Declarations;
};

/// Prints the tables of struct upstare_patch in order.
class TablePrinter {
public:
  explicit TablePrinter(raw_ostream &OS) : OS(OS) {}

  void functions(const std::vector<PatchFunction> &List) {
    std::string Held;
    for (const PatchFunction &F : List) {
      Rows += "    {" + key(F.Key) + ", " + Symbols.name(F.CanonicalSymbol) +
              ", " + Symbols.name(F.EntrySymbol) + ", " + cString(F.Name) +
              ", " + key(F.OldKey) + "},\n";
      Held += F.Held ? "1," : "0,";
    }
    finish("struct upstare_patch_function", "us_functions");
    if (!List.empty())
      OS << "static unsigned char us_held[] = {" << Held << "};\n\n";
  }

  void removed(const std::vector<PatchRemoved> &List) {
    for (const PatchRemoved &R : List)
      Rows +=
          "    {" + key(R.OldKey) + ", " + (R.GoesOn ? "1" : "0") + ", 0},\n";
    finish("struct upstare_removed_function", "us_removed");
  }

  void globals(const std::vector<PatchGlobal> &List) {
    for (const PatchGlobal &G : List)
      Rows += "    {" + key(G.Key) + ", " + Symbols.name(G.Symbol) + ", " +
              std::to_string(G.Size) + ", " + cString(G.Name) + "},\n";
    finish("struct upstare_patch_global", "us_globals");
  }

  void points(const std::vector<PatchPoint> &List) {
    for (const PatchPoint &P : List)
      Rows +=
          "    {" + key(P.OldKey) + ", " + std::to_string(P.OldPoint) + ", " +
          std::to_string(P.NewPoint) + ", " +
          (P.Frame < 0 ? "0" : "&us_frames[" + std::to_string(P.Frame) + "]") +
          ",\n     " + cString(P.Where) + ", " +
          (P.Frame < 0 ? cString(P.Reason) : "0") + ", " +
          std::to_string(P.ReturnClass) + ", " + std::to_string(P.Flags) +
          "},\n";
    finish("struct upstare_point_map", "us_points");
  }

  SymbolNames Symbols;

private:
  void finish(StringRef Type, StringRef Name) {
    OS << Symbols.take();
    if (!Rows.empty())
      OS << "static const " << Type << " " << Name << "[] = {\n"
         << Rows << "};\n\n";
    Rows.clear();
  }

  raw_ostream &OS;
  std::string Rows;
};

/// The strings of the header section, by offset.
class StringArea {
public:
  uint32_t add(StringRef Text) {
    auto [Entry, New] = Offsets.try_emplace(Text, Bytes.size());
    if (New) {
      Bytes.append(Text.begin(), Text.end());
      Bytes += '\0';
    }
    return Entry->second;
  }
  const std::string &bytes() const { return Bytes; }

private:
  std::string Bytes;
  StringMap<uint32_t> Offsets;
};

std::string bytesOf(ArrayRef<uint8_t> Bytes) {
  std::string Result = "{";
  for (uint8_t B : Bytes)
    Result += std::to_string(B) + ",";
  return Result + "}";
}

} // namespace

/// struct upstare_patch_header and what follows it. Constants alone: a section
/// that is read from the file cannot have relocations.
static void emitHeaderSection(raw_ostream &OS, const PatchTables &T) {
  StringArea Strings;
  uint32_t Binder = Strings.add(T.BinderName), Old = Strings.add(T.OldName),
           New = Strings.add(T.NewName);
  std::string Images, Binds, Ranges;
  for (const PatchImage &I : T.OldImages)
    Images += "        {" + bytesOf(I.BuildId) + ", " +
              std::to_string(Strings.add(I.Name)) + "},\n";
  for (const PatchBind &B : T.Binds)
    Binds += "        {" + key(B.OldKey) + ", " + key(B.NativeAddress) + ", " +
             std::to_string(Strings.add(B.Symbol)) + ", " +
             std::to_string(B.Kind) + ", " + std::to_string(B.Image) +
             ", 0}, /* " + B.Symbol + " */\n";
  for (const PatchRange &R : T.Ranges)
    Ranges += "        {" + key(R.NativeAddress) + ", " + key(R.Size) + ", " +
              std::to_string(R.Image) + ", 0},\n";
  auto Table = [&](StringRef Record, StringRef Name, size_t Count,
                   const std::string &Rows) {
    if (Count)
      OS << "  struct " << Record << " " << Name << "[" << Count << "];\n";
    return Count ? "    ." + Name.str() + " = {\n" + Rows + "    },\n" : "";
  };
  OS << "static const struct {\n  struct upstare_patch_header head;\n";
  std::string Body =
      Table("upstare_old_image", "images", T.OldImages.size(), Images);
  Body += Table("upstare_bind", "binds", T.Binds.size(), Binds);
  Body += Table("upstare_range", "ranges", T.Ranges.size(), Ranges);
  OS << "  unsigned char strings[" << Strings.bytes().size() << "];\n"
     << "} us_header __attribute__((section(" << cString(UPSTARE_PATCH_SECTION)
     << "), used, retain)) = {\n    .head = {\n        {";
  for (char C : StringRef(UPSTARE_PATCH_MAGIC))
    OS << int(C) << ",";
  OS << "}, UPSTARE_ABI_VERSION, sizeof(struct upstare_patch_header),\n        "
     << T.Binds.size() << ", " << T.Ranges.size() << ", "
     << Strings.bytes().size() << ", " << Binder << ", " << Old << ", " << New
     << ",\n        " << bytesOf(T.OldBuildId) << ",\n        "
     << bytesOf(T.NewBuildId) << ", 0, " << T.OldImages.size() << ", 0},\n"
     << Body << "    .strings = "
     << bytesOf(
            ArrayRef(reinterpret_cast<const uint8_t *>(Strings.bytes().data()),
                     Strings.bytes().size()))
     << "};\n\n";
}

static void sortTables(PatchTables &T) {
  llvm::sort(T.Functions,
             [](const auto &A, const auto &B) { return A.Key < B.Key; });
  llvm::sort(T.Removed,
             [](const auto &A, const auto &B) { return A.OldKey < B.OldKey; });
  llvm::sort(T.Globals,
             [](const auto &A, const auto &B) { return A.Key < B.Key; });
  llvm::sort(T.Points, [](const auto &A, const auto &B) {
    return std::make_pair(A.OldKey, A.OldPoint) <
           std::make_pair(B.OldKey, B.OldPoint);
  });
  llvm::sort(T.Ranges, [](const auto &A, const auto &B) {
    return std::tie(A.Image, A.NativeAddress) <
           std::tie(B.Image, B.NativeAddress);
  });
}

void emitPatchSource(raw_ostream &OS, PatchTables T, const Transformers &Data,
                     StringRef HeaderName) {
  sortTables(T);
  Data.emitDefaults(OS, /*Weak=*/true, HeaderName);
  Data.emitMaps(OS, T.Rebuilds);
  TablePrinter Print(OS);
  Print.functions(T.Functions);
  Print.removed(T.Removed);
  Print.globals(T.Globals);
  Print.points(T.Points);
  std::string Requested = Print.Symbols.name(T.RequestedSymbol);
  std::string Finish =
      T.FinishSymbol.empty() ? "" : Print.Symbols.name(T.FinishSymbol);
  OS << Print.Symbols.take();
  if (!T.LeftInMemory.empty())
    OS << "static const char *const us_left[] = {";
  for (const std::string &Name : T.LeftInMemory)
    OS << cString(Name) << (Name == T.LeftInMemory.back() ? "};\n\n" : ", ");
  auto Row = [&](StringRef Name, size_t Count) {
    OS << "    " << (Count ? Name : "0") << ", " << Count << ",\n";
  };
  OS << "__attribute__((visibility(\"default\"), used))\n"
     << "const struct upstare_patch " << UPSTARE_PATCH_SYMBOL_NAME
     << " = {\n    UPSTARE_ABI_VERSION, sizeof(struct upstare_patch),\n    "
     << "(int32_t *)" << Requested << ",\n";
  Row("us_functions", T.Functions.size());
  Row("us_globals", T.Globals.size());
  Row("us_points", T.Points.size());
  Row("us_moved", Data.movedCount());
  Row("us_visited", Data.visitedCount());
  OS << "    "
     << (Finish.empty() ? "0"
                        : "(int32_t(*)(struct upstare_update *))" + Finish)
     << ",\n";
  Row("us_untyped", Data.untypedCount());
  OS << "    " << (T.OldCode.empty() ? "0" : cString(T.OldCode)) << ", "
     << T.Flags << ",\n    " << (T.Functions.empty() ? "0" : "us_held")
     << ",\n";
  Row("us_removed", T.Removed.size());
  Row("us_left", T.LeftInMemory.size());
  OS << "};\n\n";
  emitHeaderSection(OS, T);
}

} // namespace upstare::patchgen
