//===- blocking_calls_plain.cpp - calls that are simply issued again
//-------===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// accept, connect, wait and its family, file locks: an interruption by the
// update signal leaves nothing behind (or, for connect, a connection that the
// kernel goes on with and that the same call waits for).
//
//===----------------------------------------------------------------------===//

#include "blocking_calls.h"
#include <fcntl.h>
#include <stdarg.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace upstare;

UPSTARE_EXPORT int upstare_accept(int Descriptor, sockaddr *Address,
                                  socklen_t *Size) {
  return int(callKernel(CallKind::Plain, 0, SYS_accept, Descriptor,
                        toKernel(Address), toKernel(Size)));
}

UPSTARE_EXPORT int upstare_accept4(int Descriptor, sockaddr *Address,
                                   socklen_t *Size, int Flags) {
  return int(callKernel(CallKind::Plain, 0, SYS_accept4, Descriptor,
                        toKernel(Address), toKernel(Size), Flags));
}

/// Issued again, a blocking connect waits for the connection that is being
/// made: this is how the kernel itself restarts it. Only a send timeout that
/// ends the second wait has another name than in the first.
static long finishConnect(BlockedCall &Call, long Result) {
  return (Call.Flags & CallIsLater) && Result == -EALREADY ? -EINPROGRESS
                                                           : Result;
}

const CallRules upstare::ConnectRules = {nullptr, nullptr, finishConnect};

UPSTARE_EXPORT int upstare_connect(int Descriptor, const sockaddr *Address,
                                   socklen_t Size) {
  return int(callKernel(CallKind::Connect, 0, SYS_connect, Descriptor,
                        toKernel(Address), Size));
}

UPSTARE_EXPORT pid_t upstare_wait4(pid_t Process, int *Status, int Options,
                                   struct rusage *Usage) {
  return pid_t(callKernel(CallKind::Plain, 0, SYS_wait4, Process,
                          toKernel(Status), Options, toKernel(Usage)));
}

UPSTARE_EXPORT pid_t upstare_wait3(int *Status, int Options,
                                   struct rusage *Usage) {
  return upstare_wait4(-1, Status, Options, Usage);
}

UPSTARE_EXPORT pid_t upstare_waitpid(pid_t Process, int *Status, int Options) {
  return upstare_wait4(Process, Status, Options, nullptr);
}

UPSTARE_EXPORT pid_t upstare_wait(int *Status) {
  return upstare_wait4(-1, Status, 0, nullptr);
}

UPSTARE_EXPORT int upstare_waitid(idtype_t Type, id_t Id, siginfo_t *Info,
                                  int Options) {
  return int(callKernel(CallKind::Plain, 0, SYS_waitid, Type, long(Id),
                        toKernel(Info), Options, 0));
}

UPSTARE_EXPORT int upstare_flock(int Descriptor, int Operation) {
  return int(callKernel(CallKind::Plain, 0, SYS_flock, Descriptor, Operation));
}

/// Commands that wait for a lock; all others are libc's business.
UPSTARE_EXPORT int upstare_fcntl(int Descriptor, int Command, ...) {
  va_list List;
  va_start(List, Command);
  void *Argument = va_arg(List, void *);
  va_end(List);
  if (Command != F_SETLKW && Command != F_OFD_SETLKW)
    return fcntl(Descriptor, Command, Argument);
  return int(callKernel(CallKind::Plain, 0, SYS_fcntl, Descriptor, Command,
                        toKernel(Argument)));
}
