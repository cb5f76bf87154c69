// SPDX-License-Identifier: MIT
#include <fsis/vision/components.hpp>

#include <support/catch.hpp>
#include <vision/drawing.hpp>

#include <vector>

using namespace fsis_test;
using fsis::index_t;
using fsis::mask;
using fsis::vision::component_map;
using fsis::vision::connected_components;
using fsis::vision::connectivity;
using fsis::vision::region;

namespace {

/// Numbers pieces in reading order by walking through each of them.
fsis::vision::plane<std::int32_t> flooded(mask const& m, connectivity joins) {
  fsis::vision::plane<std::int32_t> label(m.height(), m.width());
  std::int32_t n = 0;
  for (index_t i = 0; i < m.size(); ++i) {
    if (!m.data()[i] || label.data()[i]) continue;
    ++n;
    std::vector<index_t> open{i};
    label.data()[i] = n;
    while (!open.empty()) {
      index_t const y = open.back() / m.width(), x = open.back() % m.width();
      open.pop_back();
      for (index_t v = y - 1; v <= y + 1; ++v)
        for (index_t u = x - 1; u <= x + 1; ++u) {
          if (v < 0 || u < 0 || v >= m.height() || u >= m.width()) continue;
          if (joins == connectivity::four && v != y && u != x) continue;
          if (!m(v, u) || label(v, u)) continue;
          label(v, u) = n;
          open.push_back(v * m.width() + u);
        }
    }
  }
  return label;
}

}  // namespace

TEST_CASE("pieces are numbered in reading order, with size and box") {
  mask const m = drawn({"..##....",
                        "#..#..#.",
                        "##....#.",
                        "..#...##"});
  component_map const eight = connected_components(m);
  REQUIRE(eight.components.size() == 3);
  CHECK(eight.components[0].size == 3);
  CHECK(eight.components[0].box == region{0, 1, 2, 3});
  CHECK(eight.components[1].size == 4);
  CHECK(eight.components[1].box == region{1, 3, 0, 2});
  CHECK(eight.components[2].box == region{1, 3, 6, 7});
  CHECK(eight.label(3, 2) == 2);
  CHECK(eight.piece(0) == drawn({"..##....", "...#....", "........", "........"}));
  CHECK(connected_components(m, connectivity::four).components.size() == 4);
}

TEST_CASE("labels equal a flood fill on random masks and on a spiral") {
  fsis::random_stream random(5);
  mask const spiral =
      drawn({"#######", "......#", "#####.#", "#...#.#", "#.###.#", "#.....#", "#######"});
  std::vector<mask> const masks{noise(40, 33, 0.4, random), noise(40, 33, 0.6, random),
                                noise(1, 30, 0.5, random), spiral};
  for (mask const& m : masks)
    for (connectivity joins : {connectivity::four, connectivity::eight}) {
      auto const expected = flooded(m, joins);
      auto const map = connected_components(m, joins);
      index_t wrong = 0, pixels = 0;
      for (index_t i = 0; i < m.size(); ++i) wrong += map.label.data()[i] != expected.data()[i];
      for (auto const& c : map.components) pixels += c.size;
      CHECK(wrong == 0);
      CHECK(pixels == m.count());
      for (std::size_t i = 0; i < map.components.size(); ++i)
        REQUIRE(fsis::vision::bounding_box(map.piece(static_cast<index_t>(i))) == map.components[i].box);
    }
}

TEST_CASE("the largest piece is kept, the first of equals") {
  CHECK(fsis::vision::largest_component(drawn({"##.#", "...#", "##.#"})) ==
        drawn({"...#", "...#", "...#"}));
  CHECK(fsis::vision::largest_component(drawn({"##.##"})) == drawn({"##..."}));
  CHECK(fsis::vision::largest_component(mask::blank(2, 2)) == mask::blank(2, 2));
}

TEST_CASE("misuse of components is refused") {
  CHECK_THROWS_AS(connected_components(mask{}), fsis::value_error);
  component_map const map = connected_components(drawn({"#.#"}));
  CHECK(mentions(error_text([&] { map.piece(2); }), "piece 2 of 2"));
}
