// SPDX-License-Identifier: MIT
#include <structure/include_rules.hpp>
#include <structure/text_rules.hpp>

#include <support/catch.hpp>

using namespace fsis_test;

namespace {

std::string joined(findings const& found) {
  std::string text;
  for (auto const& f : found) text += "\n  " + f;
  return text;
}

struct rule {
  char const* name;
  findings (*check)(source_tree const&);
};

}  // namespace

TEST_CASE("the repository keeps its own rules") {
  source_tree const tree = read_source_tree(FSIS_SOURCE_DIR);

  // a walk that finds nothing would satisfy every rule
  std::size_t headers = 0, tests = 0;
  for (auto const& f : tree) {
    headers += in_library(f) && is_header(f.path);
    tests += starts_with(f.path, "tests/") && is_cpp(f.path);
  }
  CHECK(headers >= 20);
  CHECK(tests >= 20);

  rule const rules[] = {
      {"includes go down the floors", check_include_direction},
      {"includes are full paths", check_include_form},
      {"third party libraries stay in their place", check_third_party},
      {"tests include exact headers", check_tests_include_exact_headers},
      {"files are short", check_file_length},
      {"files begin with their licence", check_first_lines},
      {"conditions stand in core/config.hpp", check_conditions},
      {"device macros stand in core/config.hpp", check_device_macros},
      {"no macros", check_macros},
      {"no hidden state and no output", check_library_words},
      {"nothing is left unfinished", check_unfinished},
      {"no places of a machine", check_places},
      {"no Python", check_no_python},
  };
  for (auto const& r : rules) {
    auto const found = r.check(tree);
    INFO(r.name << ":" << joined(found));
    CHECK(found.empty());
  }
}
