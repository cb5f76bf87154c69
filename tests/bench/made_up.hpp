// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/bench/contest.hpp>
#include <fsis/bench/report.hpp>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace fsis_test {

using fsis::index_t;
using namespace fsis::bench;

using numbers = std::vector<float>;

/// A kernel that doubles numbers, as a user would write one; what it computes can be spoilt from run `spoilt_from` on.
inline contender_for<numbers> doubling(std::string const& name, std::shared_ptr<std::vector<std::string>> calls = {},
                                       int spoilt_from = 1 << 30) {
  return {name, [=](environment const&, std::shared_ptr<numbers const> const& x) {
            auto const y = std::make_shared<numbers>(x->size());
            auto const run = std::make_shared<int>(0);
            runnable r;
            r.run = [=] {
              if (calls) calls->push_back(name);
              float const factor = ++*run >= spoilt_from ? 3.0f : 2.0f;
              for (std::size_t i = 0; i < x->size(); ++i) (*y)[i] = factor * (*x)[i];
            };
            r.result = [=] { return *y; };
            return r;
          }};
}

/// One that cannot do anything.
inline contender_for<numbers> incapable(std::string const& name) {
  return {name, [](environment const&, std::shared_ptr<numbers const> const&) -> runnable {
            fsis::fail<unsupported>("nothing is supported here");
          }};
}

/// The doubling of so many numbers by these contenders.
inline benchmark doubling_benchmark(std::vector<contender_for<numbers>> contenders,
                                    std::string const& name = "double") {
  contest<numbers> c;
  c.name = name;
  c.summary = "y = 2 x";
  c.axes = {{"length", 8, "numbers", 1, 1000}};
  c.count = [](setting const& s) {
    double const n = static_cast<double>(s["length"]);
    return work{n, 8 * n};
  };
  c.problem = [](environment const& env) {
    numbers x;
    for (index_t i = 0; i < env.at["length"]; ++i) x.push_back(static_cast<float>(i + 1));
    return x;
  };
  c.expected = [](environment const&, numbers const& x) {
    return expect_some(static_cast<index_t>(x.size()), [&](index_t i) { return 2.0 * static_cast<double>(i + 1); });
  };
  c.contenders = std::move(contenders);
  return benchmark_of(c);
}

/// A measurement of these samples, against others of the same round where there are any.
inline measurement measured(std::vector<double> const& samples, std::vector<double> const& base = {}) {
  measurement m;
  m.samples = samples;
  m.seconds = summary_of(samples);
  if (!base.empty()) m.against = ratio_of(samples, base);
  m.loop_flops_per_second = 6e10;
  return m;
}

inline state timed_state(std::string const& name, std::string const& contender, std::vector<double> const& samples,
                         index_t side = 96) {
  state s;
  s.benchmark = name;
  s.contender = contender;
  s.axes = {{"height", side}, {"width", side}, {"threads", 1}};
  s.counts = {2e6, 1e5};
  s.warm = measured(samples);
  return s;
}

/// A report with something of everything.
inline report full_report() {
  report r;
  r.meta = {{"fsis-bench", "run", "conv<3>"}, "0.1.0", "g++ \"12\"", "0123abc", true};
  r.device.name = "A & B <processor>";
  r.device.threads = 2;
  r.device.l3_bytes = 1 << 25;
  r.measured = {{1, fsis::instruction_set::avx2, 7.5e10, 2e10}, {2, fsis::instruction_set::avx2, 1.5e11, 3e10}};
  r.states.push_back(timed_state("conv", "fsis", {1e-3, 3e-3, 2e-3}));
  r.states.push_back(timed_state("conv", "peer", {2e-3, 6e-3, 4e-3}));
  r.states.back().warm = measured({2e-3, 6e-3, 4e-3}, {1e-3, 3e-3, 2e-3});
  r.states.back().cold = measured({8e-3, 8e-3});
  r.states.push_back(timed_state("conv", "other", {1}));
  r.states.back().warm.reset();
  r.states.back().result = outcome::skipped;
  r.states.back().reason = "it cannot do 'this'";
  r.states.push_back(r.states.back());
  r.states.back().contender = "bad";
  r.states.back().result = outcome::wrong;
  r.states.back().reason = "element 3 is 7, wanted 8";
  for (index_t const side : {32, 64, 128}) {
    double const t = 1e-6 * static_cast<double>(side * side);
    r.states.push_back(timed_state("pool", "fsis", {t, 1.1 * t, 1.2 * t}, side));
    r.states.back().swept = "side";
    r.states.back().memory_bytes = 4096 * side;
  }
  return r;
}

}  // namespace fsis_test
