//===- export.h - what the runtime's users see ------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Marks the functions and variables that instrumented code, patches and
// programs link to. Everything else is hidden; exports.map says it again for
// the linker.
//
//===----------------------------------------------------------------------===//

#ifndef UPSTARE_RUNTIME_EXPORT_H
#define UPSTARE_RUNTIME_EXPORT_H

#define UPSTARE_EXPORT extern "C" __attribute__((visibility("default")))

#endif // UPSTARE_RUNTIME_EXPORT_H
