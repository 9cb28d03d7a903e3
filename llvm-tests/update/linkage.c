// Visibility, common symbols, models of code and of thread-local variables, sections,
// and what the linker is told: addresses and values go on, and the code is the
// new one's. (Other linkers: linkers.c.)
// RUN: %update_at %t %s 1 '-O0 -fcommon' '-O2 -fvisibility=hidden -fcommon' '-O2 -fno-plt -fPIE -pie -Wl,-z,now -Wl,--as-needed -lm' '-O2 -mcmodel=medium -fcommon' '-O2 -mcmodel=large -fno-pic -no-pie' '-O2 -ffunction-sections -fdata-sections -Wl,--gc-sections' '-O2 -flto -fvisibility=protected'
// RUN: %update_at %t %s 1 '-O0 -ftls-model=global-dynamic -fPIC' '-O2 -ftls-model=local-dynamic -fPIC' '-O2 -ftls-model=initial-exec' '-O2 -ftls-model=local-exec' '-O2 -fPIC -mtls-dialect=gnu2'
// RUN: %update_at %t %s 1 '-O2 -pg' '-O2 -fxray-instrument' '-O2 -fstack-clash-protection' '-O2 -fcf-protection -mshstk' '-O2 -finstrument-functions' '-O2 -fprofile-generate' '-O1 -Wl,-Bsymbolic'
// RUN: for o in -static -static-pie; do not %upstare_cc $o -DV=1 -I%S/Inputs %t/both/*.c -o %t/static 2>&1 | FileCheck %s --check-prefix=STATIC || exit 1; done
// RUN: not %upstare_cc -femulated-tls -DV=1 -I%S/Inputs %t/both/*.c -o %t/emulated 2>&1 | FileCheck %s --check-prefix=EMULATED
// STATIC: upstare-cc: {{-static(-pie)?}}: a static program cannot load its next version
// EMULATED: upstare-cc: -femulated-tls: {{.*}}

// CHECK: hidden 12 protected 22 internal 32 shared 42 late 5 same 1 1 1
// CHECK-NEXT: own 101 model 202 far 303 zero 404 through 505 (v2)
// CHECK-NEXT: thread 1 2 3 0 5
// CHECK-NEXT: status 0

//--- shared.h
#define HIDDEN __attribute__((visibility("hidden")))
#define PROTECTED __attribute__((visibility("protected")))
#define INTERNAL __attribute__((visibility("internal")))
HIDDEN int hidden(void);
PROTECTED int protect(void);
INTERNAL int intern(void);
HIDDEN extern int hiddenCount;
PROTECTED extern int protectedCount;
extern __thread int far;
int *through(void);
//--- both/main.c
#include "../shared.h"
#include "point.h"
#include <pthread.h>
#include <stdio.h>
#if V == 2
int late = 77;
#else
int late;
#endif
static int (*kept)(void);
static int *keptCount;
static _Thread_local int own = 1;
__thread int model __attribute__((tls_model("local-dynamic"))) = 2;
static __thread int zero __attribute__((tls_model("initial-exec")));
static void *show(void *unused) {
  printf("thread %d %d %d %d %d\n", own, model, far, zero, *through());
  return unused;
}
int main(void) {
  kept = protect;
  keptCount = &hiddenCount;
  hiddenCount = 10;
  protectedCount = 20;
  late = 5;
  own = 100, model = 200, far = 300, zero = 400, *through() = 500;
  point();
#if V == 2
  own += 1, model += 2, far += 3, zero += 4, *through() += 5;
#endif
  printf("hidden %d protected %d internal %d shared %d late %d same %d %d %d\n",
         hidden(), protect(), intern(), 40 + kept() - 20, late, kept == protect,
         keptCount == &hiddenCount, *keptCount == 10);
  printf("own %d model %d far %d zero %d through %d (v%d)\n", own, model, far, zero,
         *through(), V);
  pthread_t thread;
  if (V == 2 && !pthread_create(&thread, 0, show, 0))
    pthread_join(thread, 0);
  return 0;
}
//--- both/other.c
#include "../shared.h"
HIDDEN int hiddenCount = 1;
PROTECTED int protectedCount = 2;
__thread int far = 3;
static __thread int counter __attribute__((tls_model("global-dynamic"))) = 5;
HIDDEN int hidden(void) { return hiddenCount + V; }
PROTECTED int protect(void) { return protectedCount + V; }
INTERNAL int intern(void) { return 30 + V; }
int *through(void) { return &counter; }
