# SPDX-License-Identifier: MIT
# Programs that use fsis on CUDA, found as an installed package and compiled for two generations of devices; then the
# same files as C++20, for which CMake 3.25 knows no flag of nvcc. Without a device they say so and end well.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

find_program(NVCC nvcc PATHS /usr/local/cuda/bin)
if(NOT NVCC)
  message("skipped: no nvcc")
  return()
endif()
install_moved("${WORK}/prefix")
run(${CMAKE_COMMAND} -S "${CMAKE_CURRENT_LIST_DIR}/project_cuda" -B "${WORK}/build" -G "${GENERATOR}"
    "-DCMAKE_CXX_COMPILER=${COMPILER}" "-DCMAKE_CUDA_COMPILER=${NVCC}" "-DCMAKE_CUDA_HOST_COMPILER=${COMPILER}"
    "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}" "-DCMAKE_CUDA_COMPILER_LAUNCHER=${LAUNCHER}"
    "-DCMAKE_CUDA_ARCHITECTURES=80-real;90" "-DCMAKE_PREFIX_PATH=${WORK}/prefix")
run(${CMAKE_COMMAND} --build "${WORK}/build")
run("${WORK}/build/embedding")
run("${WORK}/build/plain_cpp" "${FSIS_SOURCE}/models/compact.safetensors")

list(REMOVE_ITEM INCLUDE_DIRS /usr/include)
list(TRANSFORM INCLUDE_DIRS PREPEND "--system-include=")
run("${NVCC}" -std=c++20 -O1 -arch=sm_90 --compiler-bindir "${COMPILER}" -Werror all-warnings
    "-I${WORK}/prefix/include" ${INCLUDE_DIRS} -c "${CMAKE_CURRENT_LIST_DIR}/project_cuda/embedding.cu" -o embedding.o)
