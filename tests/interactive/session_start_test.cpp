// SPDX-License-Identifier: MIT
#include <fsis/interactive/session.hpp>

#include <interactive/scene.hpp>
#include <support/catch.hpp>

#include <algorithm>

using namespace fsis;
using namespace fsis_test;

namespace {

/// Pixels where two masks differ, as a mask.
mask difference_of(mask const& a, mask const& b) {
  mask out = a;
  for (index_t i = 0; i < out.size(); ++i) out.data()[i] = (a.data()[i] != 0) != (b.data()[i] != 0);
  return out;
}

}  // namespace

TEST_CASE("a start mask is the result until a click asks for a change") {
  room r;
  auto s = r.open();
  s.click(positive(20, 30));
  mask start = r.photo.object;
  for (index_t i = 0; i < start.size(); ++i) start.data()[i] = start.data()[i] ? 255 : 0;
  s.start_from(start);
  CHECK(s.result() == r.photo.object);
  CHECK(s.clicks().empty());
  CHECK(s.report().status == click_status::nothing_done);
  for (index_t i = 0; i < start.size(); ++i)
    REQUIRE(s.probability().data()[i] == (r.photo.object.data()[i] ? 1.0f : 0.0f));
  CHECK(s.undo());
  CHECK(s.clicks().size() == 1);
  CHECK(s.redo());
  CHECK(s.result() == r.photo.object);
}

TEST_CASE("a click on a start mask changes one connected piece, around the click") {
  room r;
  mask const& start = r.photo.object;
  auto const spill = vision::squared_distance_to_background(start, vision::frame::boundary);
  index_t const deepest = std::max_element(spill.data(), spill.data() + spill.size()) - spill.data();
  click const inside = negative(static_cast<double>(deepest / 64), static_cast<double>(deepest % 64));
  for (click const& c : {inside, positive(3, 5), positive(45, 60)}) {
    auto s = r.open();
    s.start_from(start);
    mask const m = s.click(c);
    REQUIRE(s.report().satisfied_clicks == 1);
    mask const changed = difference_of(m, start);
    auto const pieces = vision::connected_components(changed, vision::connectivity::four);
    REQUIRE(pieces.components.size() == 1);
    CHECK(changed(static_cast<index_t>(c.y), static_cast<index_t>(c.x)) == 1);
    for (index_t i = 0; i < m.size(); ++i) {
      if (changed.data()[i]) REQUIRE((m.data()[i] != 0) == c.is_positive);
      REQUIRE((m.data()[i] == 1) == (static_cast<double>(s.probability().data()[i]) > s.threshold()));
    }
    CHECK(s.remove_click(0) == start);
    CHECK(s.undo());
    CHECK(s.result() == m);
    CHECK(s.undo());
    CHECK(s.result() == start);
  }
}

TEST_CASE("a click that confirms a start mask leaves it as it is") {
  room r;
  auto s = r.open();
  s.start_from(r.photo.object);
  CHECK(s.click(negative(0, 0)) == r.photo.object);
  CHECK(s.report().satisfied_clicks == 1);
}

TEST_CASE("the wish to keep the mask keeps a change small") {
  room r;
  auto const changed_pixels = [&](double weight) {
    session_options o;
    o.keep_weight = weight;
    auto s = r.open(o);
    s.start_from(r.photo.object);
    mask const m = s.click(positive(3, 5));
    CHECK(s.report().satisfied_clicks == 1);
    return difference_of(m, r.photo.object).count();
  };
  index_t const kept = changed_pixels(1);
  CHECK(kept > 0);
  CHECK(kept < changed_pixels(0.01) / 2);
}

TEST_CASE("without a positive click the network is given one inside the mask") {
  room r;
  session_options o;
  o.refine = refinement::none;
  auto guided = r.open(o), told = r.open(o), confirmed = r.open(o);
  guided.start_from(r.photo.object);
  guided.click(negative(2, 3));
  auto const guide = interactive::guide_click(r.photo.object);
  REQUIRE(guide);
  told.click(*guide);
  told.click(negative(2, 3));
  auto const agrees = [](auto& s, auto& without_mask) {
    index_t overruled = 0;
    for (index_t i = 0; i < s.result().size(); ++i) {
      float const p = s.probability().data()[i];
      bool const is_overruled = p == 0.0f || p == 1.0f;
      overruled += is_overruled;
      if (!is_overruled && p != without_mask.probability().data()[i]) return false;
    }
    return overruled < s.result().size() / 2;
  };
  CHECK(agrees(guided, told));
  // a click of the user takes its place
  guided.click(positive(30, 33));
  confirmed.click(negative(2, 3));
  confirmed.click(positive(30, 33));
  CHECK(agrees(guided, confirmed));
}

TEST_CASE("a reset forgets the start mask") {
  room r;
  auto s = r.open(), fresh = r.open();
  s.start_from(r.photo.object);
  s.reset_clicks();
  s.click(positive(20, 30));
  fresh.click(positive(20, 30));
  CHECK(snapshot(s) == snapshot(fresh));
}
