/*===- Harness.c - a runtime for generated transformers -----------*- C -*-===*\
|*                                                                            *|
|* Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.       *|
|* SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception                    *|
|*                                                                            *|
|* Includes the generated file of a test pair and plays the runtime: finds    *|
|* moved objects, forwards, and runs the transformation of all globals.       *|
|* MOVED, VISITED and UNTYPED say whether these tables exist.                          *|
\*===----------------------------------------------------------------------===*/
#include GENERATED

static char Failure[512];
static struct {
  void *Slot, *Value;
} Writes[1024];
static unsigned WriteCount;

struct upstare_update {
  int Unused;
};
static struct upstare_update Update __attribute__((unused));

const char *test_failure(void) { return Failure; }

void upstare_fail(struct upstare_update *U, const char *Text) {
  if (!Failure[0])
    strncpy(Failure, Text, sizeof(Failure) - 1);
}

static const struct upstare_moved_global *findMoved(const void *Pointer) {
#if MOVED
  for (unsigned I = 0; I < sizeof(us_moved) / sizeof(us_moved[0]); ++I) {
    const char *Old = us_moved[I].old_address;
    if ((const char *)Pointer >= Old &&
        (const char *)Pointer < Old + us_moved[I].type->old_size)
      return &us_moved[I];
  }
#endif
  return 0;
}

void *upstare_forward_typed(struct upstare_update *U, const void *Pointer,
                            uint64_t Size) {
  const struct upstare_moved_global *M = findMoved(Pointer);
  if (!M)
    return (void *)Pointer;
  uint64_t Offset = M->type->map_offset(
      (const char *)Pointer - (const char *)M->old_address,
      Size & ~UPSTARE_CHANGES);
  if (Offset == UINT64_MAX) {
    upstare_fail(U, "pointer to a removed part");
    return 0;
  }
  return (char *)M->new_address + Offset;
}

void *upstare_forward(struct upstare_update *U, const void *Pointer) {
  return upstare_forward_typed(U, Pointer, 0);
}

void upstare_forward_slot_typed(struct upstare_update *U, void *Slot,
                                uint64_t Size) {
  void *Pointer;
  memcpy(&Pointer, Slot, sizeof(Pointer));
  Writes[WriteCount].Slot = Slot;
  Writes[WriteCount++].Value = upstare_forward_typed(U, Pointer, Size);
}

void upstare_forward_slot(struct upstare_update *U, void *Slot) {
  upstare_forward_slot_typed(U, Slot, 0);
}

void upstare_require_moved(struct upstare_update *U, const void *Pointer,
                           const char *Type, const char *What) {
  if (!Pointer || findMoved(Pointer))
    return;
  if (!Failure[0]) {
    strcpy(Failure, What);
    strcat(Failure, " -> ");
    strcat(Failure, Type);
  }
}

void upstare_require_visited(struct upstare_update *U, const void *Pointer,
                             const char *Type, const char *What) {
  if (!Pointer || findMoved(Pointer))
    return;
#if VISITED
  for (unsigned I = 0; I < sizeof(us_visited) / sizeof(us_visited[0]); ++I) {
    const char *Start = us_visited[I].address;
    if ((const char *)Pointer >= Start &&
        (const char *)Pointer < Start + us_visited[I].type->old_size)
      return;
  }
#endif
  upstare_fail(U, What);
}

static unsigned Told;
void upstare_untyped_word(struct upstare_update *U, const void *Word,
                          uint32_t Decision, const char *What,
                          const char *Row) {
  void *Pointer;
  memcpy(&Pointer, Word, sizeof(Pointer));
  if (!findMoved(Pointer))
    return;
  ++Told;
  if (Decision == UPSTARE_WORD_UNDECIDED)
    upstare_fail(U, What);
}
void upstare_forward_untyped(struct upstare_update *U, void *Word) {
  upstare_forward_slot(U, Word);
}
void upstare_untyped_bytes(struct upstare_update *U, const void *Bytes,
                           uint64_t Size, uint32_t Decision, const char *What,
                           const char *Row) {
  for (uint64_t I = 0; I + 8 <= Size; I += 8)
    upstare_untyped_word(U, (const char *)Bytes + I, Decision, What, Row);
}
void upstare_forward_bytes(struct upstare_update *U, void *Bytes, uint64_t Size) {
  for (uint64_t I = 0; I + 8 <= Size; I += 8)
    upstare_forward_slot(U, (char *)Bytes + I);
}

/* How many words lead into what moves. */
unsigned test_told(void) { return Told; }

uint32_t upstare_point(const struct upstare_update *U) { return 0; }

/* Where `offset` of an old global is in the new one. */
uint64_t test_map(const char *Name, uint64_t Offset, uint64_t Size) {
#if MOVED
  for (unsigned I = 0; I < sizeof(us_moved) / sizeof(us_moved[0]); ++I)
    if (!strcmp(us_moved[I].name, Name))
      return us_moved[I].type->map_offset(Offset, Size);
#endif
  return 12345;
}

void test_update(void) {
#if MOVED
  for (unsigned I = 0; I < sizeof(us_moved) / sizeof(us_moved[0]); ++I)
    us_moved[I].type->convert(us_moved[I].old_address, us_moved[I].new_address,
                              &Update);
#endif
#if VISITED
  for (unsigned I = 0; I < sizeof(us_visited) / sizeof(us_visited[0]); ++I)
    us_visited[I].type->visit(us_visited[I].address, &Update);
#endif
#if UNTYPED
  for (unsigned I = 0; I < sizeof(us_untyped) / sizeof(us_untyped[0]); ++I)
    if (us_untyped[I].tell_words)
      us_untyped[I].tell_words(us_untyped[I].old_address, &Update);
  for (unsigned I = 0; I < sizeof(us_untyped) / sizeof(us_untyped[0]); ++I)
    if (us_untyped[I].forward_words)
      us_untyped[I].forward_words(us_untyped[I].new_address, &Update);
#endif
  for (unsigned I = 0; I < WriteCount; ++I)
    memcpy(Writes[I].Slot, &Writes[I].Value, sizeof(void *));
}

#ifdef EXTRA
#include EXTRA
#endif
