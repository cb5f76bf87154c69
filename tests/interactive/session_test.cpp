// SPDX-License-Identifier: MIT
#include <fsis/interactive/session.hpp>

#include <interactive/scene.hpp>
#include <support/catch.hpp>
#include <support/near.hpp>

#include <limits>
#include <type_traits>

using namespace fsis;
using namespace fsis_test;

static_assert(std::is_same<tiny_session, session<tiny, cpu_context, float>>::value, "");
static_assert(!std::is_constructible<tiny_session, cpu_context, loaded_network<tiny> const&>::value,
              "a temporary context does not outlive the session");
static_assert(!std::is_constructible<tiny_session, cpu_context const&, loaded_network<tiny>>::value,
              "a temporary network does not outlive the session");
static_assert(std::is_constructible<tiny_session, cpu_context const&, loaded_network<tiny> const&>::value, "");

TEST_CASE("a session deduces its type from context and network") {
  room r;
  session plain{r.ctx, r.net};
  static_assert(std::is_same<decltype(plain), tiny_session>::value, "");
  loaded_network<tiny> const& constant = r.net;
  session with_options{r.ctx, constant, session_options{}};
  static_assert(std::is_same<decltype(with_options), tiny_session>::value, "");
  CHECK(with_options.threshold() == 0.5);
}

TEST_CASE("clicks give masks of the photo's size that satisfy them") {
  room r;
  for (refinement const how : {refinement::aj, refinement::bj, refinement::brs}) {
    session_options o;
    o.refine = how;
    o.correction_radius = 0;  // the refinement alone
    auto s = r.open(o);
    CHECK(s.result() == mask::blank(48, 64));
    CHECK(s.report().status == click_status::nothing_done);
    index_t count = 0;
    for (click const& c : some_clicks) {
      mask const m = s.click(c);
      ++count;
      REQUIRE(m.height() == 48);
      REQUIRE(m.width() == 64);
      CHECK(m == s.result());
      auto const report = s.report();
      CHECK(report.clicks == count);
      CHECK(report.evaluations >= 1);
      CHECK(report.evaluations <= 20);
      CHECK(report.milliseconds.total > 0);
      if (report.status == click_status::clicks_right) CHECK(report.satisfied_clicks == count);
      for (index_t i = 0; i < m.size(); ++i)
        REQUIRE((m.data()[i] == 1) == (static_cast<double>(s.probability().data()[i]) > s.threshold()));
    }
    CHECK(s.clicks() == some_clicks);
    // maps in front of a made-up network cannot always do it
    if (how != refinement::brs) CHECK(s.report().status == click_status::clicks_right);
  }
}

TEST_CASE("what a refinement leaves wrong is corrected around the click, with every answer") {
  room r;
  session_options o;
  o.max_evaluations = 1;  // nothing is refined
  o.merge = false;
  std::vector<click> clicks = some_clicks;
  clicks.push_back({clicks[0].y, clicks[0].x + 1, !clicks[0].is_positive});
  for (bool const corrects : {false, true}) {
    o.correction_radius = corrects ? 4 : 0;
    auto s = r.open(o);
    for (click const& c : clicks) s.click(c);
    CHECK((s.report().satisfied_clicks == s.report().clicks) == corrects);
    auto const before = s.probability();
    mask const m = s.result();
    s.undo();
    s.redo();
    CHECK(s.result() == m);
    CHECK(same(s.probability(), before));  // computed again
  }
}

TEST_CASE("without refinement the network's answer stands, and refinement starts from it") {
  room r;
  session_options none, after;
  none.refine = refinement::none;
  after.refine_after = 1;
  after.stop = stop_rule::never;
  after.max_evaluations = 5;
  auto plain = r.open(none), delayed = r.open(after);
  plain.click(some_clicks[0]);
  delayed.click(some_clicks[0]);
  CHECK(plain.report().status == click_status::not_refined);
  CHECK(plain.report().evaluations == 0);
  CHECK(delayed.report().status == click_status::not_refined);
  CHECK(same(plain.probability(), delayed.probability()));
  delayed.click(some_clicks[1]);
  plain.click(some_clicks[1]);
  CHECK(delayed.report().evaluations == 5);
  CHECK(delayed.report().status == click_status::max_evaluations);
  CHECK_FALSE(same(plain.probability(), delayed.probability()));
}

TEST_CASE("support and photo may come in either order, and are asked for by name") {
  room r;
  tiny_session s{r.ctx, r.net};
  auto const text = [&] { return error_text([&] { s.click(positive(1, 1)); }); };
  CHECK(mentions(text(), "click", "no support and no photo", "set_support", "set_query"));
  CHECK(mentions(error_text([&] { s.result(); }), "result", "no photo", "set_query"));
  CHECK(mentions(error_text([&] { s.start_from(mask::blank(2, 2, 1)); }), "start_from", "no photo"));
  CHECK_FALSE(s.undo());
  CHECK_FALSE(s.redo());
  s.set_query(r.photo.picture);
  CHECK(mentions(text(), "click", "no support", "set_support"));
  CHECK(s.result() == mask::blank(48, 64));
  s.set_support({r.example});
  s.click(some_clicks[0]);

  auto other = r.open();
  other.click(some_clicks[0]);
  CHECK(snapshot(s) == snapshot(other));

  tiny_session third{r.ctx, r.net};
  third.set_support({r.example});
  CHECK(mentions(error_text([&] { third.click(positive(1, 1)); }), "click", "no photo", "set_query"));
}

TEST_CASE("undo and redo restore the same bytes without running the network") {
  room r;
  for (refinement const how : {refinement::aj, refinement::brs}) {
    session_options o;
    o.refine = how;
    o.flip_averaging = true;
    auto s = r.open(o);
    std::vector<snapshot> seen{snapshot(s)};
    for (click const& c : some_clicks) {
      s.click(c);
      seen.emplace_back(s);
    }
    auto const moves_without_network = [&](auto move) {
      r.ctx.memory().reset_peak();
      bool const moved = move();
      auto const memory = r.ctx.memory().statistics();
      CHECK(memory.peak == memory.in_use);  // no tensor was made
      return moved;
    };
    for (std::size_t i = some_clicks.size(); i-- > 0;) {
      CHECK(moves_without_network([&] { return s.undo(); }));
      CHECK(snapshot(s) == seen[i]);
    }
    CHECK_FALSE(s.undo());
    for (std::size_t i = 1; i < seen.size(); ++i) {
      CHECK(moves_without_network([&] { return s.redo(); }));
      CHECK(snapshot(s) == seen[i]);
    }
    CHECK_FALSE(s.redo());

    // what was optimised is restored, too: the same click again gives the same bytes
    s.undo();
    s.click(some_clicks.back());
    CHECK(snapshot(s) == seen.back());
    CHECK_FALSE(s.redo());
  }
}

TEST_CASE("a copy of a session goes its own way") {
  room r;
  auto s = r.open();
  s.click(some_clicks[0]);
  snapshot const one(s);
  auto other = s;
  CHECK(snapshot(other) == one);
  other.click(some_clicks[1]);
  CHECK(snapshot(s) == one);
  s.click(some_clicks[1]);
  CHECK(snapshot(s) == snapshot(other));
  other.reset_clicks();
  CHECK(other.undo());
  CHECK(snapshot(s) == snapshot(other));
}

TEST_CASE("the history stays within its limit") {
  room r;
  session_options o;
  o.history_limit = 2;
  auto s = r.open(o);
  for (click const& c : some_clicks) s.click(c);
  CHECK(s.undo());
  CHECK(s.undo());
  CHECK_FALSE(s.undo());
  CHECK(s.clicks().size() == 2);
  index_t const state = 400, variables = 2 * 2 * 16 * 4, clicks = 4 * 24;
  CHECK(s.history_bytes() <= 3 * (state + variables + clicks + 48 * 64 / 8));
}

TEST_CASE("a removed click counts no more") {
  room r;
  auto s = r.open();
  for (click const& c : some_clicks) s.click(c);
  snapshot const before(s);
  mask const m = s.remove_click(1);
  CHECK(m == s.result());
  CHECK(s.clicks() == std::vector<click>{some_clicks[0], some_clicks[2], some_clicks[3]});
  CHECK(s.report().clicks == 3);
  CHECK(s.undo());
  CHECK(snapshot(s) == before);

  SECTION("the last of all leaves nothing") {
    auto one = r.open();
    one.click(some_clicks[0]);
    CHECK(one.remove_click(0) == mask::blank(48, 64));
    CHECK(one.clicks().empty());
    CHECK(one.report().status == click_status::nothing_done);
  }
  SECTION("a single one that remains is as if it had been the only one") {
    auto two = r.open(), one = r.open();
    one.click(some_clicks[0]);
    two.click(some_clicks[0]);
    two.click(some_clicks[1]);
    two.remove_click(1);
    CHECK(snapshot(two) == snapshot(one));
  }
  CHECK(mentions(error_text([&] { s.remove_click(4); }), "remove_click", "click 4 of 4"));
  CHECK(mentions(error_text([&] { s.remove_click(-1); }), "remove_click", "-1"));
  s.reset_clicks();
  CHECK(s.clicks().empty());
  CHECK(s.result() == mask::blank(48, 64));
  CHECK(s.undo());
  CHECK(snapshot(s) == before);
}

TEST_CASE("a new photo or new support begins anew") {
  room r;
  auto s = r.open(), fresh = r.open();
  s.click(some_clicks[0]);
  s.set_query(r.photo.picture);
  CHECK(s.clicks().empty());
  CHECK_FALSE(s.undo());
  s.click(some_clicks[0]);
  s.set_support({r.example});
  CHECK(s.clicks().empty());
  CHECK(s.result() == mask::blank(48, 64));
  CHECK_FALSE(s.undo());
  s.click(some_clicks[1]);
  fresh.click(some_clicks[1]);
  CHECK(snapshot(s) == snapshot(fresh));
}

TEST_CASE("the order of the shots does not matter, their number and content do") {
  room r;
  std::vector<shot> const shots{made_up_shot(40, 56, 5), made_up_shot(70, 30, 6), made_up_shot(33, 90, 7)};
  session_options o;
  o.refine = refinement::none;
  auto const probability_with = [&](std::vector<shot> const& given) {
    auto s = r.open(o);
    s.set_support(given);
    s.click(some_clicks[0]);
    return s.probability();
  };
  auto const one = probability_with(shots);
  CHECK(largest_difference(one, probability_with({shots[2], shots[0], shots[1]})) < 1e-4);
  CHECK(largest_difference(one, probability_with({shots[1], shots[2], shots[0]})) < 1e-4);
  CHECK_FALSE(same(one, probability_with({shots[0]})));
  CHECK(same(probability_with({shots[0]}), probability_with({shots[0]})));
  CHECK(largest_difference(probability_with({shots[0]}), probability_with({shots[0], shots[0]})) < 1e-4);
}

TEST_CASE("clicks beyond the limit do not enter the click maps") {
  room r;
  session_options o;
  o.refine = refinement::none;
  o.net_clicks_limit = 2;
  auto s = r.open(o);
  s.click(some_clicks[0]);
  s.click(some_clicks[1]);
  auto const two = s.probability();
  s.click(some_clicks[2]);
  CHECK(same(s.probability(), two));
  o.refine = refinement::aj;
  o.stop = stop_rule::never;
  auto refined = r.open(o);
  refined.click(some_clicks[0]);
  refined.click(some_clicks[1]);
  auto const before = refined.probability();
  refined.click(some_clicks[2]);
  CHECK_FALSE(same(refined.probability(), before));  // they are asked for all the same
}

TEST_CASE("where the next refinement starts is a choice") {
  room r;
  auto const with = [&](warm_start start) {
    session_options o;
    o.start = start;
    o.stop = stop_rule::never;
    o.max_evaluations = 4;
    return o;
  };
  auto cold = r.open(with(warm_start::none)), longer = r.open(with(warm_start::none));
  auto best = r.open(with(warm_start::best)), last = r.open(with(warm_start::last));
  for (auto* s : {&cold, &longer, &best, &last}) {
    s->click(some_clicks[0]);
    s->click(some_clicks[1]);
  }
  // nothing of earlier clicks is left in a cold start: removing a click is the same as never having made it
  longer.click(some_clicks[2]);
  longer.remove_click(2);
  CHECK(snapshot(longer) == snapshot(cold));
  CHECK_FALSE(same(best.probability(), cold.probability()));
  CHECK(last.report().evaluations == 4);
}

TEST_CASE("a settled mask can end a refinement") {
  room r;
  session_options o;
  o.stop = stop_rule::mask_settled;
  o.colour_weight = 0;
  o.edge_radius = 0;
  o.settled_above = 0.01;
  o.click_margin = 0.45;  // hard to reach
  auto s = r.open(o);
  s.click(some_clicks[0]);
  CHECK(s.report().status == click_status::mask_settled);
  CHECK(s.report().evaluations == 2);
}

TEST_CASE("twenty clicks leave everything finite") {
  room r;
  random_stream draw(11);
  session_options o;
  o.threshold = 0.49;
  auto s = r.open(o);
  for (int i = 0; i < 20; ++i) {
    double const y = draw.uniform(0, 47), x = draw.uniform(0, 63);
    s.click({y, x, r.photo.object(static_cast<index_t>(y), static_cast<index_t>(x)) != 0});
    REQUIRE(all_finite(s.probability()));
    REQUIRE(s.report().evaluations <= 20);
  }
  CHECK(s.report().clicks == 20);
}

TEST_CASE("a spent time budget gives the best answer so far") {
  room r;
  session_options none, hurried;
  none.refine = refinement::none;
  hurried.time_budget_ms = 1e-6;
  hurried.correction_radius = 0;  // that takes no time worth a budget
  auto plain = r.open(none), s = r.open(hurried);
  CHECK(s.click(some_clicks[0]) == plain.click(some_clicks[0]));
  CHECK(s.report().status == click_status::deadline);
  CHECK(s.report().evaluations == 0);
  CHECK(same(s.probability(), plain.probability()));

  hurried.time_budget_ms = 1e300;
  auto patient = r.open(hurried), unhurried = r.open();
  CHECK(patient.click(some_clicks[0]) == unhurried.click(some_clicks[0]));
}

TEST_CASE("averaging flips treats left and right alike") {
  room r;
  session_options o;
  o.flip_averaging = true;
  o.refine = refinement::none;
  auto const mirrored_click = [](click c) {
    c.x = 63 - c.x;
    return c;
  };
  for (refinement const how : {refinement::none, refinement::aj, refinement::brs}) {
    o.refine = how;
    auto s = r.open(o), other = r.open(o);
    other.set_query(mirrored(r.photo.picture));
    s.click(some_clicks[0]);
    other.click(mirrored_click(some_clicks[0]));
    vision::plane<float> turned = s.probability();
    for (index_t y = 0; y < 48; ++y)
      for (index_t x = 0; x < 64; ++x) turned(y, x) = s.probability()(y, 63 - x);
    CHECK(largest_difference(turned, other.probability()) < (how == refinement::none ? 1e-5 : 1e-2));
    o.flip_averaging = false;
    auto without = r.open(o);
    without.click(some_clicks[0]);
    CHECK_FALSE(same(without.probability(), s.probability()));
    o.flip_averaging = true;
  }
}
