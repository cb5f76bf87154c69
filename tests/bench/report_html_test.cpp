// SPDX-License-Identifier: MIT
#include <fsis/bench/report_html.hpp>

#include <bench/made_up.hpp>
#include <bench/markup.hpp>
#include <io/scratch.hpp>
#include <support/catch.hpp>

using namespace fsis_test;

namespace {

std::size_t count_of(std::string const& text, std::string const& word) {
  std::size_t count = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("the check of markup finds what is wrong", "[bench][report_html]") {
  CHECK(fault_of_markup("<!DOCTYPE html>\n<a b=\"c\">x &amp; y<d e=\"f\"/></a>") == "");
  CHECK(mentions(fault_of_markup("<a><b></a></b>"), "closes nothing"));
  CHECK(mentions(fault_of_markup("<a>"), "not closed"));
  CHECK(mentions(fault_of_markup("<a>x & y</a>"), "bare &"));
  CHECK(mentions(fault_of_markup("<a b=c></a>"), "no attribute"));
  CHECK(mentions(fault_of_markup("<a b=\"<\"></a>"), "markup in an attribute"));
  CHECK(mentions(fault_of_markup("<a"), "no end"));
  CHECK(mentions(fault_of_markup("a < b"), "no name"));
}

TEST_CASE("the page is well-formed and asks for nothing from elsewhere", "[bench][report_html]") {
  std::string const page = to_html(full_report());
  CHECK(fault_of_markup(page) == "");
  for (char const* word : {"http", "src=", "href", "url(", "@import", "<script", "<link", "<img", "<iframe"})
    CHECK(page.find(word) == std::string::npos);
}

TEST_CASE("texts from the run are no markup", "[bench][report_html]") {
  std::string const page = to_html(full_report());
  CHECK(mentions(page, "conv&lt;3&gt;", "A &amp; B &lt;processor&gt;", "g++ &quot;12&quot;", "&#39;this&#39;"));
  CHECK(page.find("conv<3>") == std::string::npos);
  report r = full_report();
  r.meta.argv = {std::string("a\x01\xFF\x7F") + "b"};
  CHECK(mentions(to_html(r), "a???b"));
  CHECK(escaped("<\"&'>") == "&lt;&quot;&amp;&#39;&gt;");
}

TEST_CASE("a report has a plot for each question", "[bench][report_html]") {
  std::string const page = to_html(full_report());
  CHECK(mentions(page, "How cost grows", "Against others", "Against the machine", "All numbers"));
  // time and memory over side, contenders on one thread, roofline of one thread (two threads ran nothing)
  CHECK(count_of(page, "<svg") == 4);
  CHECK(mentions(page, "Time over side of pool threads=1", "Memory over side of pool threads=1"));
  CHECK(mentions(page, "WRONG: element 3 is 7", "skipped: it cannot do"));
  CHECK(mentions(page, "0123abc, changed"));
}

TEST_CASE("a report without states is a page, too", "[bench][report_html]") {
  report const nothing;
  CHECK(fault_of_markup(to_html(nothing)) == "");
  CHECK(count_of(to_html(nothing), "<svg") == 0);
}

TEST_CASE("a page is a file", "[bench][report_html]") {
  fsis_test::scratch_folder folder;
  write_html(full_report(), folder / "r.html");
  CHECK(text_of_file(folder / "r.html") == to_html(full_report()));
}
