# SPDX-License-Identifier: MIT
# The targets a consumer links: fsis::fsis and, where wanted, fsis::image_files. Headers only: nothing here sets a
# warning, an optimisation or a build type that would reach somebody else's code.

set(CMAKE_THREAD_PREFER_PTHREAD TRUE)
set(THREADS_PREFER_PTHREAD_FLAG TRUE)
find_package(Threads REQUIRED)

# Asked for without a version: a request for 3.4 refuses Eigen 5, which works.
if(NOT TARGET Eigen3::Eigen)
  find_package(Eigen3 REQUIRED NO_MODULE)
  if(Eigen3_VERSION VERSION_LESS 3.4)
    message(FATAL_ERROR "fsis: Eigen ${Eigen3_VERSION} in ${Eigen3_DIR}, wanted 3.4 or newer")
  endif()
endif()
if(NOT TARGET nlohmann_json::nlohmann_json)
  find_package(nlohmann_json REQUIRED)
endif()

file(GLOB_RECURSE fsis_headers CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/include/fsis/*.hpp"
     "${PROJECT_SOURCE_DIR}/include/fsis/*.cuh")
# What needs libpng or libjpeg belongs to the target that links them.
set(fsis_image_file_headers ${fsis_headers})
list(FILTER fsis_image_file_headers INCLUDE REGEX "/io/(png|jpeg|image_file)[^/]*\\.hpp$")
list(REMOVE_ITEM fsis_headers ${fsis_image_file_headers})

add_library(fsis INTERFACE)
add_library(fsis::fsis ALIAS fsis)
target_compile_features(fsis INTERFACE cxx_std_17)
target_link_libraries(fsis INTERFACE Eigen3::Eigen nlohmann_json::nlohmann_json Threads::Threads)
target_sources(fsis INTERFACE FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include" FILES ${fsis_headers})

if(FSIS_WITH_IMAGE_FILES)
  find_package(PNG REQUIRED)
  find_package(JPEG REQUIRED)
  add_library(fsis_image_files INTERFACE)
  add_library(fsis::image_files ALIAS fsis_image_files)
  set_target_properties(fsis_image_files PROPERTIES EXPORT_NAME image_files)
  target_link_libraries(fsis_image_files INTERFACE fsis PNG::PNG JPEG::JPEG)
  target_sources(fsis_image_files INTERFACE
                 FILE_SET HEADERS BASE_DIRS "${PROJECT_SOURCE_DIR}/include" FILES ${fsis_image_file_headers})
endif()
