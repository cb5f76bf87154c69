// SPDX-License-Identifier: MIT
// Refinements around the clicks alone beside those of the whole picture.
#include <fsis/interactive/session.hpp>

#include <interactive/scene.hpp>
#include <support/catch.hpp>

using namespace fsis;
using namespace fsis_test;

namespace {

cpu_context plain_sums() {
  cpu_options o;
  o.convolutions = convolution_algorithm::direct;
  return cpu_context(o);
}

session_options some_evaluations(refinement where) {
  session_options o;
  o.refine = where;
  o.max_evaluations = 6;
  o.stop = stop_rule::never;
  return o;
}

struct outcome {
  vision::plane<float> probability;
  session_report report;
};

outcome clicked(cpu_context const& ctx, loaded_network<tiny> const& net, session_options const& o,
                std::vector<click> const& clicks) {
  session s{ctx, net, o};
  s.set_support({made_up_shot(80, 112, 2)});
  s.set_query(made_up_shot(231, 309, 3).picture);
  for (click const& c : clicks) s.click(c);
  return {s.probability(), s.report()};
}

}  // namespace

TEST_CASE("a refinement around the clicks gives what one on the whole picture does") {
  cpu_context const ctx = plain_sums();
  auto const net = made_up_network(ctx, 320);
  for (auto const where : {refinement::aj, refinement::bj})
    for (bool const flip : {false, true})
      for (bool const zoom : {false, true}) {
        INFO((where == refinement::aj ? "AJ" : "BJ") << (flip ? ", flip" : "") << (zoom ? ", zoom" : ""));
        auto o = some_evaluations(where);
        o.flip_averaging = flip;
        o.zoom_in = zoom;
        o.zoom_min_size = 40;
        auto const local = clicked(ctx, net, o, {positive(40, 60)});
        CHECK(local.report.patches >= (flip ? 2 : 1));
        o.refine_on_patches = false;
        auto const whole = clicked(ctx, net, o, {positive(40, 60)});
        CHECK(whole.report.patches == 0);
        CHECK(local.report.evaluations == whole.report.evaluations);
        CHECK(largest_difference(local.probability, whole.probability) < 1e-4);  // of six steps; of one, 1e-5
      }
}

TEST_CASE("what needs the whole picture gets it") {
  cpu_context ctx;
  auto const net = made_up_network(ctx, 192);
  auto o = some_evaluations(refinement::aj);
  CHECK(clicked(ctx, net, o, {positive(40, 60)}).report.patches > 0);
  o.stop = stop_rule::mask_settled;
  CHECK(clicked(ctx, net, o, {positive(40, 60)}).report.patches == 0);
  o = some_evaluations(refinement::brs);
  CHECK(clicked(ctx, net, o, {positive(40, 60)}).report.patches == 0);
  o = some_evaluations(refinement::aj);
  std::vector<click> many;
  for (int y = 5; y < 230; y += 40)
    for (int x = 5; x < 300; x += 40) many.push_back(positive(y, x));
  o.max_evaluations = 1;
  auto const crowded = clicked(ctx, net, o, many).report;
  CHECK(crowded.evaluations > 0);
  CHECK(crowded.patches == 0);

  session s{ctx, net, o};
  s.set_support({made_up_shot(80, 112, 2)});
  auto const photo = made_up_shot(97, 131, 3);
  s.set_query(photo.picture);
  s.start_from(photo.object);
  s.click(negative(2, 2));
  CHECK(s.report().evaluations > 0);
  CHECK(s.report().patches == 0);
}
