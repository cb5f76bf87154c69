# SPDX-License-Identifier: MIT
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

install_moved("${WORK}/prefix")
build_and_run("${CMAKE_CURRENT_LIST_DIR}/project" "-DCMAKE_PREFIX_PATH=${WORK}/prefix" -DWAY=find_package)
