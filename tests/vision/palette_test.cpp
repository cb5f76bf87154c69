// SPDX-License-Identifier: MIT
#include <fsis/vision/palette.hpp>

#include <support/catch.hpp>

#include <array>
#include <set>

using colour = std::array<std::uint8_t, 3>;

TEST_CASE("the VOC palette has the colours of the data set") {
  auto const p = fsis::vision::voc_palette();
  CHECK(p[0] == colour{{0, 0, 0}});
  CHECK(p[1] == colour{{128, 0, 0}});
  CHECK(p[2] == colour{{0, 128, 0}});
  CHECK(p[3] == colour{{128, 128, 0}});
  CHECK(p[4] == colour{{0, 0, 128}});
  CHECK(p[5] == colour{{128, 0, 128}});
  CHECK(p[15] == colour{{192, 128, 128}});
  CHECK(p[255] == colour{{224, 224, 192}});
}

TEST_CASE("no two labels share a colour") {
  auto const p = fsis::vision::voc_palette();
  CHECK(std::set<colour>(p.begin(), p.end()).size() == 256);
}
