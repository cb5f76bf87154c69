// SPDX-License-Identifier: MIT
#include <structure/text_rules.hpp>

#include <support/catch.hpp>

using namespace fsis_test;

namespace {

findings check(findings (*rule)(source_tree const&), std::string const& path, std::string const& text) {
  return rule(source_tree{{path, text}});
}

char const* const library_file = "include/fsis/ops/a.hpp";

}  // namespace

TEST_CASE("comments and literals are blanked, lines stay") {
  CHECK(without_comments("a // b\nc") == "a     \nc");
  CHECK(without_comments("a /* b\n c */ d") == "a     \n      d");
  CHECK(without_comments("f(\"// \\\" x\") // y") == "f(\"       \")     ");
  CHECK(without_comments("1'000 // x") == "1'000     ");
  CHECK(without_comments("'\"' + x") == "' ' + x");
}

TEST_CASE("directives are read with their line") {
  auto const d = directives_of("x\n  #  define A(b) c\n// #define B\n#include \"a/b.hpp\"\n");
  REQUIRE(d.size() == 2);
  CHECK(d[0].line == 2);
  CHECK(d[0].name == "define");
  CHECK(d[0].rest == "A(b) c");
  CHECK(d[1].rest == "\"a/b.hpp\"");
}

TEST_CASE("a file of 401 lines is found") {
  std::string text;
  for (int i = 0; i < 400; ++i) text += "\n";
  CHECK(check(check_file_length, "tests/a.cpp", text).empty());
  CHECK(check(check_file_length, "tests/a.cpp", text + "x").size() == 1);
  CHECK(check(check_file_length, "docs/a.md", text + "x").empty());
}

TEST_CASE("a missing licence or guard is found") {
  std::string const licence = "SPDX-License-Identifier: MIT\n";
  CHECK(check(check_first_lines, library_file, "// " + licence + "#pragma once\n").empty());
  CHECK(check(check_first_lines, library_file, "// " + licence + "\n#pragma once\n").size() == 1);
  CHECK(check(check_first_lines, library_file, "#pragma once\n").size() == 2);
  CHECK(check(check_first_lines, "tests/a.cpp", "\n").size() == 1);
  CHECK(check(check_first_lines, "scripts/a", "#!/bin/sh\n# " + licence).empty());
  CHECK(check(check_first_lines, "scripts/a", "#!/bin/sh\necho\n").size() == 1);
  CHECK(check(check_first_lines, "cmake/a.cmake", "x()\n").size() == 1);
}

TEST_CASE("a condition outside the listed files is found") {
  CHECK(check(check_conditions, library_file, "#pragma once\n#include <vector>\n").empty());
  CHECK(check(check_conditions, library_file, "#ifdef A\n#endif\n").size() == 2);
  CHECK(check(check_conditions, "include/fsis/core/config.hpp", "#ifdef A\n#endif\n").empty());
  CHECK(check(check_conditions, "tests/support/catch.hpp", "#ifdef A\n#endif\n").empty());
  std::string const guard = "#if !defined(__CUDACC__)\n#error compile this file with nvcc\n#endif\n";
  CHECK(check(check_conditions, "include/fsis/ops/a.cuh", guard).empty());
  CHECK(check(check_conditions, library_file, guard).size() == 2);
}

TEST_CASE("a device macro outside core/config.hpp is found") {
  CHECK(check(check_device_macros, "include/fsis/core/config.hpp", "#if defined(__CUDACC__)\n").empty());
  CHECK(check(check_device_macros, library_file, "#if defined(__CUDACC__)\n").size() == 1);
  CHECK(check(check_device_macros, library_file, "// __CUDACC__ is asked for elsewhere\n").empty());
  CHECK(check(check_device_macros, "include/fsis/ops/a.cuh", "#ifndef __CUDACC__\n#error nvcc\n").empty());
  CHECK(check(check_device_macros, "include/fsis/ops/a.cuh", "#ifdef __CUDACC__\nint a;\n").size() == 1);
}

TEST_CASE("a macro of one's own is found") {
  CHECK(check(check_macros, "include/fsis/core/config.hpp", "#define FSIS_HD\n#define FSIS_HAS_X 1\n").empty());
  CHECK(check(check_macros, "include/fsis/core/config.hpp", "#define EIGEN_NO_CUDA\n").empty());
  CHECK(check(check_macros, library_file, "#define EIGEN_NO_CUDA\n").size() == 1);
  CHECK(check(check_macros, library_file, "#define FSIS_HAS_X 1\n").size() == 1);
  CHECK(check(check_macros, library_file, "#define CHECK(x) x\n").size() == 1);
  CHECK(check(check_macros, library_file, "#undef min\n").size() == 1);
}

TEST_CASE("hidden state and output are found") {
  CHECK(check(check_library_words, library_file, "static_assert(true, \"std::cout\");  // thread_local\n").empty());
  CHECK(check(check_library_words, library_file, "thread_local int x;\n").size() == 1);
  CHECK(check(check_library_words, library_file, "assert(x);\nstd::cerr << x;\n").size() == 2);
  CHECK(check(check_library_words, library_file, "using namespace std;\n").size() == 1);
  CHECK(check(check_library_words, "tests/a.cpp", "using namespace std;\n").empty());
}

TEST_CASE("unfinished work, places and Python are found") {
  CHECK(check(check_unfinished, library_file, std::string("// TO") + "DO: later\n").size() == 1);
  CHECK(check(check_unfinished, library_file, "// to do it later\n").empty());

  std::string const host = std::string("https://") + "registry.";
  CHECK(check(check_places, "docs/a.md", "see " + host + "example/\n").size() == 1);
  CHECK(check(check_places, "docs/a.md", std::string("cd /") + "work/x\n").size() == 1);
  CHECK(check(check_places, "docs/a.md", "cd /home/x; see https://example.org/deb.html\n").empty());

  CHECK(check(check_no_python, "scripts/a.py", "").size() == 1);
  CHECK(check(check_no_python, "scripts/a", "#!/usr/bin/env python3\n").size() == 1);
  CHECK(check(check_no_python, "benchmarks/peers/a.py", "").empty());
}
