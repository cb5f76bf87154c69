# SPDX-License-Identifier: MIT
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

find_program(PKG_CONFIG NAMES pkg-config pkgconf)
if(NOT PKG_CONFIG)
  message(STATUS "pkg-config is not installed")
  message("skipped: pkg-config is not installed")
  return()
endif()

install_moved("${WORK}/prefix")
set(ENV{PKG_CONFIG_PATH} "${WORK}/prefix/share/pkgconfig")
execute_process(COMMAND "${PKG_CONFIG}" --cflags --libs fsis OUTPUT_VARIABLE flags COMMAND_ERROR_IS_FATAL ANY
                OUTPUT_STRIP_TRAILING_WHITESPACE)
separate_arguments(flags UNIX_COMMAND "${flags}")
run("${COMPILER}" -std=c++${STANDARD} "${CMAKE_CURRENT_LIST_DIR}/project/main.cpp"
    "${CMAKE_CURRENT_LIST_DIR}/project/other.cpp" -o consumer ${flags})
run("${WORK}/consumer")
