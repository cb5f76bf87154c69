# SPDX-License-Identifier: MIT
# No build system: an include path each for fsis, Eigen and nlohmann_json, and -pthread.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

find_path(EIGEN Eigen/Core PATH_SUFFIXES eigen3 REQUIRED)
find_path(NLOHMANN nlohmann/json.hpp REQUIRED)
run("${COMPILER}" -std=c++${STANDARD} -I "${FSIS_SOURCE}/include" -I "${EIGEN}" -I "${NLOHMANN}"
    "${CMAKE_CURRENT_LIST_DIR}/project/main.cpp" "${CMAKE_CURRENT_LIST_DIR}/project/other.cpp" -o consumer -pthread)
run("${WORK}/consumer")
