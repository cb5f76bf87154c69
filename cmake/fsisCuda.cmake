# SPDX-License-Identifier: MIT
# fsis::cuda, where the CUDA toolkit and cuDNN's headers are: what a program needs to use a cuda_context. The runtime is
# linked statically, cuDNN and cuBLAS are loaded when a program asks for them: it starts on any machine. No compiler for
# CUDA is asked for here; files that include <fsis/cuda.cuh> are their project's own to compile with one.

set(FSIS_CUDA "AUTO" CACHE STRING "fsis::cuda: ON, OFF, or AUTO (where the toolkit and cuDNN are found)")
set_property(CACHE FSIS_CUDA PROPERTY STRINGS AUTO ON OFF)
if(FSIS_CUDA STREQUAL "OFF")
  return()
endif()

set(required "")
set(quiet QUIET)
if(FSIS_CUDA STREQUAL "ON")
  set(required REQUIRED)
  set(quiet "")
endif()
find_package(CUDAToolkit 12 ${quiet} ${required})
if(CUDAToolkit_FOUND)
  find_package(CUDNN 9 ${quiet} ${required})
endif()
if(NOT CUDAToolkit_FOUND OR NOT CUDNN_FOUND)
  return()
endif()

add_library(fsis_cuda INTERFACE)
add_library(fsis::cuda ALIAS fsis_cuda)
set_target_properties(fsis_cuda PROPERTIES EXPORT_NAME cuda)
target_link_libraries(fsis_cuda INTERFACE fsis::fsis CUDA::cudart_static ${CMAKE_DL_LIBS})
target_include_directories(fsis_cuda SYSTEM INTERFACE "$<BUILD_INTERFACE:${CUDNN_INCLUDE_DIR}>")
message(STATUS "fsis::cuda: CUDA ${CUDAToolkit_VERSION}, cuDNN ${CUDNN_VERSION}")
