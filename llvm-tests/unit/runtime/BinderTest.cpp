//===- BinderTest.cpp - symbols for a patch ---------------------*- C++ -*-===//
//
// Part of UpStare, under the Apache License v2.0 with LLVM Exceptions.
// SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
//===----------------------------------------------------------------------===//
//
// The dynamic linker takes the binder for a library and finds every symbol in
// it at its absolute address.
//
//===----------------------------------------------------------------------===//

#include "binder.h"
#include "address_space.h"
#include "upstare/abi.h"
#include "gtest/gtest.h"
#include <dlfcn.h>
#include <string>
#include <unistd.h>
#include <vector>

using namespace upstare;

namespace {

class Binder : public ::testing::Test {
protected:
  void load(const char *Name, const std::vector<BoundSymbol> &Symbols) {
    int Fd = -1;
    ASSERT_EQ(writeBinder(Name, Symbols.data(), Symbols.size(), Fd, Error),
              Status::Ok)
        << Error.Text;
    Handle = dlopen(("/proc/self/fd/" + std::to_string(Fd)).c_str(),
                    RTLD_NOW | RTLD_LOCAL);
    close(Fd);
    ASSERT_NE(Handle, nullptr) << dlerror();
  }
  ~Binder() override {
    if (Handle)
      dlclose(Handle);
  }
  void *Handle = nullptr;
  ErrorText Error;
};

} // namespace

TEST_F(Binder, SymbolsHaveTheirAddresses) {
  static int Variable;
  auto Here = reinterpret_cast<uintptr_t>(&Variable);
  load("upstare-test-00000001",
       {{"us.g.1", Here}, {"us.fn.2", 0x123456789abc}, {"us.n.x", 1}});
  EXPECT_EQ(dlsym(Handle, "us.g.1"), &Variable);
  EXPECT_EQ(dlsym(Handle, "us.fn.2"), reinterpret_cast<void *>(0x123456789abc));
  EXPECT_EQ(dlsym(Handle, "us.n.x"), reinterpret_cast<void *>(1));
  EXPECT_EQ(dlsym(Handle, "us.n.y"), nullptr);
}

TEST_F(Binder, ManySymbols) {
  constexpr size_t Count = 5000;
  std::vector<std::string> Names;
  std::vector<BoundSymbol> Symbols;
  for (size_t I = 0; I != Count; ++I)
    Names.push_back("us.g." + std::to_string(I * 7919));
  for (size_t I = 0; I != Count; ++I)
    Symbols.push_back({Names[I].c_str(), 0x10000 + 16 * I});
  load("upstare-test-00000002", Symbols);
  for (size_t I = 0; I != Count; ++I)
    ASSERT_EQ(dlsym(Handle, Names[I].c_str()),
              reinterpret_cast<void *>(0x10000 + 16 * I))
        << Names[I];
}

TEST_F(Binder, StubsForFunctionsWithoutCode) {
  load("upstare-test-00000004",
       {{"us.fn.1", 0}, {"us.g.2", 0x10000}, {"us.fn.3", 0}});
  auto *First = static_cast<unsigned char *>(dlsym(Handle, "us.fn.1"));
  auto *Second = static_cast<unsigned char *>(dlsym(Handle, "us.fn.3"));
  ASSERT_NE(First, nullptr);
  ASSERT_NE(Second, nullptr);
  EXPECT_EQ(dlsym(Handle, "us.g.2"), reinterpret_cast<void *>(0x10000));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(First) % UPSTARE_ENTRY_ALIGN, 0u);
  EXPECT_EQ(Second - First, UPSTARE_ENTRY_ALIGN);
  EXPECT_EQ(*First, 0xcc);
  LoadedObject Object;
  ASSERT_TRUE(findObject(reinterpret_cast<uintptr_t>(Second), Object));
  EXPECT_TRUE(Object.hasCode(reinterpret_cast<uintptr_t>(First)));
  EXPECT_TRUE(Object.hasCode(reinterpret_cast<uintptr_t>(Second)));
}

TEST_F(Binder, NoSymbols) {
  load("upstare-test-00000003", {});
  EXPECT_EQ(dlsym(Handle, "us.g.1"), nullptr);
}
