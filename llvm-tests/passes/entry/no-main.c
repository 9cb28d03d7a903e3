// Without a definition of main none is made.
// RUN: %emit %s | %opt -passes='upstare-entry,verify' -S | FileCheck %s

// CHECK-NOT: upstare_main
int main(int, char **);
int (*pointer)(int, char **) = main;
