// SPDX-License-Identifier: MIT
#include <fsis/interactive/click_patches.hpp>

#include <fsis/interactive/click_objective.hpp>
#include <fsis/interactive/feature_brs.hpp>
#include <fsis/interactive/frame.hpp>
#include <fsis/model/network.hpp>

#include <interactive/scene.hpp>
#include <support/near.hpp>
#include <support/random_tensor.hpp>

using namespace fsis;
using fsis_test::random_tensor;

namespace {

constexpr index_t height = 291, width = 277, map_height = 37, map_width = 35;

/// An evaluation.
struct found {
  double value;
  std::vector<double> gradient;
};

/// The objective on the whole map and on patches, at AJ or BJ of a network with made-up weights.
template <class T>
class both_ways {
 public:
  using values = tensor<T>;
  using variable_type = variable<values>;
  using net_type = network<fsis_test::tiny, cpu_context, T>;

  both_ways(cpu_context const& ctx, bool before_junction, index_t copies)
      : ctx_(ctx), before_junction_(before_junction), copies_(copies) {
    net_.initialise(ctx, 5);
    nn::visit_parameters(net_, [&](std::string const&, auto& p) {  // biases that zero padding must not see
      if (p.start == nn::initial::zero) p.value = random_tensor<T>(ctx, p.extents, 6);
    });
    index_t const channels = before_junction ? net_type::joined_channels : net_type::width;
    features_ = random_tensor<T>(ctx, {copies, map_height, map_width, channels}, 7);
    x_ = random_tensor<T>(ctx, {2 * channels}, 8, T(-0.3), T(0.3));
  }

  found whole(std::vector<click> const& clicks, index_t radius) {
    auto const squares = from_host<T>(ctx_, {1, height, width, 1},
                                      interactive::click_targets<T>(height, width, clicks, radius));
    auto const tail = [this](auto& t, variable_type const& f) {
      return net_.logits(t, before_junction_ ? net_.joint(t, f) : f, height, width);
    };
    return evaluated(interactive::replay_features(features_, tail),
                     interactive::with_mirror_image(ctx_, squares, copies_));
  }

  found on_patches(std::vector<click> const& clicks, index_t radius) {
    auto const around = interactive::patches_around<T>(
        ctx_, clicks, radius, interactive::click_targets<T>(height, width, clicks, radius),
        {height, width, map_height, map_width, copies_},
        before_junction_ ? net_type::window_behind_joined : net_type::window_behind_joint);
    REQUIRE(around.has_value());
    auto const tail = [&](auto& t, variable_type const& f) {
      auto at = around->positions;
      auto const g = clear_outside(t, f, at);
      auto const joint = before_junction_ ? net_.joint_on(t, g, at) : g;
      return net_.logits_on(t, joint, at, around->pixels);
    };
    return evaluated(interactive::replay_features(ops::gather_patches(ctx_, features_, around->positions), tail),
                     around->squares);
  }

 private:
  template <class Replay>
  found evaluated(Replay const& replay, values const& squares) {
    auto const penalty = interactive::feature_penalty<T>(ctx_, replay.channels(), 1e-3, 10);
    interactive::click_objective<values, Replay> f({squares, {}, 0}, penalty, replay, {});
    values g;
    double const value = f(ctx_, x_, g).value;
    return {value, to_host(ctx_, ops::cast<double>(ctx_, g))};
  }

  cpu_context const& ctx_;
  bool before_junction_;
  index_t copies_;
  net_type net_;
  values features_, x_;
};

void check_same(found const& a, found const& b, double tolerance) {
  CHECK_NEAR(a.value, b.value, tolerance);
  REQUIRE(a.gradient.size() == b.gradient.size());
  double largest = 0, difference = 0;
  for (std::size_t i = 0; i < b.gradient.size(); ++i) {
    largest = std::max(largest, std::abs(b.gradient[i]));
    difference = std::max(difference, std::abs(a.gradient[i] - b.gradient[i]));
  }
  CHECK(largest > 1e-6);
  CHECK(difference <= tolerance * std::max(largest, 1.0));
}

/// Every corner, an edge, clicks whose squares overlap, one asked for twice, one outside, one just outside.
std::vector<click> everywhere() {
  return {positive(0, 0),     negative(0, 276),     positive(290, 0), negative(290, 276),   positive(64.4, 58.5),
          negative(65, 59.6), positive(64.4, 58.5), positive(80, 0),  negative(900, -300), positive(-1, 40)};
}

}  // namespace

TEST_CASE("patches around clicks: value and gradient are those of the whole map") {
  cpu_context ctx;
  for (bool const before_junction : {false, true})
    for (index_t const copies : {1, 2}) {
      INFO((before_junction ? "BJ" : "AJ") << ", " << copies << " copies");
      both_ways<double> f(ctx, before_junction, copies);
      for (click const& c : everywhere()) {
        if (c.y > 291) continue;
        INFO("click " << c.y << ", " << c.x);
        check_same(f.on_patches({c}, 1), f.whole({c}, 1), 1e-12);
      }
      std::vector<click> const two{positive(64.4, 58.5), negative(65, 59.6)};
      check_same(f.on_patches(two, 1), f.whole(two, 1), 1e-12);
      check_same(f.on_patches(two, 0), f.whole(two, 0), 1e-12);
      std::vector<click> const wide{negative(70, 50)};
      check_same(f.on_patches(wide, 9), f.whole(wide, 9), 1e-12);
    }
}

TEST_CASE("patches around clicks: in floats, with plain sums on both sides") {
  cpu_options o;
  o.convolutions = convolution_algorithm::direct;
  cpu_context ctx(o);
  for (bool const before_junction : {false, true}) {
    both_ways<float> f(ctx, before_junction, 2);
    std::vector<click> const two{positive(0, 0), negative(65, 59.6)};
    check_same(f.on_patches(two, 1), f.whole(two, 1), 1e-5);
  }
}

TEST_CASE("patches around clicks: a pixel is asked for once, and none where nothing can be won") {
  cpu_context ctx;
  interactive::feature_frame const frame{height, width, map_height, map_width, 1};
  nn::window const near{1, 1, false};
  auto const around = [&](std::vector<click> const& clicks, nn::window const& behind) {
    return interactive::patches_around<double>(ctx, clicks, 1,
                                               interactive::click_targets<double>(height, width, clicks, 1), frame,
                                               behind);
  };
  std::vector<click> const clicks{positive(10, 10), negative(11, 11), positive(10, 10)};
  auto const p = around(clicks, near);
  REQUIRE(p.has_value());
  CHECK(p->pixels.count() == 14);     // two squares of nine that share four
  CHECK(p->positions.count() == 1);   // all lie between the same four positions
  CHECK(p->positions.height() == 4);  // these, and the window
  auto const got = to_host(ctx, p->squares);
  for (double const kind : {1.0, 2.0}) CHECK(std::count(got.begin(), got.end(), kind) == 5);
  CHECK(std::count(got.begin(), got.end(), 3.0) == 4);

  auto const across = around({positive(8.1, 8.1)}, near);  // a square that lies across lines of positions
  CHECK(across->positions.count() == 1);
  CHECK(across->positions.height() == 5);
  CHECK(around({positive(8.1, 8.1), positive(70, 70)}, {4, 1, false})->positions.count() == 2);
  CHECK_FALSE(around(clicks, {1, 1, true}).has_value());
  CHECK_FALSE(around(clicks, {1, 2, false}).has_value());
  CHECK_FALSE(around(clicks, {20, 1, false}).has_value());     // a patch as large as the map
  CHECK_FALSE(around({positive(-50, 10)}, near).has_value());  // nothing is asked for
  CHECK(around({positive(-1, 10), positive(900, 0)}, near)->pixels.count() == 3);
}
