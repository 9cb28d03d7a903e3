// A key is the FNV-1a of the linkage name; of a static one, of the file and name.
// RUN: rm -rf %t && mkdir %t && cp %s %t/keys.c && cd %t
// RUN: %emit keys.c | %opt -passes=upstare-embed -S > embedded.ll
// RUN: python3 %S/Inputs/key external_one "$(pwd -P)/keys.c:static_one" > expected
// RUN: FileCheck --input-file=embedded.ll --check-prefix=EMBEDDED expected
int external_one;
static int static_one;
int *use(void) { return &static_one; }
