# SPDX-License-Identifier: MIT
# No build system: an include path each for fsis, Eigen and nlohmann_json, and -pthread.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

list(TRANSFORM INCLUDE_DIRS PREPEND "-I")
run("${COMPILER}" -std=c++${STANDARD} "-I${FSIS_SOURCE}/include" ${INCLUDE_DIRS}
    "${CMAKE_CURRENT_LIST_DIR}/project/main.cpp" "${CMAKE_CURRENT_LIST_DIR}/project/other.cpp" -o consumer -pthread)
run("${WORK}/consumer")
