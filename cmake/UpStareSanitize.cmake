# UPSTARE_SANITIZE: tools, passes and unit tests with AddressSanitizer and
# UBSan. scripts/test-sanitized builds and runs them; docs/testing.md says what
# is not covered, and why.
option(UPSTARE_SANITIZE "AddressSanitizer and UndefinedBehaviorSanitizer" OFF)
set(UPSTARE_SANITIZER_LIBRARY "")

if(UPSTARE_SANITIZE)
  # LLVM has no RTTI, which vptr needs. The plugin is loaded into a clang that
  # has no sanitizer, so the library is a shared one and comes first there.
  set(_checks -fsanitize=address,undefined -fno-sanitize=vptr
              -fno-sanitize-recover=all)
  add_compile_options(${_checks} -fno-omit-frame-pointer -g1)
  add_link_options(${_checks} -shared-libsan)
  # Where no library of a sanitizer can be.
  set(UPSTARE_TRAPPING_CHECKS -fno-sanitize=address
      -fsanitize-trap=undefined)
  execute_process(
    COMMAND "${UPSTARE_CLANG}" --print-file-name=libclang_rt.asan-x86_64.so
    OUTPUT_VARIABLE UPSTARE_SANITIZER_LIBRARY OUTPUT_STRIP_TRAILING_WHITESPACE
    COMMAND_ERROR_IS_FATAL ANY)
  get_filename_component(_folder "${UPSTARE_SANITIZER_LIBRARY}" DIRECTORY)
  add_link_options("-Wl,-rpath,${_folder}")
endif()
