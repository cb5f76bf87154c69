# SPDX-License-Identifier: MIT
# Flags of our own programs. Nothing here is installed or exported.

if(PROJECT_IS_TOP_LEVEL)
  if(NOT CMAKE_BUILD_TYPE AND NOT CMAKE_CONFIGURATION_TYPES)
    set(CMAKE_BUILD_TYPE Release)
  endif()
  set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
  if(NOT DEFINED CMAKE_CXX_STANDARD)
    set(CMAKE_CXX_STANDARD 17)
  endif()
  set(CMAKE_CXX_EXTENSIONS OFF)
  find_program(FSIS_CCACHE ccache)
  mark_as_advanced(FSIS_CCACHE)
  if(FSIS_CCACHE AND NOT CMAKE_CXX_COMPILER_LAUNCHER)
    set(CMAKE_CXX_COMPILER_LAUNCHER "${FSIS_CCACHE}")
  endif()
endif()

set(fsis_warnings -Wall -Wextra -Wpedantic -Wshadow -Wconversion)
if(FSIS_WARNINGS_AS_ERRORS)
  list(APPEND fsis_warnings -Werror)
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # g++ 12's optimiser sees overruns in std::vector::insert that are not there; the sanitizers look for real ones
    list(APPEND fsis_warnings -Wno-error=array-bounds -Wno-error=stringop-overflow)
  endif()
endif()

if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND (FSIS_SANITIZE OR FSIS_NATIVE))
  # g++ 12 warns of what its sanitizers add to <regex>, and of its own AVX-512 intrinsics
  list(APPEND fsis_warnings -Wno-maybe-uninitialized)
endif()

add_library(fsis_development INTERFACE)
# as most consumers compile, and what our figures are made with; CMake's own choice for Release is -O3
target_compile_options(fsis_development INTERFACE ${fsis_warnings} $<$<CONFIG:Release>:-O2>)
# files that are compiled together see each other's names
target_compile_options(fsis_development INTERFACE $<$<BOOL:$<TARGET_PROPERTY:UNITY_BUILD>>:-Wno-shadow>)
if(FSIS_SANITIZE)
  set(sanitize -fsanitize=${FSIS_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(fsis_development INTERFACE ${sanitize})
  target_compile_definitions(fsis_development INTERFACE _GLIBCXX_ASSERTIONS)
  target_link_options(fsis_development INTERFACE ${sanitize})
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    # what the sanitizers add makes this pass take a quarter of the time to compile
    target_compile_options(fsis_development INTERFACE -fno-tree-pta)
  endif()
endif()

# What people run and time: tools, examples, benchmarks. The instruction set of this machine only when asked for.
add_library(fsis_program INTERFACE)
target_link_libraries(fsis_program INTERFACE fsis_development fsis::image_files)
if(FSIS_NATIVE)
  target_compile_options(fsis_program INTERFACE -march=native)
  include(CheckCXXSourceCompiles)
  set(CMAKE_REQUIRED_FLAGS -march=native)
  check_cxx_source_compiles("
    #if !defined(__AVX512F__)
    #error no AVX-512
    #endif
    int main() {}" FSIS_NATIVE_HAS_AVX512)
  unset(CMAKE_REQUIRED_FLAGS)
  # g++ 12 tunes some AVX-512 processors for 256 bits; Eigen's matrix product gains a fifth with this tuning
  if(FSIS_NATIVE_HAS_AVX512 AND CMAKE_CXX_COMPILER_ID STREQUAL "GNU")
    target_compile_options(fsis_program INTERFACE -mtune=icelake-server)
  endif()
endif()

# Our own CUDA programs, where there is a compiler for them beside the toolkit; sanitizers look at the emulation
# instead.
if(TARGET fsis_cuda AND NOT FSIS_SANITIZE)
  if(NOT CMAKE_CUDA_COMPILER)
    set(CMAKE_CUDA_COMPILER "${CUDAToolkit_NVCC_EXECUTABLE}")
  endif()
  if(NOT CMAKE_CUDA_HOST_COMPILER)
    set(CMAKE_CUDA_HOST_COMPILER "${CMAKE_CXX_COMPILER}")
  endif()
  if(NOT DEFINED CMAKE_CUDA_ARCHITECTURES)
    set(CMAKE_CUDA_ARCHITECTURES 80-real 90)
  endif()
  if(FSIS_CCACHE AND NOT CMAKE_CUDA_COMPILER_LAUNCHER)
    set(CMAKE_CUDA_COMPILER_LAUNCHER "${FSIS_CCACHE}")
  endif()
  set(CMAKE_CUDA_STANDARD 17)
  enable_language(CUDA)
  add_library(fsis_cuda_program INTERFACE)
  target_link_libraries(fsis_cuda_program INTERFACE fsis_cuda)
  target_compile_options(fsis_cuda_program INTERFACE
    "$<$<COMPILE_LANGUAGE:CUDA>:--Werror=all-warnings;-Xcompiler=-Wall,-Wextra>"
    "$<$<COMPILE_LANGUAGE:CXX>:${fsis_warnings}>")
endif()

# MATLAB files of one data set, where libmatio is installed; two headers and their tests wait for it.
find_path(FSIS_MATIO_INCLUDE matio.h)
find_library(FSIS_MATIO_LIBRARY matio)
mark_as_advanced(FSIS_MATIO_INCLUDE FSIS_MATIO_LIBRARY)
if(FSIS_MATIO_INCLUDE AND FSIS_MATIO_LIBRARY)
  add_library(fsis_matio INTERFACE)
  target_include_directories(fsis_matio SYSTEM INTERFACE "${FSIS_MATIO_INCLUDE}")
  target_link_libraries(fsis_matio INTERFACE "${FSIS_MATIO_LIBRARY}")
endif()
