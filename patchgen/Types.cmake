# The types side of patchgen as a library of its own, so that its unit tests
# link nothing else.
add_library(UpStarePatchTypes STATIC
  ${CMAKE_CURRENT_LIST_DIR}/ArmedBuffers.cpp
  ${CMAKE_CURRENT_LIST_DIR}/CodeTypes.cpp
  ${CMAKE_CURRENT_LIST_DIR}/CTypes.cpp
  ${CMAKE_CURRENT_LIST_DIR}/EmitConvert.cpp
  ${CMAKE_CURRENT_LIST_DIR}/EmitFrames.cpp
  ${CMAKE_CURRENT_LIST_DIR}/EmitMaps.cpp
  ${CMAKE_CURRENT_LIST_DIR}/EmitOffsets.cpp
  ${CMAKE_CURRENT_LIST_DIR}/EmitTables.cpp
  ${CMAKE_CURRENT_LIST_DIR}/EmitTypes.cpp
  ${CMAKE_CURRENT_LIST_DIR}/EmitWords.cpp
  ${CMAKE_CURRENT_LIST_DIR}/FrameMatch.cpp
  ${CMAKE_CURRENT_LIST_DIR}/Transformers.cpp
  ${CMAKE_CURRENT_LIST_DIR}/TypeMap.cpp)
target_include_directories(UpStarePatchTypes PUBLIC
  ${CMAKE_CURRENT_LIST_DIR} ${CMAKE_SOURCE_DIR}/passes
  ${CMAKE_SOURCE_DIR}/runtime/include)
target_link_libraries(UpStarePatchTypes PUBLIC UpStareLLVMHeaders)
# Parsing LLVM's headers is most of the compile time.
target_precompile_headers(UpStarePatchTypes PRIVATE
  <llvm/ADT/StringMap.h> <llvm/IR/DebugInfoMetadata.h> <llvm/IR/IRBuilder.h>
  <llvm/IR/InstIterator.h> <llvm/IR/IntrinsicInst.h> <llvm/IR/Module.h>
  <llvm/IR/PassManager.h> <llvm/Support/raw_ostream.h>)
