# SPDX-License-Identifier: MIT
# Writes OUTPUT, which names the commit of SOURCE and whether files differ from it; the file is touched only when that
# has changed. Without git, or outside a repository, the name is empty.

set(sha "")
set(changed "")
find_program(git git)
if(git)
  execute_process(COMMAND "${git}" rev-parse HEAD WORKING_DIRECTORY "${SOURCE}" OUTPUT_VARIABLE sha
                  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
  execute_process(COMMAND "${git}" status --porcelain WORKING_DIRECTORY "${SOURCE}" OUTPUT_VARIABLE changed
                  OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
endif()
if(changed STREQUAL "")
  set(is_dirty false)
else()
  set(is_dirty true)
endif()
file(CONFIGURE OUTPUT "${OUTPUT}" CONTENT "// SPDX-License-Identifier: MIT
#pragma once

namespace fsis_bench {

constexpr char const* commit_sha = \"${sha}\";
constexpr bool commit_is_dirty = ${is_dirty};

}  // namespace fsis_bench
")
