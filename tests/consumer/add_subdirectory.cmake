# SPDX-License-Identifier: MIT
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

build_and_run("${CMAKE_CURRENT_LIST_DIR}/project" "-DFSIS_SOURCE=${FSIS_SOURCE}" -DWAY=add_subdirectory)

# a library that is part of another project installs nothing of its own there
run(${CMAKE_COMMAND} --install "${WORK}/build" --prefix "${WORK}/prefix")
if(EXISTS "${WORK}/prefix/include/fsis")
  message(FATAL_ERROR "installing the consumer has installed the headers of fsis too")
endif()
