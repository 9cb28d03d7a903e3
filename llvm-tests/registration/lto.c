// Plugins do not run when the linker optimises, so objects for it are
// instrumented when they are compiled: pads and blobs go through both kinds of
// link-time optimisation, across inlining.
// RUN: rm -rf %t && split-file %s %t
// RUN: for mode in full thin; do \
// RUN:   for file in main part; do \
// RUN:     %instrument -O2 -flto=$mode -c %t/$file.c -o %t/$file.$mode.o || exit 1; \
// RUN:     llvm-dis %t/$file.$mode.o -o - | FileCheck --check-prefix=OBJECT %s || exit 1; \
// RUN:   done; \
// RUN:   %clang -O2 -flto=$mode -fuse-ld=lld -Wl,--unresolved-symbols=ignore-all \
// RUN:     %t/main.$mode.o %t/part.$mode.o -o %t/$mode.exe || exit 1; \
// RUN:   llvm-objdump -d %t/$mode.exe | FileCheck --check-prefix=CODE %s || exit 1; \
// RUN:   llvm-readelf -p .llvmcmd %t/$mode.exe | FileCheck --check-prefix=BLOBS %s || exit 1; \
// RUN:   llvm-nm %t/$mode.exe | grep -c __upstare_init_image | grep -qx 1 || exit 1; \
// RUN: done

// OBJECT-DAG: section ".llvmcmd"
// OBJECT-DAG: landingpad
// OBJECT-DAG: !"upstare.instrumented"
// CODE: <upstare.main>:
// CODE: call{{.*}}upstare_unwind_resume
// BLOBS: UPSTARE
// BLOBS: UPSTARE
// BLOBS: UPSTARE
// BLOBS: UPSTARE

//--- main.c
int part(int), outside(int);
int main(int argc, char **argv) { return part(argc) + outside(argc); }
//--- part.c
int outside(int);
int part(int n) { return outside(n) + n; }
