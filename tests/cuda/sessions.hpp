// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/cuda.cuh>

#include <fsis/interactive/session.hpp>

#include <interactive/scene.hpp>
#include <support/catch.hpp>

#include <cmath>
#include <vector>

namespace fsis_test {

/// What a session answers to clicks, an undo and a redo: probabilities after each.
template <class Context>
std::vector<std::vector<float>> answers_on(Context const& ctx, int clicks, fsis::refinement refine,
                                           fsis::stop_rule stop = fsis::stop_rule::never) {
  fsis::loaded_network<tiny, Context> net;
  net.initialise(ctx, 1);
  net.settings.longest_side = 48;
  fsis::session_options o;
  o.refine = refine;
  o.stop = stop;
  fsis::session_for<tiny, Context> session(ctx, net, o);
  session.set_support({made_up_shot(48, 40, 1)});
  session.set_query(made_up_shot(40, 48, 2).picture);
  std::vector<std::vector<float>> answers;
  auto const keep = [&] {
    auto const& p = session.probability();
    answers.emplace_back(p.data(), p.data() + p.size());
  };
  fsis::random_stream draw(3);
  for (int i = 0; i < clicks; ++i) {
    session.click({static_cast<double>(draw.below(40)), static_cast<double>(draw.below(48)), i % 2 == 0});
    keep();
  }
  session.undo();
  session.redo();
  keep();
  return answers;
}

/// The same clicks on the processor and on a CUDA context give the same probabilities.
inline void check_sessions(fsis::cuda_context const& cuda, int clicks, fsis::refinement refine, double limit) {
  fsis::cpu_options plain;
  plain.convolutions = fsis::convolution_algorithm::direct;
  auto const wanted = answers_on(fsis::cpu_context(plain), clicks, refine), found = answers_on(cuda, clicks, refine);
  REQUIRE(wanted.size() == found.size());
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    double most = 0;
    REQUIRE(wanted[i].size() == found[i].size());
    for (std::size_t k = 0; k < wanted[i].size(); ++k)
      most = std::max(most, static_cast<double>(std::abs(wanted[i][k] - found[i][k])));
    INFO("answer " << i);
    CHECK(most < limit);
  }
}

}  // namespace fsis_test
