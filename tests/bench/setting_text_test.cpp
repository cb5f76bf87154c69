// SPDX-License-Identifier: MIT
#include <fsis/bench/setting_text.hpp>

#include <support/catch.hpp>

using namespace fsis::bench;
using sizes = std::vector<fsis::index_t>;

TEST_CASE("shapes are numbers with x between them", "[bench][setting_text]") {
  CHECK(parse_shape("1x48x48x256") == sizes{1, 48, 48, 256});
  CHECK(parse_shape("7") == sizes{7});
  for (char const* bad : {"", "1x", "x1", "1xx2", "1X2", "1x 2", "1x2.5", "99999999999999999999", "axb"})
    CHECK(mentions(error_text([&] { parse_shape(bad); }), "shape: '", "1x48x48x256"));
}

TEST_CASE("an axis is assigned a number", "[bench][setting_text]") {
  CHECK(parse_assignment("filters=128") == std::make_pair(std::string("filters"), fsis::index_t{128}));
  for (char const* bad : {"filters", "=3", "filters=", "filters=a", "filters=1,2", ""})
    CHECK(mentions(error_text([&] { parse_assignment(bad); }), "setting: '", "NAME=NUMBER"));
}

TEST_CASE("a sweep doubles, steps or lists", "[bench][setting_text]") {
  CHECK(parse_sweep("side=128:1536").values == sizes{128, 256, 512, 1024, 1536});
  CHECK(parse_sweep("side=128:512").values == sizes{128, 256, 512});
  CHECK(parse_sweep("clicks=1:9:2").values == sizes{1, 3, 5, 7, 9});
  CHECK(parse_sweep("clicks=1:10:4").values == sizes{1, 5, 9, 10});
  CHECK(parse_sweep("threads=4,1,2").values == sizes{4, 1, 2});
  CHECK(parse_sweep("shots=3").values == sizes{3});
  CHECK(parse_sweep("shots=3").axis == "shots");
  for (char const* bad : {"side", "side=", "=1:2", "side=2:1", "side=0:4", "side=1:2:0", "side=1:2:3:4", "side=1,,2",
                          "side=1:b", "side=1:9223372036854775807", "side=1:4:9223372036854775807", "side=-4:4"})
    CHECK(mentions(error_text([&] { parse_sweep(bad); }), "sweep: '", "wanted"));
  CHECK(mentions(error_text([] { parse_sweep("side=1:1000:1"); }), "more than 100"));
}
