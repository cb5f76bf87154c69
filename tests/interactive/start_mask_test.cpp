// SPDX-License-Identifier: MIT
#include <fsis/interactive/start_mask.hpp>

#include <support/catch.hpp>
#include <vision/drawing.hpp>

using namespace fsis;
using fsis_test::drawn;

TEST_CASE("only pieces that a click asked for change a start mask") {
  mask const start = drawn({"###.....", "###.....", "###.....", "........"});
  mask const predicted = drawn({".##..##.", "####.##.", "####....", "......##"});
  SECTION("no click, no change") { CHECK(interactive::merged(start, predicted, {}) == start); }
  SECTION("an added piece needs a positive click") {
    CHECK(interactive::merged(start, predicted, {positive(0, 5)}) ==
          drawn({"###..##.", "###..##.", "###.....", "........"}));
    CHECK(interactive::merged(start, predicted, {negative(0, 5)}) == start);
  }
  SECTION("a removed piece needs a negative click") {
    CHECK(interactive::merged(start, predicted, {negative(0, 0)}) ==
          drawn({".##.....", "###.....", "###.....", "........"}));
    CHECK(interactive::merged(start, predicted, {positive(0, 0)}) == start);
  }
  SECTION("several clicks, in any order") {
    mask const wanted = drawn({".##.....", "####....", "####....", "......##"});
    CHECK(interactive::merged(start, predicted, {negative(0, 0), positive(1, 3), positive(3, 7)}) == wanted);
    CHECK(interactive::merged(start, predicted, {positive(3, 6), positive(2, 3), negative(0, 0)}) == wanted);
  }
  SECTION("pieces that touch at a corner are two") {
    CHECK(interactive::merged(drawn({"...", "..."}), drawn({"#..", ".#."}), {positive(0, 0)}) ==
          drawn({"#..", "..."}));
  }
  SECTION("a click where both agree changes nothing") {
    CHECK(interactive::merged(start, predicted, {positive(1, 1), negative(3, 0)}) == start);
  }
}

TEST_CASE("what a start mask says is free around clicks that contradict it") {
  mask const start = drawn({"##......", "##......", "........"});
  CHECK(interactive::kept_labels(start, {}) == start);
  CHECK(interactive::kept_labels(start, {positive(0, 0), negative(0, 7)}) == start);
  // two columns away from the object: free out to 2 * 2 + 2 pixels
  mask const freed = interactive::kept_labels(start, {positive(0, 3)});
  CHECK(freed(0, 0) == interactive::free_label);
  CHECK(freed(2, 7) == interactive::free_label);
  mask far = mask::blank(30, 30);
  far(0, 0) = 1;
  mask const around = interactive::kept_labels(far, {positive(0, 3)});
  CHECK(around(0, 11) == interactive::free_label);
  CHECK(around(0, 12) == 0);
  CHECK(around(8, 3) == interactive::free_label);
  CHECK(around(9, 3) == 0);
  SECTION("a mask without an edge leaves nothing unquestioned") {
    mask const all = interactive::kept_labels(mask::blank(5, 6, 1), {negative(2, 2)});
    CHECK(all == mask::blank(5, 6, interactive::free_label));
  }
}

TEST_CASE("the guide is the deepest pixel of what is kept") {
  mask const start = drawn({".......", ".#####.", ".#####.", ".#####.", ".......", ".##...."});
  auto const guide = interactive::guide_click(start);
  REQUIRE(guide);
  CHECK(*guide == positive(2, 2));  // the first of three equals
  CHECK(*interactive::guide_click(mask::blank(5, 7, 1)) == positive(2, 2));  // the border of the photo is an edge
  CHECK_FALSE(interactive::guide_click(mask::blank(3, 3)));
  CHECK_FALSE(interactive::guide_click(mask::blank(3, 3, interactive::free_label)));
  // a negative click on one part leaves the other
  mask two = mask::blank(40, 40);
  for (index_t y = 0; y < 5; ++y)
    for (index_t x = 0; x < 5; ++x) two(y, x) = two(30 + y, 30 + x) = 1;
  auto const other = interactive::guide_click(interactive::kept_labels(two, {negative(2, 2)}));
  REQUIRE(other);
  CHECK(*other == positive(32, 32));
}
