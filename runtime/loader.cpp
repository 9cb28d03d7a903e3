//===- loader.cpp - a patch, loaded and checked -----------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: how does a patch come into the process?
//
//===----------------------------------------------------------------------===//

#include "loader.h"
#include "binder.h"
#include "held_functions.h"
#include "outsiders.h"
#include "patch_tables.h"
#include "program_ends.h"
#include "retired_code.h"
#include "versions.h"
#include <atomic>
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

using namespace upstare;

/// Number of loaded files so far: makes names unique.
static std::atomic<unsigned> LoadSerial;

Status upstare::checkVersion(const PreparedPatch &Patch, ErrorText &Error) {
  const upstare_patch_header &Head = *Patch.File.Header.Head;
  const Version &Running = currentVersion();
  if (!Running.HasBuildId)
    return Error.fail(Status::WrongVersion,
                      "%s has no build id; link it with -Wl,--build-id",
                      Running.Name);
  // The program as started is told by its own build id; findImages() sees to
  // its libraries.
  const unsigned char *From =
      Running.Tables ? Head.old_build_id : Patch.File.Header.Images[0].build_id;
  if (!memcmp(From, Running.BuildId, BuildIdBytes))
    return Status::Ok;
  char Old[41], New[41], Current[41];
  formatBuildId(From, Old);
  formatBuildId(Head.new_build_id, New);
  formatBuildId(Running.BuildId, Current);
  if (!memcmp(Head.new_build_id, Running.BuildId, BuildIdBytes))
    return Error.fail(Status::AlreadyApplied,
                      "%s, build id %s; the patch starts from %s, build id %s",
                      Patch.newName(), New, Patch.oldName(), Old);
  return Error.fail(
      Status::WrongVersion,
      "it is for %s, build id %s; the process runs %s, build id %s",
      Patch.oldName(), Old, Running.Name, Current);
}

namespace {

/// A path of the descriptor that no loaded object has as its name: the dynamic
/// linker compares paths as text, and descriptor numbers come again. The bits
/// of Serial are written as "./" and "/", which mean nothing in a path.
void formatPath(char (&Path)[128], int Fd, unsigned Serial) {
  int Used = snprintf(Path, sizeof Path, "%s", LoadedPatchPrefix);
  for (unsigned Bit = 0; Bit != 24; ++Bit)
    Used += snprintf(Path + Used, sizeof Path - static_cast<size_t>(Used),
                     Serial >> Bit & 1 ? "./" : "/");
  snprintf(Path + Used, sizeof Path - static_cast<size_t>(Used), "%d", Fd);
}

/// Held by the temporary thread while the dynamic linker works, and by fork():
/// a child must not begin with a half-loaded object and no one to finish it.
pthread_mutex_t LinkerMutex = PTHREAD_MUTEX_INITIALIZER;

class LinkerLock {
public:
  LinkerLock() {
    static pthread_once_t Once = PTHREAD_ONCE_INIT;
    pthread_once(&Once, [] { pthread_atfork(lock, unlock, unlock); });
    lock();
  }
  ~LinkerLock() { unlock(); }
  LinkerLock(const LinkerLock &) = delete;
  LinkerLock &operator=(const LinkerLock &) = delete;

private:
  static void lock() { pthread_mutex_lock(&LinkerMutex); }
  static void unlock() { pthread_mutex_unlock(&LinkerMutex); }
};

void *openObject(int Fd, ErrorText &Error) {
  LinkerLock Lock;
  char Path[128];
  formatPath(Path, Fd, LoadSerial.fetch_add(1));
  void *Handle = dlopen(Path, RTLD_NOW | RTLD_LOCAL);
  if (!Handle) {
    const char *Reason = dlerror();
    // "<path>: text": the path means nothing to people.
    if (Reason && !strncmp(Reason, Path, strlen(Path)))
      Reason += strlen(Path) + 2;
    Error.fail(Status::CannotLoad, "%s", Reason ? Reason : "unknown reason");
  }
  return Handle;
}

/// Gives the binder a name of its own, in the patch too: another one of the
/// same name may be loaded, if the patch was applied before.
Status nameBinder(PreparedPatch &Patch, ErrorText &Error) {
  constexpr size_t SerialDigits = 8;
  const char *Name = Patch.File.text(Patch.File.Header.Head->binder_name);
  size_t Length = strlen(Name);
  if (Length < SerialDigits || Length >= sizeof Patch.BinderName)
    return Error.fail(Status::Malformed, "its binder has no usable name");
  char *Needed = findNeeded(Patch.File.Bytes, Patch.File.Size, Name);
  if (!Needed)
    return Error.fail(Status::Malformed, "it does not ask for its binder %s",
                      Name);
  snprintf(Patch.BinderName, sizeof Patch.BinderName, "%.*s%08x",
           static_cast<int>(Length - SerialDigits), Name,
           LoadSerial.fetch_add(1));
  memcpy(Needed, Patch.BinderName, Length);
  return Status::Ok;
}

Status loadBinder(PreparedPatch &Patch, ErrorText &Error) {
  const PatchHeader &Header = Patch.File.Header;
  const LoadedObject None;
  uint32_t Count = Header.Head->bind_count;
  auto *Symbols = Patch.Memory.allocateArray<BoundSymbol>(Count);
  const ProgramEnds &Ends = programEnds();
  auto *Starts = Patch.Memory.allocateArray<uintptr_t>(Count + Ends.Count);
  if (!Symbols || !Starts)
    return Error.fail(Status::OutOfMemory);
  size_t SymbolCount = 0, StartCount = 0;
  for (uint32_t I = 0; I != Count; ++I) {
    const upstare_bind &B = Header.Binds[I];
    if (B.kind == UPSTARE_BIND_END)
      continue;
    BoundSymbol &Symbol = Symbols[SymbolCount++];
    Symbol = {Header.text(B.name),
              resolve(B, Patch.OldImages ? Patch.OldImages[B.image] : None)};
    if (!Symbol.Address && B.kind == UPSTARE_BIND_THREAD_LOCAL)
      return Error.fail(
          Status::CannotLoad,
          "%s, a thread-local variable of %s, is not at one distance from the "
          "thread pointer in all threads; load that library when the program "
          "starts, not by dlopen",
          Symbol.Name, Header.text(Header.Images[B.image].name));
    if (!Symbol.Address && B.kind != UPSTARE_BIND_FUNCTION)
      return Error.fail(Status::CannotLoad,
                        "%s is not in the running version %s", Symbol.Name,
                        currentVersion().Name);
    if (B.kind == UPSTARE_BIND_GLOBAL)
      Starts[StartCount++] = Symbol.Address;
  }
  for (size_t I = 0; I != Ends.Count; ++I)
    Starts[StartCount++] = Ends.Addresses[I];
  heapSort(Starts, StartCount, [](uintptr_t A, uintptr_t B) { return A < B; });
  Patch.ObjectStarts = Starts;
  Patch.ObjectStartCount = StartCount;
  int Fd = -1;
  Status S = writeBinder(Patch.BinderName, Symbols, SymbolCount, Fd, Error);
  if (S != Status::Ok)
    return S;
  Patch.Binder = openObject(Fd, Error);
  close(Fd);
  return Patch.Binder ? Status::Ok : Status::CannotLoad;
}

/// Another build of the library, by its file name; else an empty text.
void describeOther(const char *Name, char (&Out)[128]) {
  struct Query {
    const char *Name;
    char *Out;
    size_t Size;
  } Q = {Name, Out, sizeof Out};
  Out[0] = 0;
  dl_iterate_phdr(
      [](dl_phdr_info *Info, size_t, void *Argument) {
        auto &Q = *static_cast<Query *>(Argument);
        if (strcmp(basename(Info->dlpi_name), Q.Name) != 0)
          return 0;
        LoadedObject Other;
        char Id[41] = "none";
        if (Info->dlpi_phnum &&
            findObject(Info->dlpi_addr + Info->dlpi_phdr[0].p_vaddr, Other) &&
            Other.HasBuildId)
          formatBuildId(Other.BuildId, Id);
        snprintf(Q.Out, Q.Size, "; the process has a %s with build id %s",
                 Q.Name, Id);
        return 1;
      },
      &Q);
}

/// Where the images of OLD lie. The patch will use their storage for ever, so
/// they stay loaded from now on, whatever dlclose is told.
Status findImages(PreparedPatch &Patch, ErrorText &Error) {
  const PatchHeader &Header = Patch.File.Header;
  if (currentVersion().Tables)
    return Status::Ok;
  uint32_t Count = Header.Head->image_count;
  auto *Images = Patch.Memory.allocateArray<LoadedObject>(Count);
  if (!Images)
    return Error.fail(Status::OutOfMemory);
  // Looked up anew: thread-local storage is that of the calling thread.
  if (!findObject(theProgram().Code[0].Begin, Images[0]))
    return Error.fail(Status::CannotLoad, "the program is in no list of "
                                          "loaded objects");
  for (uint32_t I = 1; I < Count; ++I) {
    const upstare_old_image &Wanted = Header.Images[I];
    char Path[256];
    if (!findImage(Wanted.build_id, Images[I], Path)) {
      char Id[41], Other[128];
      formatBuildId(Wanted.build_id, Id);
      describeOther(Header.text(Wanted.name), Other);
      return Error.fail(
          Status::MissingLibrary,
          "%s, build id %s%s; make the patch with the libraries that the "
          "process has (upstare-patchgen --old-library FILE)",
          Header.text(Wanted.name), Id, Other);
    }
    LinkerLock Lock;
    if (void *Handle = dlopen(Path, RTLD_LAZY | RTLD_NOLOAD | RTLD_NODELETE))
      dlclose(Handle);
    else
      return Error.fail(Status::CannotLoad,
                        "the library %s cannot be kept loaded: %s",
                        Header.text(Wanted.name), dlerror());
  }
  Patch.OldImages = Images;
  return keepProgramEnds(Header, Images, Error);
}

/// Where frames without a record may be (native code) or all code of the patch
/// that runs.
Status findInstrumented(PreparedPatch &Patch, ErrorText &Error) {
  const PatchHeader &Header = Patch.File.Header;
  const Version &Running = currentVersion();
  if (Running.Tables) {
    Patch.Instrumented = {Running.Image.Code, Running.Image.CodeCount};
    return Status::Ok;
  }
  uint32_t Count = Header.Head->range_count;
  auto *Ranges = Patch.Memory.allocateArray<AddressRange>(Count);
  if (!Ranges)
    return Error.fail(Status::OutOfMemory);
  for (uint32_t I = 0; I != Count; ++I) {
    const upstare_range &R = Header.Ranges[I];
    uintptr_t Begin = Patch.OldImages[R.image].Base + R.native_address;
    Ranges[I] = {Begin, Begin + R.size};
  }
  sortRanges(Ranges, Count);
  Patch.Instrumented = {Ranges, Count};
  return Status::Ok;
}

/// Maps what the pause needs, and touches as much of it as small updates use.
Status mapMemoryOfPause(PreparedPatch &Patch, ErrorText &Error) {
  constexpr size_t GuardBytes = PageBytes, Warm = 64 * 1024;
  Patch.StackBytes = 1024 * 1024 + GuardBytes;
  Patch.Stack = mapMemory(Patch.StackBytes);
  if (!Patch.Stack || mprotect(Patch.Stack, GuardBytes, PROT_NONE) ||
      !Patch.WarmRecords.prefault(UPSTARE_MAX_PAD_BYTES, Warm) ||
      !Patch.WarmMemory.prefault(Warm, Warm))
    return Error.fail(Status::OutOfMemory);
  memset(static_cast<char *>(Patch.stackTop()) - Warm / 4, 0, Warm / 4);
  return Status::Ok;
}

} // namespace

/// No patch knows of code that goes on since an earlier one removed it.
static Status checkOldCode(const upstare_patch &Tables, ErrorText &Error) {
  const char *Goes = currentVersion().OldCode;
  if (!Goes || !(Tables.flags & UPSTARE_PATCH_BREAKS_OLD_CODE))
    return Status::Ok;
  return Error.fail(Status::OldCode, "%s", Goes);
}

Status upstare::loadPatch(PreparedPatch &Patch, ErrorText &Error) {
  Status S = findImages(Patch, Error);
  if (S == Status::Ok)
    S = findInstrumented(Patch, Error);
  if (S == Status::Ok)
    S = nameBinder(Patch, Error);
  if (S == Status::Ok)
    S = loadBinder(Patch, Error);
  if (S != Status::Ok)
    return S;
  Patch.Handle = openObject(Patch.File.Fd, Error);
  if (!Patch.Handle)
    return Status::CannotLoad;
  Patch.Tables = static_cast<const upstare_patch *>(
      dlsym(Patch.Handle, UPSTARE_PATCH_SYMBOL_NAME));
  if (!Patch.Tables ||
      !findObject(reinterpret_cast<uintptr_t>(Patch.Tables), Patch.Image))
    return Error.fail(Status::Malformed, "it does not define %s",
                      UPSTARE_PATCH_SYMBOL_NAME);
  S = checkTables(*Patch.Tables, Patch.Image, Error);
  if (S == Status::Ok)
    S = inheritHeld(Patch, Error);
  if (S == Status::Ok)
    S = checkOldCode(*Patch.Tables, Error);
  if (S == Status::Ok)
    S = planCommit(Patch, Error);
  if (S == Status::Ok)
    S = checkOutsiders(Patch, Error);
  if (S == Status::Ok)
    S = mapMemoryOfPause(Patch, Error);
  if (S == Status::Ok)
    detachFromFile(Patch);
  return S;
}

void upstare::releasePatch(PreparedPatch *Patch, bool Keep) {
  if (!Keep) {
    LinkerLock Lock;
    if (Patch->Handle)
      dlclose(Patch->Handle);
    if (Patch->Binder)
      dlclose(Patch->Binder);
  } else {
    releaseRetiredCode();
  }
  free(Patch->ImageBases);
  closePatchFile(Patch->File);
  if (Patch->Stack)
    unmapMemory(Patch->Stack, Patch->StackBytes);
  Patch->WarmRecords.release();
  Patch->WarmMemory.release();
  Patch->ScanMemory.release();
  Arena Memory = Patch->Memory; // which holds *Patch
  Memory.release();
}
