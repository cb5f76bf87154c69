// SPDX-License-Identifier: MIT
// PyTorch's C++ library, channels last: convolutions and the trunk, forward and with the gradients of all filters.
#include "peers/peers.hpp"

#include <torch/torch.h>

#include <memory>

namespace fsis_bench {
namespace {

using fsis::bench::environment;
using fsis::bench::runnable;
using sizes = std::vector<std::int64_t>;

/// Numbers of extents (A,H,W,B), pictures or filters, as PyTorch names them: (A,B,H,W), channels last in memory.
torch::Tensor tensor_of(std::vector<float> const& numbers, fsis::shape const& s) {
  auto const view = torch::from_blob(const_cast<float*>(numbers.data()), {s[0], s[1], s[2], s[3]}, torch::kFloat32);
  return view.permute({0, 3, 1, 2}).clone(at::MemoryFormat::ChannelsLast);
}

torch::Tensor tensor_of(std::vector<float> const& numbers) {
  return torch::from_blob(const_cast<float*>(numbers.data()), {static_cast<std::int64_t>(numbers.size())}).clone();
}

/// The other way.
std::vector<float> numbers_of(torch::Tensor const& t) {
  auto const last = t.detach().permute({0, 2, 3, 1}).contiguous();
  return {last.data_ptr<float>(), last.data_ptr<float>() + last.numel()};
}

/// Runs `work()`, which returns a tensor, on the threads of a setting.
template <class Work>
runnable runnable_of(environment const& env, Work const& work) {
  auto const result = std::make_shared<torch::Tensor>();
  int const threads = static_cast<int>(env.at["threads"]);
  runnable r;
  r.run = [=] {
    at::set_num_threads(threads);
    *result = work();
  };
  r.result = [=] { return numbers_of(*result); };
  return r;
}

sizes pair_of(index_t const (&p)[2]) { return {p[0], p[1]}; }

runnable forward(environment const& env, std::shared_ptr<convolution_problem const> const& p) {
  auto const x = tensor_of(p->x, p->x_extents()), f = tensor_of(p->filter, p->filter_extents());
  auto const bias = tensor_of(p->bias);
  return runnable_of(env, [=] {
    torch::NoGradGuard const nothing_is_recorded;
    return torch::conv2d(x, f, bias, pair_of(p->g.stride), pair_of(p->g.padding), pair_of(p->g.dilation)).relu_();
  });
}

/// One of the gradients of a convolution: 0 of its input, 1 of its filter. PyTorch asks for all operands, of which the
/// problem has made those that it takes to compute.
template <std::size_t Which>
runnable gradient(environment const& env, std::shared_ptr<convolution_problem const> const& p) {
  auto const zeros = [](fsis::shape const& s) { return std::vector<float>(static_cast<std::size_t>(s.size())); };
  auto const x = tensor_of(Which == 0 ? zeros(p->x_extents()) : p->x, p->x_extents());
  auto const f = tensor_of(Which == 0 ? p->filter : zeros(p->filter_extents()), p->filter_extents());
  auto const dy = tensor_of(p->dy, p->y_extents());
  return runnable_of(env, [=] {
    torch::NoGradGuard const nothing_is_recorded;
    return std::get<Which>(torch::convolution_backward(dy, x, f, sizes{p->g.K}, pair_of(p->g.stride),
                                                       pair_of(p->g.padding), pair_of(p->g.dilation), false, {0, 0},
                                                       1, {Which == 0, Which == 1, false}));
  });
}

struct trunk {
  struct layer {
    torch::Tensor filter, bias;
    bool is_pooled;
  };

  explicit trunk(trunk_problem const& p) : x(tensor_of(p.x, {p.batch, p.side, p.side, 3})) {
    for (auto const& l : p.layers)
      layers.push_back({tensor_of(l.filter, {l.K, 3, 3, l.C}), tensor_of(l.bias), l.is_pooled});
  }

  torch::Tensor forward() const {
    torch::Tensor y = x;
    for (layer const& l : layers) {
      y = torch::conv2d(y, l.filter, l.bias, 1, 1).relu_();
      if (l.is_pooled) y = torch::max_pool2d(y, 2);
    }
    return y;
  }

  torch::Tensor x;
  std::vector<layer> layers;
};

runnable trunk_forward(environment const& env, std::shared_ptr<trunk_problem const> const& p) {
  auto const net = std::make_shared<trunk>(*p);
  return runnable_of(env, [=] {
    torch::NoGradGuard const nothing_is_recorded;
    return net->forward();
  });
}

runnable trunk_gradient(environment const& env, std::shared_ptr<trunk_problem const> const& p) {
  auto const net = std::make_shared<trunk>(*p);
  for (auto& l : net->layers) l.filter.requires_grad_(), l.bias.requires_grad_();
  return runnable_of(env, [=] {
    for (auto& l : net->layers) l.filter.mutable_grad() = l.bias.mutable_grad() = torch::Tensor();
    auto const y = net->forward();
    y.backward(y.detach());
    return net->layers.front().filter.grad();
  });
}

}  // namespace

void add_libtorch(peers& to) {
  to.convolution.push_back({"libtorch", forward});
  to.data_gradient.push_back({"libtorch", gradient<0>});
  to.filter_gradient.push_back({"libtorch", gradient<1>});
  to.trunk.push_back({"libtorch", trunk_forward});
  to.trunk_gradient.push_back({"libtorch", trunk_gradient});
}

}  // namespace fsis_bench
