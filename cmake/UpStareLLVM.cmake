# LLVM 19 and its tools. The version file of LLVM's package matches
# major.minor, so "19" alone would never match.
find_package(LLVM 19.1 REQUIRED CONFIG
             HINTS /usr/lib/llvm-19/lib/cmake/llvm)
message(STATUS "LLVM ${LLVM_PACKAGE_VERSION} in ${LLVM_DIR}")

find_program(UPSTARE_CLANG clang-19 HINTS ${LLVM_TOOLS_BINARY_DIR} REQUIRED)
find_program(UPSTARE_CLANGXX clang++-19 HINTS ${LLVM_TOOLS_BINARY_DIR} REQUIRED)
find_program(UPSTARE_LLD ld.lld-19 HINTS ${LLVM_TOOLS_BINARY_DIR} REQUIRED)

# LLVM's headers, without linking anything of it.
add_library(UpStareLLVMHeaders INTERFACE)
target_include_directories(UpStareLLVMHeaders SYSTEM INTERFACE
                           ${LLVM_INCLUDE_DIRS})
separate_arguments(_definitions NATIVE_COMMAND "${LLVM_DEFINITIONS}")
target_compile_definitions(UpStareLLVMHeaders INTERFACE ${_definitions})
target_compile_options(UpStareLLVMHeaders INTERFACE
                       $<$<COMPILE_LANGUAGE:CXX>:-fno-rtti -fno-exceptions>)
