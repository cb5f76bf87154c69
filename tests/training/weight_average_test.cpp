// SPDX-License-Identifier: MIT
#include <fsis/training/weight_average.hpp>

#include <fsis/nn/batch_norm.hpp>
#include <fsis/nn/linear.hpp>
#include <fsis/nn/sequential.hpp>

#include <support/catch.hpp>
#include <support/layer.hpp>
#include <support/near.hpp>

using namespace fsis;

namespace {

struct norm_and_linear : nn::sequential<nn::batch_norm<3, tensor<double>>, nn::linear<3, 2, tensor<double>>> {};

void fill(norm_and_linear& net, double value) {
  nn::visit_parameters(net, [&](std::string const&, auto& p) {
    for (index_t i = 0; i < p.value.size(); ++i) p.value.data()[i] = value;
  });
}

std::vector<double> first_values(norm_and_linear const& net) {
  std::vector<double> all;
  nn::visit_parameters(net, [&](std::string const&, auto const& p) { all.push_back(p.value.data()[0]); });
  return all;
}

}  // namespace

TEST_CASE("weight average: exponential, with a beginning that is soon forgotten", "[training]") {
  cpu_context ctx;
  norm_and_linear net;
  fsis_test::randomise(ctx, net, 1);
  training::named_tensors<double, cpu_context> averages;
  double expected = 0;
  for (index_t step = 0; step < 30; ++step) {
    double const now = static_cast<double>(step * step) - 7, n = static_cast<double>(step);
    fill(net, now);
    training::average_weights(ctx, net, 0.6, step, averages);
    double const kept = std::min(0.6, (1 + n) / (10 + n));
    expected = step == 0 ? now : kept * expected + (1 - kept) * now;
  }
  training::use_average(ctx, averages, net);
  for (double v : first_values(net)) CHECK_NEAR(v, expected, 1e-9);  // running averages of the batch norm, too
}

TEST_CASE("weight average: what is not trained stays as it is", "[training]") {
  cpu_context ctx;
  norm_and_linear net;
  fsis_test::randomise(ctx, net, 1);
  nn::freeze_statistics(net);
  training::named_tensors<double, cpu_context> averages;
  fill(net, 1);
  training::average_weights(ctx, net, 0.5, 0, averages);
  fill(net, 3);
  training::use_average(ctx, averages, net);
  nn::visit_parameters(net, [&](std::string const& name, auto const& p) {
    INFO(name);
    CHECK(p.value.data()[0] == (p.trainable ? 1 : 3));
  });
  auto const value = averages[0].value;
  averages[0].value = ops::zeros<double>(ctx, {value.size() + 1});
  CHECK_THROWS_AS(training::use_average(ctx, averages, net), value_error);
  averages[0].value = value;
  averages[0].name = "elsewhere";
  CHECK_THROWS_AS(training::use_average(ctx, averages, net), value_error);
}
