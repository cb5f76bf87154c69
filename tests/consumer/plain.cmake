# SPDX-License-Identifier: MIT
# No build system: an include path each for fsis, Eigen and nlohmann_json, and -pthread. Both dialects, whatever the
# preset's: two files, so that what is not inline would be found twice.
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

list(TRANSFORM INCLUDE_DIRS PREPEND "-I")
foreach(dialect c++17 c++20)
  run("${COMPILER}" -std=${dialect} "-I${FSIS_SOURCE}/include" ${INCLUDE_DIRS}
      "${CMAKE_CURRENT_LIST_DIR}/project/main.cpp" "${CMAKE_CURRENT_LIST_DIR}/project/other.cpp" -o ${dialect} -pthread)
  run("${WORK}/${dialect}")
endforeach()
