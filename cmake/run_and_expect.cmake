# SPDX-License-Identifier: MIT
# Runs a program that must end well and print something: cmake -DEXPECTED=<regex> [-DFILES=<list>] -P run_and_expect.cmake
# -- PROGRAM [ARGUMENT...]. ctest's own PASS_REGULAR_EXPRESSION would not look at the exit code. FILES are those that it
# must leave behind; they are removed first.

set(command "")
math(EXPR last "${CMAKE_ARGC} - 1")
set(is_command FALSE)
foreach(i RANGE 1 ${last})
  if(is_command)
    list(APPEND command "${CMAKE_ARGV${i}}")
  elseif(CMAKE_ARGV${i} STREQUAL "--")
    set(is_command TRUE)
  endif()
endforeach()

foreach(file IN LISTS FILES)
  file(REMOVE "${file}")
endforeach()
execute_process(COMMAND ${command} RESULT_VARIABLE result OUTPUT_VARIABLE said ERROR_VARIABLE complained
                ECHO_OUTPUT_VARIABLE ECHO_ERROR_VARIABLE)
if(NOT result EQUAL 0)
  message(FATAL_ERROR "exit code ${result}")
endif()
if(NOT said MATCHES "${EXPECTED}")
  message(FATAL_ERROR "expected in the output: ${EXPECTED}")
endif()
foreach(file IN LISTS FILES)
  if(NOT EXISTS "${file}")
    message(FATAL_ERROR "expected file: ${file}")
  endif()
endforeach()
