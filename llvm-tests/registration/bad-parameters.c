// A wrong pass parameter is an error that names it.
// RUN: %clang -g -O1 -Xclang -disable-llvm-passes -emit-llvm -c %s -o %t.bc
// RUN: not %opt -passes='upstare-early<save-al>' -disable-output %t.bc 2>&1 | FileCheck --check-prefix=UNKNOWN %s
// RUN: not %opt -passes='upstare-early<save-all=maybe>' -disable-output %t.bc 2>&1 | FileCheck --check-prefix=SWITCH %s
// RUN: not %opt -passes='upstare-update-points<entry-polls=some>' -disable-output %t.bc 2>&1 | FileCheck --check-prefix=POLLS %s
// RUN: not %opt -passes='upstare-late<level=4>' -disable-output %t.bc 2>&1 | FileCheck --check-prefix=LEVEL %s

// UNKNOWN: error: upstare: unknown option 'save-al' (see docs/options.md
// SWITCH: error: upstare: option 'save-all' is on or off, not 'maybe'
// POLLS: error: upstare: option 'entry-polls' is none, cycles or all, not 'some'
// LEVEL: error: upstare: option 'level' is one of 0 1 2 3 s z, not '4'
int main(void) { return 0; }
