// A call that carries its frame becomes an invoke; its pad tests for the
// update's exception, stores the record at the cursor and goes on unwinding. A
// variable that only the pad needs is loaded there.
// RUN: %emit %s | %opt -passes='upstare-bundles,upstare-pads,verify' -S | FileCheck %s

int f(int);

// CHECK-LABEL: define {{.*}} @call({{.*}} personality ptr @__gcc_personality_v0
// CHECK-NOT: load
// CHECK: invoke i32 @f({{.*}})
// CHECK-NEXT: to label %[[NORMAL:.*]] unwind label %[[PAD:us.pad]], !dbg
// CHECK: [[NORMAL]]:
// CHECK: ret i32
// CHECK: [[PAD]]:
// CHECK-NEXT: [[LP:%.*]] = landingpad { ptr, i32 }
// CHECK-NEXT: cleanup
// CHECK: [[EXCEPTION:%.*]] = extractvalue { ptr, i32 } [[LP]], 0
// CHECK: [[TLS:%.*]] = call ptr @llvm.threadlocal.address.p0(ptr @upstare_exception)
// CHECK: [[OURS:%.*]] = load ptr, ptr [[TLS]]
// CHECK: [[TEST:%.*]] = icmp eq ptr [[EXCEPTION]], [[OURS]]
// CHECK: br i1 [[TEST]], label %[[RECORD:us.record]], label %[[OTHER:[^,]*]]
// CHECK: [[OTHER]]:
// CHECK-NEXT: resume { ptr, i32 } [[LP]]
// CHECK: [[RECORD]]:
// CHECK: [[TLS2:%.*]] = call ptr @llvm.threadlocal.address.p0(ptr @upstare_cursor)
// CHECK: [[CURSOR:%.*]] = load ptr, ptr [[TLS2]]
// CHECK: store i64 {{-?[0-9]+}}, ptr
// CHECK: store i32 0, ptr
// CHECK: store i32 48, ptr
// CHECK: [[AT:%.*]] = getelementptr inbounds i8, ptr [[CURSOR]], i64 32
// CHECK: [[N:%.*]] = load i32, ptr %n.addr, align 4
// CHECK-NEXT: store i32 [[N]], ptr [[AT]], align 16
// CHECK: call void @upstare_unwind_resume(ptr [[EXCEPTION]], i64 48)
// CHECK-NEXT: unreachable
int call(int n) { return f(1) + n; }
