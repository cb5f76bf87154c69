# SPDX-License-Identifier: MIT
include("${CMAKE_CURRENT_LIST_DIR}/common.cmake")

build_and_run("${CMAKE_CURRENT_LIST_DIR}/project" "-DFETCHCONTENT_SOURCE_DIR_FSIS=${FSIS_SOURCE}" -DWAY=fetch_content)
