// SPDX-License-Identifier: MIT
#include <fsis/interactive/picture_evidence.hpp>

#include <fsis/interactive/session.hpp>

#include <interactive/scene.hpp>
#include <support/catch.hpp>
#include <support/near.hpp>

#include <algorithm>
#include <cmath>

using namespace fsis;
using namespace fsis_test;

namespace {

session_options asking(double colours, index_t edges) {
  session_options o;
  o.colour_weight = colours;
  o.edge_radius = edges;
  return o;
}

double probability_of(double logit) { return 1 / (1 + std::exp(-logit)); }

std::vector<double> disc_logits(mask const& object, double inside, double outside) {
  std::vector<double> z;
  for (index_t i = 0; i < object.size(); ++i) z.push_back(object.data()[i] == 1 ? inside : outside);
  return z;
}

}  // namespace

TEST_CASE("a picture that is not asked says nothing") {
  shot const s = made_up_shot(32, 48);
  CHECK_FALSE(interactive::picture_evidence());
  CHECK_FALSE(interactive::picture_evidence(s.picture, asking(0, 0)));
  CHECK(interactive::picture_evidence(s.picture, asking(1, 0)));
  CHECK(interactive::picture_evidence(s.picture, asking(0, 4)));
}

TEST_CASE("what is added to logits makes them those of colours and edges") {
  shot const s = made_up_shot(32, 48);
  auto z = disc_logits(s.object, 1, -1.5);
  auto const more = [&](double colours, index_t edges) {
    return interactive::picture_evidence(s.picture, asking(colours, edges)).beyond(z, 32, 48, {});
  };
  vision::plane<float> p(32, 48), coloured(32, 48);
  for (index_t i = 0; i < p.size(); ++i)
    p.data()[i] = static_cast<float>(probability_of(z[static_cast<std::size_t>(i)]));
  auto const colours = vision::colour_evidence(s.picture, p);
  auto const a = more(0.5, 0), b = more(0.5, 4);
  for (index_t i = 0; i < p.size(); ++i) {
    std::size_t const k = static_cast<std::size_t>(i);
    CHECK_NEAR(a[k], 0.5 * static_cast<double>(colours.data()[i]), 1e-4);
    coloured.data()[i] = static_cast<float>(probability_of(z[k] + a[k]));
  }
  auto const drawn = vision::guided_filter(s.picture, 4, 1e-4)(coloured);
  for (index_t i = 0; i < p.size(); ++i) {
    std::size_t const k = static_cast<std::size_t>(i);
    double const wanted = hd_clamp(static_cast<double>(drawn.data()[i]), 1e-4, 1 - 1e-4);
    CHECK_NEAR(probability_of(z[k] + b[k]), wanted, 1e-4);
  }
}

TEST_CASE("colours and edges find the thing that a network saw only roughly") {
  shot const s = made_up_shot(64, 80, 5);
  // the answer is moved by five pixels
  std::vector<double> z(static_cast<std::size_t>(64 * 80), -1);
  for (index_t y = 0; y < 64; ++y)
    for (index_t x = 5; x < 80; ++x)
      if (s.object(y, x - 5) == 1) z[static_cast<std::size_t>(y * 80 + x)] = 1;
  auto const wrong = [&](std::vector<double> const& logits) {
    index_t n = 0;
    for (index_t i = 0; i < s.object.size(); ++i)
      n += (logits[static_cast<std::size_t>(i)] > 0) != (s.object.data()[i] == 1);
    return n;
  };
  auto better = interactive::picture_evidence(s.picture, asking(1, 8)).beyond(z, 64, 80, {});
  for (std::size_t i = 0; i < z.size(); ++i) better[i] += z[i];
  CHECK(wrong(better) * 5 < wrong(z));
}

TEST_CASE("what is said against a click fades around it, what agrees with it stays") {
  shot const s = made_up_shot(32, 48);
  auto const z = disc_logits(s.object, 1, -1.5);
  interactive::picture_evidence const evidence(s.picture, asking(1, 4));
  auto const before = evidence.beyond(z, 32, 48, {});
  auto const said = [&](index_t y, index_t x) { return before[static_cast<std::size_t>(y * 48 + x)]; };
  index_t const y = 2, x = 3;
  REQUIRE(said(y, x) < 0);
  CHECK(evidence.beyond(z, 32, 48, {negative(2, 3)}) == before);
  auto const after = evidence.beyond(z, 32, 48, {positive(2, 3), negative(2, 3)});
  for (index_t r = 0; r < 32; ++r)
    for (index_t q = 0; q < 48; ++q) {
      double const d2 = static_cast<double>((r - y) * (r - y) + (q - x) * (q - x));
      CHECK_NEAR(after[static_cast<std::size_t>(r * 48 + q)], said(r, q) * (1 - std::exp(-d2 / 32)), 1e-9);
    }
  CHECK(after[2 * 48 + 3] == 0);
}

TEST_CASE("every click is right on top of what the picture says, in every place of refinement") {
  cpu_context ctx;
  auto const net = made_up_network(ctx);
  for (auto const place : {refinement::aj, refinement::bj, refinement::brs}) {
    session_options o = asking(1, 8);
    o.refine = place;
    o.max_evaluations = 60;
    o.correction_radius = 0;  // the refinement alone
    session s{ctx, net, o};
    s.set_support({made_up_shot(40, 56, 2)});
    s.set_query(made_up_shot(48, 64, 3).picture);
    for (click const& c : some_clicks) s.click(c);
    INFO("refinement " << static_cast<int>(place) << ": " << s.report().satisfied_clicks);
    CHECK(s.report().satisfied_clicks == s.report().clicks);
  }
}

TEST_CASE("the photo's evidence is the mirror image's, too") {
  cpu_context ctx;
  auto const net = made_up_network(ctx);
  auto const photo = made_up_shot(48, 64, 3).picture;
  session_options o = asking(1, 8);
  o.flip_averaging = true;
  auto const answered = [&](image const& seen, bool mirror) {
    session s{ctx, net, o};
    s.set_support({made_up_shot(40, 56, 2)});
    s.set_query(seen);
    s.click(positive(20, mirror ? 63.0 - 30 : 30.0));
    return s.probability();
  };
  auto const upright = answered(photo, false), turned = answered(mirrored(photo), true);
  for (index_t y = 0; y < 48; ++y)
    for (index_t x = 0; x < 64; ++x) REQUIRE(std::abs(upright(y, x) - turned(y, 63 - x)) < 2e-3f);
}
