// A program forks while a patch is being loaded into it: the children have the
// dynamic linker's lock free, and can load libraries themselves.
//
// RUN: mkdir -p %t && cd %t
// RUN: %upstare_cc -O1 %s -o program
// RUN: %patchgen program program -o patch
// RUN: ./program %ctl patch | FileCheck %s
// CHECK: all children loaded a library

#define _GNU_SOURCE 1
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

// Lets the parent load the patch again and again.
static void checkAgainAndAgain(char **Words, volatile int *Checks) {
  char Parent[20];
  sprintf(Parent, "%d", (int)getppid());
  int Null = open("/dev/null", O_WRONLY);
  dup2(Null, 1);
  while (*Checks < 40) {
    pid_t Pid = fork();
    if (Pid == 0) {
      execl(Words[1], "upstare-ctl", "check", Parent, Words[2], (char *)0);
      _exit(127);
    }
    int Status;
    if (waitpid(Pid, &Status, 0) != Pid || Status != 0) {
      *Checks = 1000;
      _exit(1);
    }
    ++*Checks;
  }
}

static int loadsLibrary(void) {
  pid_t Pid = fork();
  if (Pid == 0) {
    alarm(20); // a child that waits for a lock for ever is killed
    void *Library = dlopen("libm.so.6", RTLD_NOW);
    _exit(!Library || dlclose(Library) != 0);
  }
  int Status = -1;
  return waitpid(Pid, &Status, 0) == Pid && Status == 0;
}

int main(int Argc, char **Argv) {
  volatile int *Checks = mmap(0, sizeof(int), PROT_READ | PROT_WRITE,
                              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  pid_t Checker = fork();
  if (Checker == 0) {
    checkAgainAndAgain(Argv, Checks);
    _exit(0);
  }
  int Forks = 0, Failures = 0;
  while (*Checks < 40 && !Failures) {
    Failures += !loadsLibrary();
    ++Forks;
  }
  int Status;
  waitpid(Checker, &Status, 0);
  fprintf(stderr, "%d children\n", Forks);
  if (!Failures && Status == 0)
    printf("all children loaded a library\n");
  return 0;
}
