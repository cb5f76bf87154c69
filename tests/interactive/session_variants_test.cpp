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

}  // namespace

TEST_CASE("a network without support path and prior asks for no support") {
  cpu_context ctx;
  auto const net = made_up_network<without_support>(ctx);
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
