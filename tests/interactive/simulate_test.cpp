// SPDX-License-Identifier: MIT
#include <fsis/interactive/simulate.hpp>

#include <support/near.hpp>
#include <vision/drawing.hpp>

using namespace fsis;
using fsis_test::box;

namespace {

/// Answers with masks made beforehand.
struct script {
  std::vector<mask> answers;
  std::vector<fsis::click> made;
  mask now;

  mask const& result() const { return now; }
  std::vector<fsis::click> clicks() const { return made; }
  mask click(fsis::click const& c) {
    made.push_back(c);
    now = answers[made.size() - 1];
    return now;
  }
};

// golden G19: object rows 1 to 5, columns 2 to 6 of 8 x 10
mask const truth = box(8, 10, 1, 5, 2, 6);
mask const nothing = mask::blank(8, 10);

}  // namespace

TEST_CASE("golden G19: the simulated user clicks the middle of the largest error") {
  script s{{nothing, nothing, nothing, nothing}, {}, nothing};
  interactive::simulation_options o;
  o.clicks = 4;
  auto const made = interactive::simulate(s, truth, o);
  CHECK(s.made == std::vector<click>{positive(3, 4), positive(2, 3), positive(2, 4), positive(2, 5)});
  REQUIRE(made.size() == 4);
  for (auto const& c : made) {
    CHECK(c.iou == 0);
    CHECK(c.milliseconds >= 0);
  }

  script spilled{{box(8, 10, 2, 7, 4, 9), nothing}, {}, nothing};
  o.clicks = 2;
  auto const two = interactive::simulate(spilled, truth, o);
  CHECK(two[1].at == negative(3, 8));
  CHECK_NEAR(two[0].iou, 12.0 / (25 + 36 - 12), 1e-12);
}

TEST_CASE("the simulation ends when nothing is left to correct or the target is reached") {
  script perfect{{box(8, 10, 1, 4, 2, 6), truth, nothing}, {}, nothing};
  auto const made = interactive::simulate(perfect, truth);
  CHECK(made.size() == 2);
  CHECK(made.back().iou == 1);

  script enough{{box(8, 10, 1, 4, 2, 6), truth, nothing}, {}, nothing};
  interactive::simulation_options o;
  o.target_iou = 0.8;
  CHECK(interactive::simulate(enough, truth, o).size() == 1);
  o.clicks = 0;
  CHECK(mentions(error_text([&] { interactive::simulate(enough, truth, o); }), "simulate", "0 clicks"));
}

TEST_CASE("the simulation goes on from the clicks that were made") {
  script s{{nothing, nothing}, {positive(3, 4)}, nothing};
  interactive::simulation_options o;
  o.clicks = 1;
  CHECK(interactive::simulate(s, truth, o)[0].at == positive(2, 3));
}
