# SPDX-License-Identifier: MIT
# FindCUDNN: CUDNN_FOUND, CUDNN_INCLUDE_DIR and CUDNN_VERSION. Headers alone are wanted, the library is loaded when a
# program runs; CUDNN_LIBRARY_DIR is where one lies, if one does. Looks in CUDNN_ROOT (a CMake or an environment
# variable), beside the CUDA toolkit, where the system keeps headers, and in the package that pip installs.

set(hints ${CUDAToolkit_INCLUDE_DIRS} ${CUDAToolkit_LIBRARY_DIR})
find_path(CUDNN_INCLUDE_DIR cudnn_version.h HINTS ${hints} PATH_SUFFIXES include)
if(NOT CUDNN_INCLUDE_DIR)
  find_program(CUDNN_PYTHON NAMES python3 python)
  if(CUDNN_PYTHON)
    execute_process(COMMAND "${CUDNN_PYTHON}" -c
                            "import importlib.util as u; print(list(u.find_spec('nvidia.cudnn').submodule_search_locations)[0])"
                    OUTPUT_VARIABLE package OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    find_path(CUDNN_INCLUDE_DIR cudnn_version.h HINTS "${package}/include")
    list(APPEND hints "${package}/lib")
  endif()
endif()
find_path(CUDNN_LIBRARY_DIR NAMES libcudnn.so.9 libcudnn.so HINTS ${hints} "${CUDNN_INCLUDE_DIR}/../lib"
          PATH_SUFFIXES lib lib64)

set(CUDNN_VERSION "")
if(CUDNN_INCLUDE_DIR)
  file(STRINGS "${CUDNN_INCLUDE_DIR}/cudnn_version.h" lines REGEX "^#define CUDNN_(MAJOR|MINOR|PATCHLEVEL) [0-9]+$")
  string(REGEX REPLACE "[^0-9;]" "" CUDNN_VERSION "${lines}")
  list(JOIN CUDNN_VERSION "." CUDNN_VERSION)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(CUDNN REQUIRED_VARS CUDNN_INCLUDE_DIR VERSION_VAR CUDNN_VERSION)
mark_as_advanced(CUDNN_INCLUDE_DIR CUDNN_LIBRARY_DIR CUDNN_PYTHON)
