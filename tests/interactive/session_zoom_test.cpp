// SPDX-License-Identifier: MIT
#include <fsis/interactive/session.hpp>

#include <interactive/scene.hpp>
#include <support/catch.hpp>
#include <vision/drawing.hpp>

using namespace fsis;
using namespace fsis_test;

namespace {

session_options zooming(refinement how) {
  session_options o;
  o.refine = how;
  o.zoom_in = true;
  o.zoom_min_size = 16;
  return o;
}

room larger_room() {
  room r;
  r.photo = made_up_shot(96, 128, 3);
  return r;
}

bool only_inside(mask const& m, vision::region const& r) {
  for (index_t y = 0; y < m.height(); ++y)
    for (index_t x = 0; x < m.width(); ++x)
      if (m(y, x) && !r.contains(static_cast<double>(y), static_cast<double>(x))) return false;
  return true;
}

}  // namespace

TEST_CASE("zooming in looks at the surroundings of the start mask, and undo restores the region") {
  room const r = larger_room();
  for (refinement const how : {refinement::aj, refinement::brs}) {
    auto o = zooming(how);
    o.flip_averaging = how == refinement::brs;
    auto s = r.open(o);
    s.start_from(box(96, 128, 20, 35, 24, 43));
    CHECK_FALSE(s.zoomed_region());
    auto const object = vision::bounding_box(s.result());
    s.click(positive(25, 30));  // which the mask has, so that it stays
    REQUIRE(s.zoomed_region());
    auto const first = *s.zoomed_region();
    CHECK(first == vision::clamp(vision::expand(*object, 1.4, 16), 96, 128));
    CHECK(only_inside(s.result(), first));
    CHECK(all_finite(s.probability()));
    snapshot const one(s);

    // a positive click outside makes the region grow
    REQUIRE_FALSE(first.contains(55, 70));
    s.click(positive(55, 70));
    REQUIRE(s.zoomed_region());
    CHECK(s.zoomed_region()->contains(55, 70));
    CHECK(s.probability()(55, 70) > 0);
    CHECK(one.probability(55, 70) == 0);  // outside the first region
    snapshot const two(s);
    CHECK(s.undo());
    CHECK(s.zoomed_region() == first);
    CHECK(snapshot(s) == one);  // the probability, computed again in the old region
    CHECK(s.redo());
    CHECK(snapshot(s) == two);
    s.undo();
    s.click(positive(55, 70));
    CHECK(snapshot(s) == two);
    s.remove_click(1);
    CHECK(all_finite(s.probability()));
  }
}

TEST_CASE("the first clicks see the whole photo") {
  room const r = larger_room();
  auto o = zooming(refinement::none);
  o.zoom_skip_clicks = 2;
  auto s = r.open(o);
  s.click(positive(40, 60));
  CHECK_FALSE(s.zoomed_region());
  s.click(negative(5, 5));
  CHECK_FALSE(s.zoomed_region());
  mask const before = s.result();
  s.click(negative(90, 120));
  vision::zoom_options z;
  z.min_size = 16;
  auto const proposed = vision::propose_region(before, s.clicks(), z);
  if (proposed && *proposed != vision::whole(96, 128)) {
    CHECK(s.zoomed_region() == proposed);
    CHECK(only_inside(s.result(), *proposed));
  } else {
    CHECK_FALSE(s.zoomed_region());
  }
}
