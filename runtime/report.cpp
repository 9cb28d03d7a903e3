//===- report.cpp - what an update did, and how long it took ----*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: how does a report look?
//
//===----------------------------------------------------------------------===//

#include "report.h"
#include <stdio.h>
#include <time.h>

using namespace upstare;

const char *upstare::phaseName(Phase P) {
  static const char *const Names[PhaseCount] = {
      "prepare", "park",      "check",  "snapshot",
      "unroll",  "transform", "commit", "rebuild"};
  return Names[static_cast<unsigned>(P)];
}

uint64_t upstare::now() {
  timespec Time;
  clock_gettime(CLOCK_MONOTONIC, &Time);
  return static_cast<uint64_t>(Time.tv_sec) * 1000000000u +
         static_cast<uint64_t>(Time.tv_nsec);
}

namespace {

/// Writes into a buffer as far as it reaches, and counts.
struct Writer {
  char *Buffer;
  size_t Size;
  size_t Length = 0;

  void put(char C) {
    if (Length + 1 < Size)
      Buffer[Length] = C;
    ++Length;
  }
  void text(const char *Text) {
    while (*Text)
      put(*Text++);
  }
  void number(uint64_t Value) {
    char Digits[24];
    snprintf(Digits, sizeof Digits, "%llu",
             static_cast<unsigned long long>(Value));
    text(Digits);
  }
  void string(const char *Text) {
    put('"');
    for (; *Text; ++Text) {
      auto C = static_cast<unsigned char>(*Text);
      if (C == '"' || C == '\\') {
        put('\\');
        put(*Text);
      } else if (C == '\n') {
        text("\\n");
      } else if (C < 0x20 || C >= 0x7f) {
        // Not only for control characters: a file name need not be UTF-8.
        char Escape[8];
        snprintf(Escape, sizeof Escape, "\\u%04x", C);
        text(Escape);
      } else {
        put(*Text);
      }
    }
    put('"');
  }
  void microseconds(uint64_t Nanoseconds) {
    char Digits[32];
    snprintf(Digits, sizeof Digits, "%llu.%01llu",
             static_cast<unsigned long long>(Nanoseconds / 1000),
             static_cast<unsigned long long>(Nanoseconds % 1000 / 100));
    text(Digits);
  }
  void key(const char *Name) {
    put(',');
    string(Name);
    put(':');
  }
  size_t finish() {
    if (Size)
      Buffer[Length < Size ? Length : Size - 1] = 0;
    return Length;
  }
};

} // namespace

size_t upstare::formatJsonString(const char *Text, char *Buffer, size_t Size) {
  Writer W{Buffer, Size};
  W.string(Text);
  return W.finish();
}

size_t upstare::formatReport(const UpdateReport &R, char *Buffer, size_t Size) {
  Writer W{Buffer, Size};
  auto string = [&](const char *Name, const char *Text) {
    W.key(Name);
    W.string(Text);
  };
  auto number = [&](const char *Name, uint64_t Value) {
    W.key(Name);
    W.number(Value);
  };
  W.text("{\"ok\":");
  W.text(R.Result == Status::Ok ? "true" : "false");
  string("status", statusName(R.Result));
  string("message", R.Message.Text);
  string("patch", R.Patch);
  string("from", R.From);
  string("to", R.To);
  string("from_build_id", R.FromBuildId);
  string("to_build_id", R.ToBuildId);
  W.key("phases_us");
  for (unsigned I = 0; I != PhaseCount; ++I) {
    W.put(I ? ',' : '{');
    W.string(phaseName(static_cast<Phase>(I)));
    W.put(':');
    W.microseconds(R.Nanoseconds[I]);
  }
  W.put('}');
  W.key("pause_us");
  W.microseconds(R.PauseNanoseconds);
  number("frames", R.Frames);
  number("snapshot_bytes", R.SnapshotBytes);
  number("record_bytes", R.RecordBytes);
  number("stack_bytes", R.StackBytes);
  number("moved_objects", R.MovedObjects);
  number("forwarded_pointers", R.ForwardedPointers);
  number("patched_entries", R.PatchedEntries);
  number("untyped_words", R.UntypedWords);
  number("undecided_words", R.UndecidedWords);
  number("memory_bytes", R.MemoryBytes);
  number("attempts", R.Attempts);
  number("update_point", R.UpdatePoint);
  W.put('}');
  return W.finish();
}
