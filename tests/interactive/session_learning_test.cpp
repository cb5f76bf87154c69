// SPDX-License-Identifier: MIT
#include <interactive/scene.hpp>
#include <support/catch.hpp>

using namespace fsis;
using fsis_test::room;
using fsis_test::same;
using fsis_test::some_clicks;

namespace {

session_options options_with(learning when, double rate = 1e-3) {
  session_options o;
  o.learn = when;
  o.learn_rate = rate;
  return o;
}

}  // namespace

TEST_CASE("a session that learns after every click answers otherwise from the next one on", "[interactive]") {
  room const r;
  auto plain = r.open(), taught = r.open(options_with(learning::after_click));
  CHECK(taught.learned().updates == 0);
  mask const first = plain.click(some_clicks[0]);
  CHECK(taught.click(some_clicks[0]) == first);  // it learns from the result
  CHECK(taught.learned().updates == 1);
  CHECK(taught.learned().drift > 0);
  CHECK(taught.report().milliseconds.learn > 0);
  CHECK(taught.report().milliseconds.learn <= taught.report().milliseconds.total);
  CHECK(plain.report().milliseconds.learn == 0);
  plain.click(some_clicks[1]);
  taught.click(some_clicks[1]);
  CHECK(!same(plain.probability(), taught.probability()));
  CHECK(taught.report().satisfied_clicks == 2);
  CHECK(plain.learned().updates == 0);
}

TEST_CASE("a session that learns after every object does so when it is told", "[interactive]") {
  room const r;
  auto alone = options_with(learning::after_object);  // what the network itself learns is looked at here
  alone.colour_weight = 0;
  alone.edge_radius = 0;
  auto s = r.open(alone);
  CHECK_NOTHROW(s.finish_object());  // no click yet: nothing to learn from
  CHECK(s.learned().updates == 0);
  for (click const& c : some_clicks) s.click(c);
  CHECK(s.learned().updates == 0);
  mask const accepted = s.result();
  auto const agreement = [&] {
    s.set_query(r.photo.picture);
    mask const m = s.click(some_clicks[0]);
    index_t equal = 0;
    for (index_t i = 0; i < m.size(); ++i) equal += m.data()[i] == accepted.data()[i];
    return equal;
  };
  auto other = r.open(alone);
  for (click const& c : some_clicks) other.click(c);
  index_t const untaught = agreement();
  for (int i = 0; i < 30; ++i) other.finish_object();
  CHECK(other.learned().updates == 30);
  other.set_query(r.photo.picture);
  mask const m = other.click(some_clicks[0]);
  index_t taught = 0;
  for (index_t i = 0; i < m.size(); ++i) taught += m.data()[i] == accepted.data()[i];
  INFO("equal pixels " << untaught << " before, " << taught << " after");
  CHECK(taught > untaught);
}

TEST_CASE("a session forgets what it learned and answers as the network does", "[interactive]") {
  room const r;
  auto plain = r.open(), s = r.open(options_with(learning::after_click));
  for (click const& c : some_clicks) s.click(c);
  s.forget_learned();
  CHECK(s.learned().updates == 0);
  CHECK(s.learned().drift == 0);
  s.set_query(r.photo.picture);
  plain.click(some_clicks[0]);
  s.click(some_clicks[0]);
  CHECK(same(plain.probability(), s.probability()));
}

TEST_CASE("masks stay when the network has learned since, and probabilities agree with them", "[interactive]") {
  room const r;
  auto s = r.open(options_with(learning::after_click, 3e-3));
  std::vector<mask> shown{s.result()};
  for (click const& c : some_clicks) shown.push_back(s.click(c));
  auto const agrees = [&](mask const& m) {
    auto const& p = s.probability();
    index_t equal = 0;
    for (index_t k = 0; k < p.size(); ++k)
      equal += (static_cast<double>(p.data()[k]) > s.threshold()) == (m.data()[k] != 0);
    return equal == p.size();
  };
  for (std::size_t i = some_clicks.size(); i-- > 0;) {
    REQUIRE(s.undo());
    CHECK(s.result() == shown[i]);
    CHECK(agrees(shown[i]));
  }
  s.forget_learned();
  REQUIRE(s.redo());
  CHECK(agrees(shown[1]));
  while (s.redo()) continue;
  CHECK(s.result() == shown.back());
}

TEST_CASE("copies of a session learn by themselves", "[interactive]") {
  room const r;
  auto a = r.open(options_with(learning::after_click));
  a.click(some_clicks[0]);
  auto b = a;
  double const before = a.learned().drift;
  b.click(some_clicks[1]);
  CHECK(a.learned().updates == 1);
  CHECK(a.learned().drift == before);
  CHECK(b.learned().updates == 2);
}

TEST_CASE("with learning, flip and zoom, or all refinements, clicks stay right", "[interactive]") {
  room const r;
  for (auto const place : {refinement::aj, refinement::bj}) {
    auto o = options_with(learning::after_click);
    o.refine = place;
    o.flip_averaging = o.zoom_in = true;
    o.zoom_min_size = 16;
    auto s = r.open(o);
    for (click const& c : some_clicks) s.click(c);
    CHECK(s.learned().updates == 4);
    CHECK(s.report().satisfied_clicks >= 3);
    s.remove_click(1);
    CHECK(s.learned().updates == 5);
  }
}

TEST_CASE("learning that breaks leaves the session as it was", "[interactive]") {
  room const r;
  auto s = r.open(options_with(learning::after_click, 1e30));
  CHECK(mentions(error_text([&] { s.click(some_clicks[0]); }), "not finite", "learn_rate"));
  CHECK(s.clicks().empty());
  CHECK(s.learned().updates == 0);
  CHECK(s.result().count() == 0);
  CHECK(mentions(error_text([&] { r.open(options_with(learning::after_click, -1)); }), "learn_rate -1"));
  auto o = options_with(learning::after_click);
  o.learn_forget = 2;
  CHECK(mentions(error_text([&] { r.open(o); }), "learn_forget 2"));
}
