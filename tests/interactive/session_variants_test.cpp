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

struct looks_twice : click_prior_of_two_levels {
  static constexpr bool self_support = true;
};

struct click_prior_without_support : without_support {
  static constexpr int click_prior_levels = 1;
};

}  // namespace

TEMPLATE_TEST_CASE("what clicks change in the junction itself can be refined in every place", "", late_clicks,
                   click_prior_of_two_levels, looks_twice) {
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

TEMPLATE_TEST_CASE(
    "a click prior sees the clicks of the network, in the mirror image and in a part of the photo, too", "",
    click_prior_of_two_levels, looks_twice) {
  cpu_context ctx;
  auto const net = made_up_network<TestType>(ctx);
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

TEST_CASE("a second look sees what was sure at the first") {
  cpu_context ctx;
  auto net = made_up_network<looks_twice>(ctx);
  using net_type = network<looks_twice>;
  nn::visit_parameters(net, [](std::string const& name, auto& p) {  // answers that are sure of something
    if (name.rfind("head.", 0) == 0)
      for (index_t i = 0; i < p.value.size(); ++i) p.value.data()[i] *= 10;
  });
  session_options o;
  o.refine = refinement::none;
  o.colour_weight = 0;
  o.edge_radius = 0;
  auto const photo = made_up_shot(48, 64, 3).picture;
  session s{ctx, net, o};
  auto const shown = made_up_shot(40, 56, 2);
  s.set_support({shown});
  s.set_query(photo);
  s.click(positive(20, 30));

  // the same by the network's parts
  no_tape<tensor<float>> t(ctx);
  net_type::inputs in;
  in.image = model::image_tensor<float>(ctx, photo, net.settings.pixels);
  std::vector<click> const clicks{positive(20, 30)};
  in.maps = from_host<float>(ctx, {1, 48, 64, 2}, vision::click_maps<float>(48, 64, clicks, net.settings.clicks));
  auto const support = interactive::remember(ctx, net, net.settings, {shown}, o.max_pixels);
  in.support = support.path;
  auto const seen = net.frozen(ctx, in.image.value);
  in.prior = model::prior_of(ctx, seen.high, support.views, net.settings.prior);
  in.click_prior = model::click_prior(ctx, seen, 0, clicks, 48, 64);
  auto const first = net(t, in).value;
  in.self_support = model::self_support(ctx, seen, first);
  auto const second = net(t, in).value;
  auto const p = to_host(ctx, ops::map(ctx, second, kernels::sigmoid{}));
  CHECK(to_host(ctx, first) != to_host(ctx, second));
  for (index_t i = 0; i < s.probability().size(); ++i)
    REQUIRE(std::abs(s.probability().data()[i] - p[static_cast<std::size_t>(i)]) < 1e-5f);
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
