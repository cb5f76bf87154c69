// SPDX-License-Identifier: MIT
#include <docs/markdown.hpp>

#include <support/catch.hpp>

using namespace fsis_test;

namespace {

std::string const page =
    "# The page\n"
    "See [one](a.md#part-2), `[not](this)` and [two](https://example.org).\n"
    "<!-- snippet: wrap fsis/a.hpp -->\n"
    "\n"
    "```cpp\n"
    "f();  // [nor](this)\n"
    "\n"
    "g();\n"
    "```\n"
    "## Part 2: `names`, more_of it\n"
    "```sh\n"
    "# no heading\n"
    "```\n";

}  // namespace

TEST_CASE("blocks have language, marker, line and text") {
  auto const blocks = blocks_of(page);
  REQUIRE(blocks.size() == 2);
  CHECK(blocks[0].language == "cpp");
  CHECK(blocks[0].marker == "wrap fsis/a.hpp");
  CHECK(blocks[0].line == 6);
  CHECK(blocks[0].text == "f();  // [nor](this)\n\ng();\n");
  CHECK(blocks[1].language == "sh");
  CHECK(blocks[1].marker.empty());
  CHECK(blocks[1].line == 12);
}

TEST_CASE("a marker holds for the next block only, and not across prose") {
  auto const blocks = blocks_of("<!-- snippet: continue -->\n```cpp\n```\n```cpp\n```\n");
  REQUIRE(blocks.size() == 2);
  CHECK(blocks[0].marker == "continue");
  CHECK(blocks[1].marker.empty());
  auto const apart = blocks_of("<!-- snippet: continue -->\nprose\n```cpp\n```\n");
  REQUIRE(apart.size() == 1);
  CHECK(apart[0].marker.empty());
}

TEST_CASE("links are found in prose alone") {
  auto const links = links_of(page);
  REQUIRE(links.size() == 2);
  CHECK(links[0].target == "a.md#part-2");
  CHECK(links[0].line == 2);
  CHECK(links[1].target == "https://example.org");
}

TEST_CASE("anchors are those of headings") {
  CHECK(anchors_of(page) == std::set<std::string>{"the-page", "part-2-names-more_of-it"});
}

TEST_CASE("code spans of a line") {
  CHECK(code_spans_of("a `b` c `d e` `f") == std::vector<std::string>{"b", "d e"});
  CHECK(code_spans_of("").empty());
}
