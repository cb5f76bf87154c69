// SPDX-License-Identifier: MIT
#include <fsis/training/bootstrap.hpp>

#include <support/catch.hpp>
#include <training/made_up_evaluation.hpp>

using namespace fsis;
using namespace fsis::training;
using fsis_test::made_up_evaluation;

TEST_CASE("bootstrap: the standard error of a mean is the deviation over the root of the count", "[training]") {
  // 200 pictures, values 0 and 1 in turns: deviation 0.5
  auto const e = made_up_evaluation(200, 1, [](index_t i, index_t) { return i % 2 == 0 ? 0.0 : 1.0; });
  auto const mean = [&](std::vector<index_t> const& times) {
    double sum = 0, count = 0;
    for (std::size_t i = 0; i < times.size(); ++i) {
      sum += static_cast<double>(times[i]) * e.episodes[i].after_click[0].foreground_iou();
      count += static_cast<double>(times[i]);
    }
    return sum / count;
  };
  auto const u = bootstrap(e.episodes, mean, {4000, 1});
  CHECK(u.value == Approx(0.5));
  CHECK(u.standard_error == Approx(0.5 / std::sqrt(200.0)).epsilon(0.05));
  CHECK(u.low == Approx(0.5 - 1.96 * u.standard_error).margin(0.01));
  CHECK(u.high == Approx(0.5 + 1.96 * u.standard_error).margin(0.01));
  auto const again = bootstrap(e.episodes, mean, {4000, 1});
  CHECK(again.standard_error == u.standard_error);
}

TEST_CASE("bootstrap: episodes of one picture move together", "[training]") {
  // ten episodes for each of 40 pictures, all of a picture alike: the error is that of 40 trials, not of 400
  auto e = made_up_evaluation(400, 1, [](index_t i, index_t) { return i / 10 % 2 == 0 ? 0.0 : 1.0; });
  for (std::size_t i = 0; i < e.episodes.size(); ++i)
    e.episodes[i].posed.query.picture = static_cast<index_t>(i / 10);
  auto const u = bootstrap(e.episodes,
                           [&](std::vector<index_t> const& times) {
                             double sum = 0, count = 0;
                             for (std::size_t i = 0; i < times.size(); ++i) {
                               sum += static_cast<double>(times[i]) * e.episodes[i].after_click[0].foreground_iou();
                               count += static_cast<double>(times[i]);
                             }
                             return sum / count;
                           },
                           {2000, 3});
  CHECK(u.standard_error == Approx(0.5 / std::sqrt(40.0)).epsilon(0.1));
}

TEST_CASE("mean_iou_difference: pairs are resampled together", "[training]") {
  // b is 0.1 below a everywhere, while both vary much: the difference hardly does
  auto const a =
      made_up_evaluation(100, 2, [](index_t i, index_t) { return 0.3 + 0.6 * static_cast<double>(i % 7) / 6; });
  auto const b =
      made_up_evaluation(100, 2, [](index_t i, index_t) { return 0.2 + 0.6 * static_cast<double>(i % 7) / 6; });
  auto const d = mean_iou_difference(a, b, 2);
  CHECK(d.value == Approx(0.1).margin(1e-3));
  CHECK(d.standard_error < 0.01);
  CHECK(uncertain_mean_iou(a, 2).standard_error > 0.015);
  CHECK(share_that_loses(b, a, 1) == 1);
  CHECK(share_that_loses(a, b, 1) == 0);
  auto other = b;
  other.episodes[3].posed.query.picture = 77;
  CHECK(mentions(error_text([&] { mean_iou_difference(a, other, 1); }), "the same ones"));
  CHECK(mentions(error_text([&] { bootstrap({}, [](auto const&) { return 0.0; }); }), "0 episodes"));
}
