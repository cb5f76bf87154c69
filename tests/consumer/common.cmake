# SPDX-License-Identifier: MIT
# What the consumer scripts share. Every script gets FSIS_SOURCE, FSIS_BUILD, WORK (a folder of its own), GENERATOR,
# COMPILER, LAUNCHER, STANDARD and INCLUDE_DIRS (of Eigen and nlohmann_json).

file(REMOVE_RECURSE "${WORK}")
file(MAKE_DIRECTORY "${WORK}")

function(run)
  execute_process(COMMAND ${ARGV} WORKING_DIRECTORY "${WORK}" RESULT_VARIABLE result COMMAND_ECHO STDOUT)
  if(NOT result EQUAL 0)
    list(JOIN ARGV " " command)
    message(FATAL_ERROR "'${command}' ended with ${result}")
  endif()
endfunction()

# Installs fsis into `prefix`, by way of another folder: nothing installed may know where it was put.
function(install_moved prefix)
  run(${CMAKE_COMMAND} --install "${FSIS_BUILD}" --prefix "${WORK}/first_prefix")
  file(RENAME "${WORK}/first_prefix" "${prefix}")
  file(GLOB_RECURSE files "${prefix}/share/cmake/*" "${prefix}/share/pkgconfig/*")
  foreach(file IN LISTS files)
    file(STRINGS "${file}" places REGEX "${FSIS_SOURCE}|first_prefix")
    if(places)
      message(FATAL_ERROR "${file} holds a path of the machine that made it: ${places}")
    endif()
  endforeach()
endfunction()

# Configures, builds and runs the programs of a CMake project; further arguments go to the configuration.
function(build_and_run project)
  run(${CMAKE_COMMAND} -S "${project}" -B "${WORK}/build" -G "${GENERATOR}" "-DCMAKE_CXX_COMPILER=${COMPILER}"
      "-DCMAKE_CXX_COMPILER_LAUNCHER=${LAUNCHER}" "-DCMAKE_CXX_STANDARD=${STANDARD}" ${ARGN})
  run(${CMAKE_COMMAND} --build "${WORK}/build")
  run("${WORK}/build/consumer")
  if(EXISTS "${WORK}/build/consumer_images")
    run("${WORK}/build/consumer_images")
  endif()
endfunction()
