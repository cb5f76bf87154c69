// SPDX-License-Identifier: MIT
#include "cases/cases.hpp"
#include "cases/network_work.hpp"
#include "cases/op_case.hpp"

#include <fsis/model/network.hpp>

#include <memory>

namespace fsis_bench {
namespace {

using network = fsis::network<fsis::compact>;

struct network_problem {
  std::vector<float> image, maps, support, prior, click_prior;
};
using problem = std::shared_ptr<network_problem const>;

/// The network on a context, with made-up weights and inputs.
struct scene {
  std::shared_ptr<fsis::cpu_context> ctx;
  network net;
  network::inputs in;
  values y;

  scene(std::shared_ptr<fsis::cpu_context> const& on, setting const& at, network_problem const& p) : ctx(on) {
    net.initialise(*ctx, 1);
    index_t const N = at["batch"], side = at["side"];
    in.image = fsis::from_host<float>(*ctx, {N, side, side, 3}, p.image);
    in.maps = fsis::from_host<float>(*ctx, {N, side, side, 2}, p.maps);
    in.support = fsis::from_host<float>(*ctx, {N, 1, 1, network::width}, p.support);
    in.prior = fsis::from_host<float>(*ctx, {N, side / 16, side / 16, 1}, p.prior);
    in.click_prior =
        fsis::from_host<float>(*ctx, {N, side / 8, side / 8, network::click_prior_channels}, p.click_prior);
  }

  void run() {
    y = values();
    fsis::no_tape<values> t(*ctx);
    y = net(t, in).value;
  }
};

}  // namespace

void add_networks(fsis::bench::registry& to) {
  fsis::bench::contest<network_problem> c;
  c.name = "compact.network.forward";
  c.summary = "the pass of the compact network that answers a click";
  c.axes = {{"batch", 1, "pictures"}, {"side", 384, "rows and columns of a picture, a multiple of 16", 16, 1 << 14}};
  c.count = [](setting const& s) { return network_work<fsis::compact>(s["batch"], s["side"]).answer(); };
  c.problem = [](environment const& env) {
    index_t const N = env.at["batch"], side = env.at["side"];
    return network_problem{normal_values({N, side, side, 3}, 1, 1), normal_values({N, side, side, 2}, 1, 2),
                           normal_values({N, network::width}, 1, 3), normal_values({N, side / 16, side / 16}, 1, 4),
                           normal_values({N, side / 8, side / 8, network::click_prior_channels}, 1, 5)};
  };
  // plain sums, which the benchmarks of single convolutions check against the definition
  c.expected = [](environment const& env, network_problem const& p) {
    scene s(env.context_with(fsis::convolution_algorithm::direct), env.at, p);
    s.run();
    auto const wanted = fsis::to_host(*s.ctx, s.y);
    return fsis::bench::expect_some(static_cast<index_t>(wanted.size()), [&](index_t i) { return at(wanted, i); },
                                    1e-3);
  };
  for (auto const& own : {std::make_pair("fsis", fsis::convolution_algorithm::any),
                          std::make_pair("direct", fsis::convolution_algorithm::direct)})
    c.contenders.push_back({own.first, [=](environment const& env, problem const& p) {
                              auto const s = std::make_shared<scene>(env.context_with(own.second), env.at, *p);
                              runnable r;
                              r.run = [=] { s->run(); };
                              r.result = [=] { return fsis::to_host(*s->ctx, s->y); };
                              r.memory = &s->ctx->memory();
                              return r;
                            }});
  to.add(fsis::bench::benchmark_of(c));
}

}  // namespace fsis_bench
