/*===- upstare.h - for override files and programs ----------------*- C -*-===*\
|*                                                                            *|
|* Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.       *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* What an override file (docs/patches.md) may call while an update is being  *|
|* transformed. All functions run in the one thread that coordinates the      *|
|* update, with every other thread parked and before commit; none may block,  *|
|* and none changes old storage before commit, so that an abort leaves the    *|
|* program as it was. Transformers must not change old storage themselves.    *|
\*===----------------------------------------------------------------------===*/
#ifndef UPSTARE_UPSTARE_H
#define UPSTARE_UPSTARE_H

#include "upstare/abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Where `pointer` points after the update: the matching place in the new object
   if it points into an object that moved, else `pointer` itself. A pointer to a
   removed part fails the update. */
void *upstare_forward(struct upstare_update *update, const void *pointer);

/* Likewise for a pointer to objects of `target_size` bytes;
   UPSTARE_SCALAR(bytes) for numbers and pointers. This tells a pointer to a
   struct from one to its first field, which need not stay together. */
void *upstare_forward_typed(struct upstare_update *update, const void *pointer,
                            uint64_t target_size);

/* Forwards the pointer at `slot`, in storage that stays: the new value is
   written at commit. `slot` need not be aligned. */
void upstare_forward_slot(struct upstare_update *update, void *slot);
void upstare_forward_slot_typed(struct upstare_update *update, void *slot,
                                uint64_t target_size);

/* Called for a pointer whose target type `type` changes: fails the update when
   `pointer` is neither null nor in an object that moved, because new code would
   read an object of the old layout there (the heap is not transformed yet).
   `what` names the holder of the pointer, for the message. */
void upstare_require_moved(struct upstare_update *update, const void *pointer,
                           const char *type, const char *what);

/* Called for a pointer whose target type `type` stays but leads to objects that
   change: fails the update unless `pointer` is null or in memory whose pointers
   this update sees to, which is what moved, a global that moved or is visited
   and the stack. Elsewhere (heap) old objects would remain in use. */
void upstare_require_visited(struct upstare_update *update, const void *pointer,
                             const char *type, const char *what);

/* What is to become of a word that may be a pointer though no type says so
   (void *, integers of a pointer's size, unions) when it leads into an object
   that moves. */
enum upstare_word {
  UPSTARE_WORD_UNDECIDED = 0, /* the update is refused */
  UPSTARE_WORD_LEAVE = 1,     /* no pointer, or seen to by your own code */
  UPSTARE_WORD_FORWARD = 2    /* a pointer */
};

/* Called by generated code for each such word of the old version. `what`
   describes it, `row` begins its row in upstare_words, for the message. */
void upstare_untyped_word(struct upstare_update *update, const void *word,
                          uint32_t decision, const char *what, const char *row);

/* upstare_forward_slot for a word of which the user says that it is a pointer.
   An update is refused if its lowest bits may be no part of the address. */
void upstare_forward_untyped(struct upstare_update *update, void *word);

/* Both for all aligned words in `size` bytes. */
void upstare_untyped_bytes(struct upstare_update *update, const void *bytes,
                           uint64_t size, uint32_t decision, const char *what,
                           const char *row);
void upstare_forward_bytes(struct upstare_update *update, void *bytes,
                           uint64_t size);

/* Ends the update with an abort after the running transformer returns. `text`
   is copied and shown to the operator. The first failure wins. */
void upstare_fail(struct upstare_update *update, const char *text);

/* The continuation point (old number) of the frame that is being converted. */
uint32_t upstare_point(const struct upstare_update *update);

/* In an override file: continuation points mapped by hand. An array
   `const struct upstare_point_override upstare_points[]` ends with a null
   function name; numbers are those of `upstare-patchgen --print-points`. */
struct upstare_point_override {
  const char *function; /* in OLD; "file.c:name" for an ambiguous static one */
  uint32_t old_point;
  uint32_t new_point;
};
/* Likewise `const struct upstare_rename_override upstare_renames[]`: a function
   or global of OLD that goes on under another name in NEW. */
struct upstare_rename_override {
  const char *old_name;
  const char *new_name;
};

/* Likewise `const struct upstare_keep_override upstare_keep[]`: a function of
   OLD that NEW does not have, though its address is used as a value. */
enum upstare_keep {
  UPSTARE_KEEP_CODE = 0,   /* its old code may run where it is still called */
  UPSTARE_NEVER_CALLED = 1 /* no pointer to it is left when the update comes */
};
struct upstare_keep_override {
  const char *function; /* in OLD; "file.c:name" for an ambiguous static one */
  uint32_t how;         /* enum upstare_keep */
};

/* Likewise `const struct upstare_word_override upstare_words[]`: what to do
   with words that may be pointers. "*" stands for every holder or member. */
struct upstare_word_override {
  const char *holder; /* "struct conn", a global, a function (its locals) */
  const char *member; /* a field; a local variable; "" for a global itself */
  uint32_t what;      /* UPSTARE_WORD_LEAVE or UPSTARE_WORD_FORWARD */
};

/* What an override file may define besides the functions that the generated
   header declares. Called once everything is transformed, before commit; other
   than 0 aborts the update (say why with upstare_fail). It may write to the new
   version's own variables: those that moved, and those that only it has, which
   the generated header declares as upstare_new_<name>. */
int32_t upstare_finish(struct upstare_update *update);

#ifdef __cplusplus
}
#endif
#endif
