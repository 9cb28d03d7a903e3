/*===- abi.h - abi.def as C ---------------------------------------*- C -*-===*\
|*                                                                            *|
|* Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.       *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* The records of abi.def as C structs, for the runtime and for the code that *|
|* upstare-patchgen generates. People who write overrides include upstare.h.  *|
\*===----------------------------------------------------------------------===*/
#ifndef UPSTARE_ABI_H
#define UPSTARE_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

struct upstare_update;
struct upstare_frame;

enum upstare_blob_kind {
  UPSTARE_BLOB_MODULE = 1,    /* bitcode, with the addresses of its globals */
  UPSTARE_BLOB_FUNCTIONS = 2, /* addresses of functions, no payload */
  /* Addresses of literals and other constants without a name, no payload. The
     key of a literal is of its contents, that of others 0. */
  UPSTARE_BLOB_LITERALS = 3
};

enum upstare_bind_kind {
  UPSTARE_BIND_GLOBAL = 1, /* found by key among the globals */
  /* Found by key among the functions. If the running version has no code for
     it, the binder does: a place that jumps where the patch says. */
  UPSTARE_BIND_FUNCTION = 2,
  UPSTARE_BIND_NATIVE = 3, /* always native_address in the image as linked */
  /* Thread-local: the symbol's value is the distance from the thread pointer,
     the same in every thread; native_address is the offset in the
     image's TLS segment. Found by key among the globals of a patch. */
  UPSTARE_BIND_THREAD_LOCAL = 4,
  /* No symbol: where a global of the program as linked ends, and something that
     no patch knows begins. */
  UPSTARE_BIND_END = 5
};

/* Registers in which a function returns; a frame fits below a point only if
   both say the same. ANY is for indirect calls and the user's own mapping. */
enum upstare_return_class {
  UPSTARE_RETURN_ANY = 0,
  UPSTARE_RETURN_VOID = 1,
  UPSTARE_RETURN_INTEGER = 2, /* up to 64 bits, pointers */
  UPSTARE_RETURN_SSE = 3,     /* float, double, vectors */
  UPSTARE_RETURN_X87 = 4,
  UPSTARE_RETURN_OTHER = 5 /* several registers */
};

enum upstare_patch_flags {
  /* Types, signatures or storage change or functions go: code of versions
     before OLD that still runs (old_code of their patches) would not know. */
  UPSTARE_PATCH_BREAKS_OLD_CODE = 1
};

enum upstare_point_flags {
  UPSTARE_POINT_UPDATE = 1,   /* an update point, no call */
  UPSTARE_POINT_BLOCKING = 2, /* a call of the runtime's blocking-call layer */
  /* In the frame there may be objects that no record names: those of alloca and
     arrays of variable length. The frame is kept as long as it is active. */
  UPSTARE_POINT_KEEPS_FRAME = 4
};

/* Tells what a pointer points to (map_offset, upstare_forward_typed): the size
   of an object, and that it is a number or pointer and no aggregate. */
#define UPSTARE_SCALAR(Size) ((uint64_t)(Size) | (uint64_t)1 << 63)

/* With upstare_forward_typed: the pointer's target type changes, so that it
   does not point to an object that stays. Tells a pointer one past the end of a
   moved array from one to what lies behind it. */
#define UPSTARE_CHANGES ((uint64_t)1 << 62)

/* With map_offset: asks what is at the ends of the type. Bit 0 of the answer:
   an object of target_size begins it; bit 1: an array of such ends it. */
#define UPSTARE_ENDS ((uint64_t)1 << 61)

/* How the object of a pinned member comes about. With none of them it is the
   object whose address is at old_offset of the old record (null: null). */
enum upstare_pinned_flags {
  /* The old record holds the value itself at old_offset: the runtime allocates
     type->new_size zeroed bytes and calls type->convert from there. Nothing
     points to such a value, so it is not entered in the table of moved ones. */
  UPSTARE_PINNED_FROM_VALUE = 1,
  /* It has no source: type->new_size zeroed bytes, which the user's initialiser
     fills; old_offset and type->convert are not used. */
  UPSTARE_PINNED_FRESH = 2
};

#define u64 uint64_t
#define u32 uint32_t
#define i32 int32_t
#define UPSTARE_RECORD_BEGIN(Name) struct upstare_##Name {
#define UPSTARE_FIELD(Kind, Name) Kind Name;
#define UPSTARE_BYTES(Name, Count) unsigned char Name[Count];
/* NOLINTBEGIN(bugprone-macro-parentheses) */
#define UPSTARE_PTR(Type, Name) Type *Name;
#define UPSTARE_FUNCTION(Return, Name, Args) Return(*Name) Args;
/* NOLINTEND(bugprone-macro-parentheses) */
#define UPSTARE_RECORD_END(Name)                                               \
  }                                                                            \
  ;
#include "upstare/abi.def"
#undef u64
#undef u32
#undef i32

/* FNV-1a, 64 bits: keys of functions and globals are hashes of their linkage
   name, preceded by "<directory>/<file>:" for those of internal linkage. */
/* Of the bytes of a patch file, taking the 8 at `digest_at` (a multiple of 8)
   for zero. Not against forgery, but against files that were copied
   incompletely: the dynamic linker ends a process that loads a damaged one. */
static inline uint64_t upstare_digest(const unsigned char *Bytes, uint64_t Size,
                                      uint64_t digest_at) {
  uint64_t Hash = 0xcbf29ce484222325u ^ Size;
  for (uint64_t At = 0; At < Size; At += 8) {
    uint64_t Word = 0;
    uint64_t Length = Size - At < 8 ? Size - At : 8;
    if (At != digest_at)
      __builtin_memcpy(&Word, Bytes + At, Length);
    Hash = (Hash ^ Word) * 0x100000001b3u;
    Hash ^= Hash >> 29;
  }
  return Hash ? Hash : 1;
}

static inline uint64_t upstare_key(const char *Text) {
  uint64_t Hash = 0xcbf29ce484222325u;
  for (; *Text; ++Text)
    Hash = (Hash ^ (unsigned char)*Text) * 0x100000001b3u;
  return Hash;
}

#ifdef __cplusplus
}
#endif
#endif
