// SPDX-License-Identifier: MIT
#include <fsis/model/junction.hpp>

#include <fsis/nn/gradcheck_layer.hpp>

#include <support/catch.hpp>
#include <support/layer.hpp>
#include <support/random_tensor.hpp>

using namespace fsis;

namespace {

using values = tensor<double>;
using names = std::vector<std::string>;

}  // namespace

TEST_CASE("junction: gradients") {
  cpu_context ctx;
  model::junction<5, 4, values> layer;
  fsis_test::randomise(ctx, layer, 101);
  auto const r = nn::gradcheck_layer(ctx, layer, fsis_test::random_tensor<double>(ctx, {2, 4, 3, 5}, 102));
  INFO(r.text());
  CHECK(r.ok);
}

TEST_CASE("head: gradients") {
  cpu_context ctx;
  model::head<4, values> layer;
  fsis_test::randomise(ctx, layer, 103);
  auto const r = nn::gradcheck_layer(ctx, layer, fsis_test::random_tensor<double>(ctx, {2, 4, 3, 4}, 104));
  INFO(r.text());
  CHECK(r.ok);
}

TEST_CASE("junction and head: channels, names and windows of the thesis network") {
  using junction = model::junction<513, 256, tensor<float>>;
  using head = model::head<256, tensor<float>>;
  static_assert(junction::in_channels == 513 && junction::out_channels == 256, "");
  static_assert(head::in_channels == 256 && head::out_channels == 1, "one logit");
  // both are local, so f-BRS may compute in patches around the clicks
  static_assert(junction::window.radius == 2 && junction::window.stride == 1 && !junction::window.is_global, "");
  static_assert(head::window.radius == 2 && head::window.stride == 1 && !head::window.is_global, "");
  CHECK(fsis_test::names_of(junction{}) == names{"0.conv.weight", "0.conv.bias", "1.conv.weight", "1.conv.bias"});
  CHECK(fsis_test::names_of(head{}) ==
        names{"0.conv.weight", "0.conv.bias", "1.conv.weight", "1.conv.bias", "2.weight", "2.bias"});
  CHECK(nn::parameter_count(junction{}) == 513 * 256 * 9 + 256 + 256 * 256 * 9 + 256);
  CHECK(nn::parameter_count(head{}) == 2 * (256 * 256 * 9 + 256) + 256 + 1);
}

TEST_CASE("head: logits of either sign, features of the junction not negative") {
  cpu_context ctx;
  model::junction<5, 4, tensor<float>> junction;
  model::head<4, tensor<float>> head;
  fsis_test::randomise(ctx, junction, 1);
  fsis_test::randomise(ctx, head, 2);
  no_tape<tensor<float>> t(ctx);
  auto const joint = junction(t, variable<tensor<float>>(fsis_test::random_tensor<float>(ctx, {1, 12, 12, 5}, 3)));
  auto const logits = head(t, joint);
  CHECK(joint.value.extents() == shape{1, 12, 12, 4});
  CHECK(logits.value.extents() == shape{1, 12, 12, 1});
  for (float v : to_host(ctx, joint.value)) CHECK(v >= 0);
  float lowest = 0;
  head.layer<2>().bias.value.data()[0] -= 100;
  for (float v : to_host(ctx, head(t, joint).value)) lowest = std::min(lowest, v);
  CHECK(lowest < -50);
}
