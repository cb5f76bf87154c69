// SPDX-License-Identifier: MIT
#include <fsis/training/evaluation.hpp>

#include <fsis/model/load.hpp>
#include <fsis/training/threshold.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>
#include <training/toy_episodes.hpp>

#include <memory>

using namespace fsis;
using namespace fsis::training;
using fsis_test::toy_episodes;

TEST_CASE("an evaluation counts every click of every episode", "[training]") {
  cpu_context ctx;
  auto const set = fsis_test::toy_set();
  auto net = std::make_unique<loaded_network<fsis_test::tiny>>();
  net->initialise(ctx, 3);
  session_options o;
  o.refine = refinement::none;
  index_t reported = 0;
  auto const result = evaluate(ctx, *net, set, toy_episodes(set, 4), o, 3, [&](index_t n) { reported = n; });
  REQUIRE(result.clicks == 3);
  for (index_t c = 1; c <= 3; ++c) CHECK(result.scores(c).episodes() == 4);
  REQUIRE(result.histories().size() == 4);
  CHECK(result.timing().clicks <= 12);
  CHECK(result.timing().images == 4);
  CHECK(result.satisfied_share(1) >= 0);
  CHECK(mentions(error_text([&] { result.scores(4); }), "click 4 of 3"));
  CHECK(reported == 4);
  double const t = best_threshold(ctx, *net, set, toy_episodes(set, 4));
  CHECK(t >= 0.2);
  CHECK(t <= 0.8 + 1e-12);
  CHECK(mentions(error_text([&] { evaluate(ctx, *net, set, {}, o, 0); }), "0 clicks"));
}
