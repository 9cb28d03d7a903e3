//===- Similarity.cpp - is this the same function, renamed? ---------------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// How alike are two functions of different names?
//
//===----------------------------------------------------------------------===//

#include "Similarity.h"
#include "Match.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;
using namespace upstare;
using namespace upstare::patchgen;

namespace {

/// What the points call, in words that both versions share: a function of the
/// program is named as in NEW. Update points say nothing of a function.
std::vector<std::string> callees(const Program &P, const FunctionDef &F,
                                 const Matching<FunctionDef> *Known) {
  std::vector<std::string> Names;
  for (const Point &Pt : F.Shape->Points) {
    if (Pt.Kind == PointKind::Update || Pt.Kind == PointKind::LoopHead)
      continue;
    const FunctionDef *Callee = resolve(P, *F.Owner, Pt.Callee);
    if (Callee && Callee->Key == F.Key) {
      Names.push_back("<itself>");
      continue;
    }
    if (Callee && Known)
      if (const FunctionDef *Next = Known->newOf(Callee->Key))
        Callee = Next;
    Names.push_back(Callee ? Callee->Name : Pt.Callee);
  }
  return Names;
}

size_t longestCommonSubsequence(const std::vector<std::string> &A,
                                const std::vector<std::string> &B) {
  std::vector<size_t> Row(B.size() + 1);
  for (const std::string &X : A) {
    size_t Diagonal = 0;
    for (size_t J = 0; J != B.size(); ++J) {
      size_t Above = Row[J + 1];
      Row[J + 1] = X == B[J] ? Diagonal + 1 : std::max(Above, Row[J]);
      Diagonal = Above;
    }
  }
  return Row.back();
}

std::multiset<std::string> variables(const FunctionShape &Shape) {
  std::multiset<std::string> Names;
  for (const Member &M : Shape.Members) {
    if (M.isTemporary())
      continue;
    const DIType *Type = M.Variable->getType();
    Names.insert(M.Name + " " + std::to_string(Type ? Type->getTag() : 0));
  }
  return Names;
}

std::vector<std::string> typesOf(const Function &F) {
  std::vector<std::string> Types(1 + F.arg_size());
  raw_string_ostream(Types[0]) << *F.getReturnType();
  for (const Argument &A : F.args())
    raw_string_ostream(Types[1 + A.getArgNo()]) << *A.getType();
  return Types;
}

/// Two empty sequences are no evidence either way.
double ratio(size_t Common, size_t A, size_t B) {
  return A + B ? 2.0 * Common / (A + B) : 0.5;
}

} // namespace

double Similarity::calls(const FunctionDef &A, const FunctionDef &B) const {
  auto InA = callees(Old, A, &Known), InB = callees(New, B, nullptr);
  return ratio(longestCommonSubsequence(InA, InB), InA.size(), InB.size());
}

double Similarity::locals(const FunctionDef &A, const FunctionDef &B) const {
  auto InA = variables(*A.Shape), InB = variables(*B.Shape);
  std::vector<std::string> Common;
  std::set_intersection(InA.begin(), InA.end(), InB.begin(), InB.end(),
                        std::back_inserter(Common));
  return ratio(Common.size(), InA.size(), InB.size());
}

double Similarity::signature(const FunctionDef &A, const FunctionDef &B) const {
  auto InA = typesOf(*A.F), InB = typesOf(*B.F);
  return ratio(longestCommonSubsequence(InA, InB), InA.size(), InB.size());
}

double Similarity::score(const FunctionDef &A, const FunctionDef &B) const {
  bool SameFile = sys::path::filename(A.Owner->SourcePath) ==
                  sys::path::filename(B.Owner->SourcePath);
  return 0.40 * calls(A, B) + 0.35 * locals(A, B) + 0.15 * signature(A, B) +
         0.10 * SameFile;
}
