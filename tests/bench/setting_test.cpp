// SPDX-License-Identifier: MIT
#include <fsis/bench/setting.hpp>

#include <support/catch.hpp>

using namespace fsis::bench;

namespace {

setting map_setting() {
  return setting({{"batch", 1, "pictures"}, {"height", 48, "rows"}, {"width", 48, "columns"}, {"taps", 3, "", 1, 31}});
}

}  // namespace

TEST_CASE("a setting begins with the standard values and one thread", "[bench][setting]") {
  setting const s = map_setting();
  CHECK(s["height"] == 48);
  CHECK(s["taps"] == 3);
  CHECK(s["threads"] == 1);
  CHECK(to_string(s.values()) == "batch=1 height=48 width=48 taps=3 threads=1");
}

TEST_CASE("axes are set one by one, by a shape and by a side", "[bench][setting]") {
  setting s = map_setting();
  s.set("threads", 2);
  s.set_shape({4, 16, 24});
  CHECK(to_string(s.values()) == "batch=4 height=16 width=24 taps=3 threads=2");
  s.set("side", 96);
  CHECK(s["height"] == 96);
  CHECK(s["width"] == 96);
  setting square({{"side", 384, "of a picture"}});
  square.set("side", 128);
  CHECK(square["side"] == 128);
}

TEST_CASE("axes that are not there and values out of range are refused", "[bench][setting]") {
  setting s = map_setting();
  CHECK(error_text([&] { s.set("depth", 3); }) ==
        "setting: no axis 'depth', wanted one of: batch, height, width, taps, threads");
  CHECK(error_text([&] { (void)s["depth"]; }) != "");
  CHECK(error_text([&] { s.set("taps", 33); }) == "setting: taps 33, wanted 1 to 31");
  CHECK(error_text([&] { s.set("batch", 0); }) != "");
  CHECK(error_text([&] { s.set_shape({1, 2, 3, 4, 5}); }) ==
        "setting: a shape of 5 numbers, wanted 1 to 4 (batch, height, width, taps)");
  CHECK(error_text([&] { s.set_shape({}); }) != "");
  CHECK(error_text([&] { s.set_shape({1, -2}); }) == "setting: height -2, wanted 1 to 1048576");
  setting without({{"length", 3, ""}});
  CHECK(error_text([&] { without.set("side", 8); }) == "setting: no axis 'side', wanted one of: length, threads");
}
