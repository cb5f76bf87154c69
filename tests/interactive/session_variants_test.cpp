// SPDX-License-Identifier: MIT
#include <fsis/interactive/session.hpp>

#include <interactive/scene.hpp>
#include <support/catch.hpp>

using namespace fsis;
using namespace fsis_test;

namespace {

struct without_support : tiny {
  static constexpr support_path support = support_path::none;
  static constexpr bool has_prior = false;
};

struct as_drawn : tiny {
  static constexpr support_path support = support_path::feature_map;
  static constexpr middle_trunk middle = middle_trunk::frozen;
  static constexpr bool has_focus = false;
};

struct late_clicks : tiny {
  static constexpr bool clicks_in_junction = true;
};

struct click_prior_of_two_levels : tiny {
  static constexpr int click_prior_levels = 2;
};

struct click_prior_without_support : without_support {
  static constexpr int click_prior_levels = 1;
};

}  // namespace

TEMPLATE_TEST_CASE("what clicks change in the junction itself can be refined in every place", "", late_clicks,
                   click_prior_of_two_levels) {
  cpu_context ctx;
  auto const net = made_up_network<TestType>(ctx);
  auto const answered = [&](refinement place, bool on_patches) {
    session_options o;
    o.refine = place;
    o.refine_on_patches = on_patches;
    session s{ctx, net, o};
    s.set_support({made_up_shot(40, 56, 2)});
    s.set_query(made_up_shot(48, 64, 3).picture);
    for (click const& c : some_clicks) s.click(c);
    CHECK(s.report().evaluations > 0);
    return s.probability();
  };
  for (auto const place : {refinement::aj, refinement::bj, refinement::brs}) {
    auto const patches = answered(place, true), whole = answered(place, false);
    for (index_t i = 0; i < whole.size(); ++i) REQUIRE(std::abs(patches.data()[i] - whole.data()[i]) < 2e-3f);
  }
}

TEST_CASE("a click prior sees the clicks of the network, in the mirror image and in a part of the photo, too") {
  cpu_context ctx;
  auto const net = made_up_network<click_prior_of_two_levels>(ctx);
  session_options o;
  o.refine = refinement::none;
  o.flip_averaging = true;
  auto const photo = made_up_shot(48, 64, 3).picture;
  auto const answered = [&](image const& seen, bool mirror) {
    session s{ctx, net, o};
    s.set_support({made_up_shot(40, 56, 2)});
    s.set_query(seen);
    for (click c : some_clicks) {
      if (mirror) c.x = 63 - c.x;
      s.click(c);
    }
    return s.probability();
  };
  auto const upright = answered(photo, false), turned = answered(mirrored(photo), true);
  for (index_t y = 0; y < 48; ++y)
    for (index_t x = 0; x < 64; ++x) REQUIRE(std::abs(upright(y, x) - turned(y, 63 - x)) < 1e-4f);

  o.flip_averaging = false;
  o.zoom_in = true;
  o.zoom_min_size = 16;
  session s{ctx, net, o};
  s.set_support({made_up_shot(40, 56, 2)});
  s.set_query(photo);
  s.click(positive(20, 30));
  snapshot const one(s);
  s.click(negative(2, 3));
  snapshot const two(s);
  s.undo();
  CHECK(snapshot(s) == one);
  s.redo();
  CHECK(snapshot(s) == two);
}

TEMPLATE_TEST_CASE("a network without support path and prior asks for no support", "", without_support,
                   click_prior_without_support) {
  cpu_context ctx;
  auto const net = made_up_network<TestType>(ctx);
  session s{ctx, net};
  s.set_query(made_up_shot(48, 64, 3).picture);
  s.click(positive(20, 30));
  snapshot const without(s);
  s.set_support({made_up_shot(40, 56, 2)});
  s.click(positive(20, 30));
  CHECK(snapshot(s) == without);
  CHECK(mentions(error_text([&] { s.set_support({}); }), "set_support", "no shots"));
}

TEST_CASE("features of shots of different sizes are averaged where the architecture wants a map") {
  cpu_context ctx;
  auto const net = made_up_network<as_drawn>(ctx);
  session_options o;
  o.flip_averaging = true;
  o.zoom_in = true;
  o.zoom_min_size = 16;
  session s{ctx, net, o};
  s.set_support({made_up_shot(40, 56, 2), made_up_shot(60, 30, 4)});
  s.set_query(made_up_shot(48, 64, 3).picture);
  s.click(positive(20, 30));
  snapshot const one(s);
  s.click(negative(2, 3));
  CHECK(all_finite(s.probability()));
  s.undo();
  CHECK(snapshot(s) == one);
}
