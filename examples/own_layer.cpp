// SPDX-License-Identifier: MIT
// A layer of one's own: a struct with its parameters, what it computes, and their names. It stands in a sequential
// like any other, and `gradcheck_layer` tells whether its gradients are right.
#include <fsis/nn.hpp>
#include <fsis/nn/gradcheck_layer.hpp>

#include <cstdio>

namespace {

using values = fsis::tensor<double>;

/// y = x * sigmoid(a x), with one learned number a per channel (Ramachandran et al. 2017, "Swish").
template <fsis::index_t Channels>
struct swish {
  static constexpr fsis::index_t in_channels = Channels, out_channels = Channels;
  static constexpr fsis::nn::window window{};  // an output pixel depends on the input pixel at its place

  fsis::nn::parameter<values> slope{{Channels}, fsis::nn::initial::one};

  template <class Tape>
  fsis::variable<values> operator()(Tape& t, fsis::variable<values> const& x) const {
    return multiply(t, x, sigmoid(t, multiply(t, x, slope.on(t))));
  }

  template <class Self, class F>
  static void visit(Self& self, std::string const& prefix, F& f) {
    f(prefix + "slope", self.slope);
  }
};

/// Channel counts are types: `swish<5>` between these two would not compile.
struct small_network
    : fsis::nn::sequential<fsis::nn::conv<2, 4, 3, values>, swish<4>, fsis::nn::conv<4, 1, 1, values>> {};

}  // namespace

int main() {
  fsis::cpu_context const ctx;
  small_network net;
  fsis::nn::initialise(ctx, net, 1);
  fsis::nn::visit_parameters(net, [](std::string const& name, auto const& p) {
    std::printf("%-10s %s\n", name.c_str(), to_string(p.extents).c_str());
  });

  fsis::random_stream random(7);
  std::vector<double> pixels(2 * 5 * 6);
  for (double& v : pixels) v = random.normal();
  auto const x = fsis::from_host(ctx, {1, 5, 6, 2}, pixels);

  fsis::no_tape<values> t{ctx};  // inference: the same code, nothing recorded
  std::printf("%s -> %s\n", to_string(x.extents()).c_str(), to_string(net(t, t.input(x)).value.extents()).c_str());

  auto const report = fsis::nn::gradcheck_layer(ctx, net, x);
  std::printf("gradcheck: %s\n", report.text().c_str());
  return report.ok ? 0 : 1;
}
