# SPDX-License-Identifier: MIT
# Runs the programs of a page (PROGRAM, see snippets.hpp) in the folder FOLDER and compares what they print.

function(run out)
  execute_process(COMMAND "${PROGRAM}" ${ARGN} WORKING_DIRECTORY "${FOLDER}" OUTPUT_VARIABLE printed
                  RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    message(FATAL_ERROR "'${PROGRAM} ${ARGN}' ended with ${result}, having printed\n${printed}")
  endif()
  set(${out} "${printed}" PARENT_SCOPE)
endfunction()

run(count count)
set(number 0)
while(number LESS count)
  math(EXPR number "${number} + 1")
  run(printed run ${number})
  run(wanted output ${number})
  if(NOT wanted STREQUAL "" AND NOT printed STREQUAL wanted)
    message(FATAL_ERROR "program ${number} of the page printed\n${printed}\nwanted\n${wanted}")
  endif()
endwhile()
message("${count} programs")
