//===- init.cpp - how the runtime comes to life -----------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// Answers: what happens before main, after it, and in the child of a fork?
//
//===----------------------------------------------------------------------===//

#include "address_space.h"
#include "contexts.h"
#include "coordinator.h"
#include "environment.h"
#include "export.h"
#include "request.h"
#include "signals.h"
#include "thread.h"
#include "update_point.h"
#include "versions.h"
#include <dlfcn.h>
#include <link.h>
#include <pthread.h>
#include <sys/syscall.h>
#include <unistd.h>

using namespace upstare;

/// Its name holds the version of the contract: objects that were instrumented
/// for another one do not link.
extern "C" {
__attribute__((visibility("default"))) extern const int UPSTARE_ABI_SYMBOL;
const int UPSTARE_ABI_SYMBOL = UPSTARE_ABI_VERSION;
}

static void noteProcess() {
  mainThread().Pid = getpid();
  mainThread().Tid = static_cast<pid_t>(syscall(SYS_gettid));
}

/// The temporary thread that asked for an update, if one did, does not exist in
/// the child; updates of child processes are asked for anew.
static void enterChild() {
  if (!self())
    return; // forked by a thread without root: main does not run here
  noteProcess();
  dropRequest();
  lowerRequestIfIdle();
}

/// dlmopen gives a library that was built with upstare-cc a runtime of its own,
/// beside the program's. That one must not take over the signal.
static bool isTheProgramsRuntime() {
  Dl_info Info;
  void *Map = nullptr;
  Lmid_t Namespace = LM_ID_BASE;
  return !dladdr1(reinterpret_cast<void *>(&isTheProgramsRuntime), &Info, &Map,
                  RTLD_DL_LINKMAP) ||
         dlinfo(Map, RTLD_DI_LMID, &Namespace) || Namespace == LM_ID_BASE;
}

__attribute__((constructor)) static void startRuntime() {
  if (!isTheProgramsRuntime())
    return;
  findOwnObjects();
  startWithProgram();
  readEnvironment();
  installUpdateSignal();
  pthread_atfork(nullptr, nullptr, enterChild);
}

__attribute__((destructor)) static void stopRuntime() { finishEnvironment(); }

UPSTARE_EXPORT int upstare_main(int (*Main)(int, char **, char **), int Argc,
                                char **Argv, char **Envp) {
  Thread &T = mainThread();
  if (T.StackAddress) // main calls itself, or another thread calls it
    return Main(Argc, Argv, Envp);
  T.StackAddress = reinterpret_cast<uintptr_t>(__builtin_frame_address(0));
  setMainStack(T.StackAddress);
  noteProcess();
  setSelf(&T);
  prepareForEnvironment();
  int Result = upstareRoot(&T, Main, Argc, Argv, Envp);
  setMainStack(0);
  T.RootSp = T.CallSp = 0;
  T.Kept = KeptStack();
  T.StackAddress = 0;
  setSelf(nullptr);
  return Result;
}
