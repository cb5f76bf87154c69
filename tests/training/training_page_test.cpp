// SPDX-License-Identifier: MIT
#include <fsis/training/training_page.hpp>

#include <support/catch.hpp>

using namespace fsis;
using fsis::training::training_page;

namespace {

std::vector<training::illustration> captioned(std::string const& text) { return {{image::blank(2, 2), text}}; }

std::size_t count(std::string const& text, std::string const& what) {
  std::size_t n = 0;
  for (std::size_t at = text.find(what); at != std::string::npos; at = text.find(what, at + 1)) ++n;
  return n;
}

}  // namespace

TEST_CASE("training page: curves, and examples with the last first", "[training]") {
  training_page page("seed 1\n");
  for (index_t s = 50; s <= 500; s += 50) page.add_loss(s, 1.0 / static_cast<double>(s), 0.001);
  page.add_validation(500, 0.5);
  page.add_examples(250, captioned("look 250"));
  page.add_examples(500, captioned("look 500"));
  std::string const html = page.html();
  CHECK(count(html, "<svg") == 3);
  CHECK(count(html, "<figure>") == 2);
  CHECK(html.find("look 500") < html.find("look 250"));
  CHECK(html.find("http") == std::string::npos);
}

TEST_CASE("training page: a resumed run keeps the examples up to its step", "[training]") {
  training_page page("");
  for (index_t s : {100, 200, 300}) page.add_examples(s, captioned("look " + std::to_string(s)));
  training_page resumed("");
  resumed.keep_examples_of(page.html(), 200);
  resumed.add_examples(300, captioned("again 300"));
  std::string const html = resumed.html();
  CHECK(count(html, "<figure>") == 3);
  CHECK(count(html, "look 300") == 0);
  std::size_t const a = html.find("again 300"), b = html.find("look 200"), c = html.find("look 100");
  CHECK(a < b);
  CHECK(b < c);
  training_page empty("");
  empty.keep_examples_of("no page at all <!-- examples ", 10);
  CHECK(count(empty.html(), "<figure>") == 0);
}
