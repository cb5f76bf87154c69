# SPDX-License-Identifier: MIT
# Headers, package files for CMake and pkg-config, and the tool. All paths are relative to where a file lies, so an
# installed tree may be moved.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

set(package_dir "${CMAKE_INSTALL_DATADIR}/cmake/fsis")

install(TARGETS fsis EXPORT fsisTargets FILE_SET HEADERS)
install(EXPORT fsisTargets NAMESPACE fsis:: DESTINATION "${package_dir}")
if(FSIS_WITH_IMAGE_FILES)
  install(TARGETS fsis_image_files EXPORT fsisImageFilesTargets FILE_SET HEADERS)
  install(EXPORT fsisImageFilesTargets NAMESPACE fsis:: DESTINATION "${package_dir}")
endif()

configure_package_config_file(cmake/fsisConfig.cmake.in "${PROJECT_BINARY_DIR}/fsisConfig.cmake"
                              INSTALL_DESTINATION "${package_dir}")
write_basic_package_version_file("${PROJECT_BINARY_DIR}/fsisConfigVersion.cmake"
                                 COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)
install(FILES "${PROJECT_BINARY_DIR}/fsisConfig.cmake" "${PROJECT_BINARY_DIR}/fsisConfigVersion.cmake"
              cmake/fsisCuda.cmake cmake/FindCUDNN.cmake
        DESTINATION "${package_dir}")

file(RELATIVE_PATH fsis_include_from_pkgconfig "/${CMAKE_INSTALL_DATADIR}/pkgconfig" "/${CMAKE_INSTALL_INCLUDEDIR}")
configure_file(cmake/fsis.pc.in "${PROJECT_BINARY_DIR}/fsis.pc" @ONLY)
install(FILES "${PROJECT_BINARY_DIR}/fsis.pc" DESTINATION "${CMAKE_INSTALL_DATADIR}/pkgconfig")

install(FILES LICENSE DESTINATION "${CMAKE_INSTALL_DOCDIR}")
if(TARGET fsis_tool)
  install(TARGETS fsis_tool)
endif()
