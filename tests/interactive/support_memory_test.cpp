// SPDX-License-Identifier: MIT
#include <fsis/interactive/support_memory.hpp>

#include <interactive/scene.hpp>
#include <support/compare.hpp>

using namespace fsis;
using namespace fsis_test;

using tiny_network = network<tiny>;
using tensor_type = tiny_network::tensor_type;

namespace {

interactive::support_memory<tiny_network> remembered(cpu_context const& ctx, loaded_network<tiny> const& net,
                                                     std::vector<shot> const& shots) {
  return interactive::remember<tiny_network>(ctx, net, net.settings, shots, 1000000);
}

}  // namespace

TEST_CASE("a prototype is the mean of the features under the object, shots averaged") {
  cpu_context ctx;
  auto const net = made_up_network(ctx);
  // multiples of sixteen within the longest side enter as they are; the object fills whole cells
  shot a = made_up_shot(32, 48, 1), b = made_up_shot(64, 32, 2);
  a.object = mask::blank(32, 48);
  b.object = mask::blank(64, 32, 1);
  for (index_t y = 8; y < 24; ++y)
    for (index_t x = 16; x < 24; ++x) a.object(y, x) = 1;

  no_tape<tensor_type> t(ctx);
  auto const features_of = [&](shot const& s) {
    auto const picture = model::image_tensor<float>(ctx, s.picture, net.settings.pixels);
    return to_host(ctx, net.middle(t, variable<tensor_type>(picture)).value);
  };
  auto const fa = features_of(a), fb = features_of(b);
  constexpr std::size_t C = tiny_network::width;
  std::vector<double> first(C, 0), second(C, 0);
  for (std::size_t c = 0; c < C; ++c) {
    for (std::size_t cell : {std::size_t{1 * 6 + 2}, std::size_t{2 * 6 + 2}}) first[c] += static_cast<double>(fa[cell * C + c]) / 2;
    for (std::size_t cell = 0; cell < 8 * 4; ++cell) second[c] += static_cast<double>(fb[cell * C + c]) / 32;
  }
  auto const one = remembered(ctx, net, {a});
  CHECK(one.path.extents() == shape{1, 1, 1, tiny_network::width});
  CHECK(first_difference(to_host(ctx, one.path), first, [](double x, double) { return 1e-4 + 1e-4 * std::abs(x); }) ==
        "");
  auto const two = remembered(ctx, net, {a, b});
  CHECK(two.shots == 2);
  CHECK(two.views.size() == 2);
  for (std::size_t c = 0; c < C; ++c) first[c] = (first[c] + second[c]) / 2;
  CHECK(first_difference(to_host(ctx, two.path), first, [](double x, double) { return 1e-4 + 1e-4 * std::abs(x); }) ==
        "");
}

TEST_CASE("the smallest object of a large picture still has a place in prototype and prior") {
  cpu_context ctx;
  auto const net = made_up_network(ctx);
  shot s{image::blank(301, 400), mask::blank(301, 400)};
  s.object(150, 399) = 7;
  auto const m = remembered(ctx, net, {s});
  auto const weight = to_host(ctx, m.views[0].weight);
  CHECK(std::count_if(weight.begin(), weight.end(), [](float w) { return w > 0; }) == 1);
  for (float v : to_host(ctx, m.path)) CHECK(std::isfinite(v));
}

TEST_CASE("the object of a mask as 0 and 1") {
  mask m = mask::blank(1, 4);
  m(0, 1) = 255;
  m(0, 2) = 3;
  mask wanted = mask::blank(1, 4);
  wanted(0, 2) = 1;
  CHECK(interactive::object_of(m, vision::truth_reading::labels) == wanted);
  wanted(0, 1) = 1;
  CHECK(interactive::object_of(m) == wanted);
}
