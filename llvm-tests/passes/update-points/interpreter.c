// The way back to the block that all computed gotos share polls, and the label is
// read behind the poll: what lives across it is a position in the table.
// RUN: %emit %s | %opt -passes='upstare-label-tables,upstare-update-points,verify' -S | FileCheck %s

// CHECK: load volatile i32, ptr @__upstare_requested
// CHECK: call preserve_allcc void @upstare_update_point()
// CHECK: [[POSITION:%.*]] = phi ptr [ %arrayidx
// CHECK: [[LABEL:%.*]] = load ptr, ptr [[POSITION]]
// CHECK-NEXT: indirectbr ptr [[LABEL]]
int run(const unsigned char *code, int n) {
  static void *labels[] = {&&add, &&back, &&halt};
  goto *labels[*code++];
add:
  n++;
  goto *labels[*code++];
back:
  code -= *code;
  goto *labels[*code++];
halt:
  return n;
}
