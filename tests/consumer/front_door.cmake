# SPDX-License-Identifier: MIT
# The front-door program, built by one command from a file of its own.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

list(TRANSFORM INCLUDE_DIRS PREPEND "-I")
run("${COMPILER}" -std=c++${STANDARD} -O1 "-I${FSIS_SOURCE}/include" ${INCLUDE_DIRS}
    "${CMAKE_CURRENT_LIST_DIR}/project/front_door.cpp" -o front_door -pthread)
run("${WORK}/front_door" "${FSIS_SOURCE}/models/compact.safetensors")
