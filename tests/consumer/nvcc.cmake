# SPDX-License-Identifier: MIT
# The front-door program in a file of a CUDA project: nvcc's host pass compiles the same headers, without a warning, and
# the processor's kernels are as quick there. Looks for nvcc on the path and where NVIDIA's packages put it.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

find_program(NVCC nvcc PATHS /usr/local/cuda/bin)
if(NOT NVCC)
  message("skipped: no nvcc")
  return()
endif()
list(REMOVE_ITEM INCLUDE_DIRS /usr/include)  # asked for as a system folder, it comes before the compiler's own
list(TRANSFORM INCLUDE_DIRS PREPEND "--system-include=")
run("${NVCC}" -std=c++17 -O1 --compiler-bindir "${COMPILER}" -Werror all-warnings "-I${FSIS_SOURCE}/include"
    ${INCLUDE_DIRS} -x cu "${CMAKE_CURRENT_LIST_DIR}/project/front_door.cpp" -o front_door)
run("${WORK}/front_door" "${FSIS_SOURCE}/models/compact.safetensors")
