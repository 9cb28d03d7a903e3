//===- Similarity.h - is this the same function, renamed? --------*- C++
//-*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How alike are two functions of different names? Judged by what makes frames
// compatible: the sequence of calls, the locals, the signature; and the file.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_PATCHGEN_SIMILARITY_H
#define UPSTARE_PATCHGEN_SIMILARITY_H

#include "Extract.h"

namespace upstare::patchgen {

template <typename Def> struct Matching;

class Similarity {
public:
  Similarity(const Program &Old, const Program &New,
             const Matching<FunctionDef> &Known)
      : Old(Old), New(New), Known(Known) {}

  /// 0 … 1.
  double score(const FunctionDef &A, const FunctionDef &B) const;

private:
  double calls(const FunctionDef &A, const FunctionDef &B) const;
  double locals(const FunctionDef &A, const FunctionDef &B) const;
  double signature(const FunctionDef &A, const FunctionDef &B) const;

  const Program &Old, &New;
  const Matching<FunctionDef> &Known;
};

} // namespace upstare::patchgen

#endif // UPSTARE_PATCHGEN_SIMILARITY_H
