// SPDX-License-Identifier: MIT
#include <fsis/vision/run_length.hpp>

#include <support/catch.hpp>
#include <vision/drawing.hpp>

#include <vector>

using namespace fsis_test;
using fsis::index_t;
using fsis::mask;
using fsis::vision::run_length_mask;

TEST_CASE("packed masks come back byte for byte, within the bound") {
  fsis::random_stream random(1);
  std::vector<mask> masks{mask::blank(1, 1), mask::blank(1, 1, 255), mask::blank(300, 500),
                          mask::blank(300, 500, 7), box(480, 640, 100, 299, 50, 449, 255),
                          drawn({".#", "#."}), drawn({"#"}), drawn({"....#"}), drawn({"#...."})};
  for (double share : {0.001, 0.02, 0.5, 0.98})
    for (auto size : {std::pair<index_t, index_t>{37, 41}, {1, 999}, {200, 3}})
      masks.push_back(noise(size.first, size.second, share, random));
  for (mask const& m : masks) {
    run_length_mask const packed(m);
    CHECK(packed.decode() == m);
    CHECK(packed.bytes() <= run_length_mask::max_bytes(m.height(), m.width()));
    CHECK(packed.height() == m.height());
    CHECK(packed.width() == m.width());
  }
}

TEST_CASE("masks of objects are small, noise is at most a bit per pixel") {
  CHECK(run_length_mask(mask::blank(1000, 1000)).bytes() == 0);
  CHECK(run_length_mask(box(480, 640, 100, 299, 50, 449)).bytes() <= 4 * 200 + 4);
  mask chequers = mask::blank(64, 64);
  for (index_t i = 0; i < 64 * 64; ++i) chequers.data()[i] = (i / 64 + i) % 2 ? 1 : 0;
  CHECK(run_length_mask(chequers).bytes() == 512);
  CHECK(run_length_mask(chequers).decode() == chequers);
  CHECK(run_length_mask::max_bytes(3, 3) == 2);
}

TEST_CASE("equal masks pack to equal bytes") {
  CHECK(run_length_mask(drawn({"##."})) == run_length_mask(drawn({"##."})));
  CHECK(run_length_mask(drawn({"##."})) != run_length_mask(drawn({"#.."})));
  CHECK(run_length_mask(drawn({"##."})) != run_length_mask(drawn({"22."})));
  CHECK(run_length_mask(mask::blank(2, 3)) != run_length_mask(mask::blank(3, 2)));
}

TEST_CASE("an empty packed mask decodes to an empty mask") {
  CHECK(run_length_mask{}.empty());
  CHECK(run_length_mask{}.decode().empty());
}

TEST_CASE("label maps and 0x0 masks are refused") {
  CHECK(mentions(error_text([] { run_length_mask{drawn({".12"})}; }), "run_length_mask", "1", "2"));
  CHECK_THROWS_AS(run_length_mask{mask{}}, fsis::value_error);
}
