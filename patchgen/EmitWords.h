//===- EmitWords.h - words that may be pointers, as C -----------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Which words of an object may be pointers, though no type says so, and what
// does the user want to be done with each?
//
// Such are void pointers, pointers to structs that nothing defines, integers of
// the size of a pointer, words of unions, and of arrays of bytes in globals.
// Two functions are written for an object that has some: one tells the runtime
// of each word before the update (upstare_untyped_word), one forwards those of
// which the user says so, in the new version's object, after everything else
// has been converted.
//
// A word is named by its holder (a struct, a global, a function for its locals)
// and its member in it (a field, "", a variable).
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_EMITWORDS_H
#define UPSTARE_PATCHGEN_EMITWORDS_H

#include "FrameMatch.h"
#include "Problems.h"
#include "llvm/Support/raw_ostream.h"
#include <map>

namespace upstare::patchgen {

/// A row of upstare_words.
struct WordRow {
  std::string Holder, Member; // "*": any
  uint32_t What = 0;          // enum upstare_word
  bool Used = false;
};

/// As WordRow::Holder: the heap and other memory of whose types nothing is
/// known; the member is then the object that is led to.
constexpr const char *UntypedMemory = "(memory)";

/// Any pointer, which no type tells from another word.
bool isUntypedPointer(TypeComparer &Types, const CType *Pointer);
/// A union of pointers whose targets are known.
bool holdsTypedPointers(TypeComparer &Types, const CType *Union);

class WordWriter {
public:
  WordWriter(TypeComparer &Types, std::vector<WordRow> &Rows)
      : Types(Types), Rows(Rows) {}

  /// How a function reaches the words.
  enum Mode {
    Tell,    // of the old object
    Forward, // in the object of the new version, at commit
  };
  /// Functions (void *object, update), by name; "0" if there is nothing to do.
  std::string object(const CType *T, uint64_t Size, llvm::StringRef Name,
                     Mode M);
  /// Of a frame's record; Members are those that have a part in the update.
  std::string frame(const FunctionShape &Shape,
                    llvm::ArrayRef<const FrameMember *> Members, Mode M);

  const std::string &functions() const { return Functions; }

private:
  struct Word {
    std::string Holder, Member;
  };
  struct Body {
    llvm::raw_ostream &OS;
    Mode M;
    /// Look into arrays of bytes, too. Not in frames: buffers there hold what
    /// was on the stack before.
    bool Bytes = false;
    unsigned Indent = 2, Depth = 0;
  };
  void walk(Body B, const CType *T, const std::string &At, const Word &W);
  void fields(const Body &B, const CType *T, const std::string &At,
              const Word &W);
  void bytes(const Body &B, const CType *T, const std::string &At,
             const Word &W);
  void unionWords(const Body &B, const CType *T, const std::string &At,
                  const Word &W);
  void elements(Body B, const CType *T, uint64_t Count, const std::string &At,
                const Word &W);
  void word(const Body &B, const CType *T, const std::string &At,
            const Word &W);
  std::string ofStruct(const CType *T, const Body &B);
  std::string define(const std::string &Text);
  uint32_t decision(const Word &W);
  static std::string described(const CType *T, const Word &W);

  TypeComparer &Types;
  std::vector<WordRow> &Rows;
  /// By type, and what Body says of it.
  std::map<std::tuple<const CType *, Mode, bool>, std::string> Structs;
  std::string Functions;
  unsigned Count = 0;
};

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_EMITWORDS_H
