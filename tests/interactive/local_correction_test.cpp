// SPDX-License-Identifier: MIT
#include <fsis/interactive/local_correction.hpp>

#include <fsis/interactive/result_map.hpp>

#include <support/catch.hpp>
#include <support/near.hpp>

#include <algorithm>
#include <vector>

using namespace fsis;

namespace {

using probability_map = vision::plane<float>;

index_t satisfied(probability_map const& p, double threshold, std::vector<click> const& clicks) {
  return interactive::count_satisfied(interactive::mask_above(p, threshold), clicks);
}

bool same_bytes(probability_map const& a, probability_map const& b) {
  return std::equal(a.data(), a.data() + a.size(), b.data());
}

}  // namespace

TEST_CASE("local correction: right clicks leave every byte as it is", "[interactive]") {
  probability_map p(20, 30, 0.3f);
  p(4, 5) = 0.8f;
  probability_map const before = p;
  interactive::correct_locally({positive(4, 5), negative(10, 10)}, 0.5, 6, vision::whole(20, 30), p);
  CHECK(same_bytes(p, before));
  interactive::correct_locally({}, 0.5, 6, vision::whole(20, 30), p);
  CHECK(same_bytes(p, before));
}

TEST_CASE("local correction: wrong clicks become right, however close, and right ones stay as they are",
          "[interactive]") {
  for (double const threshold : {0.35, 0.5}) {
    probability_map p(40, 50, 0.01f);
    for (index_t y = 20; y < 40; ++y)
      for (index_t x = 0; x < 50; ++x) p(y, x) = 1.0f;  // as sure as a float can be
    probability_map const before = p;
    std::vector<click> const clicks{positive(10, 10), negative(10, 11), positive(11, 10),
                                    negative(30, 30), positive(31, 31), positive(35, 2)};
    REQUIRE(satisfied(p, threshold, clicks) == 3);
    interactive::correct_locally(clicks, threshold, 8, vision::whole(40, 50), p);
    CHECK(satisfied(p, threshold, clicks) == 6);
    CHECK_NEAR(p(10, 11), 0.01, 1e-4);
    double const corrected = static_cast<double>(p(10, 10));
    CHECK_NEAR(std::log(corrected / (1 - corrected)), std::log(threshold / (1 - threshold)) + 0.5, 1e-3);
    for (index_t y = 0; y < 40; ++y)
      for (index_t x = 0; x < 50; ++x) {
        bool far = true;
        for (click const& c : clicks)
          far = far && std::hypot(static_cast<double>(y) - c.y, static_cast<double>(x) - c.x) >= 8;
        if (far) CHECK(p(y, x) == before(y, x));
      }
  }
}

TEST_CASE("local correction: of two clicks on one pixel the last counts", "[interactive]") {
  probability_map p(9, 9, 0.1f);
  interactive::correct_locally({negative(4, 4), positive(4, 4)}, 0.5, 3, vision::whole(9, 9), p);
  CHECK(p(4, 4) > 0.5f);
  probability_map q(9, 9, 0.1f);
  probability_map const before = q;
  interactive::correct_locally({positive(4, 4), negative(4, 4)}, 0.5, 3, vision::whole(9, 9), q);
  CHECK(same_bytes(q, before));
}

TEST_CASE("local correction: what the network did not see, and what is no number, stays", "[interactive]") {
  probability_map p(20, 20, 0.0f);
  for (index_t y = 5; y < 15; ++y)
    for (index_t x = 5; x < 15; ++x) p(y, x) = 0.2f;
  p(12, 12) = std::nanf("");
  interactive::correct_locally({positive(6, 6), positive(2, 2), positive(12, 12)}, 0.5, 6, {5, 14, 5, 14}, p);
  CHECK(p(6, 6) > 0.5f);
  CHECK(p(2, 2) == 0.0f);
  CHECK(p(4, 6) == 0.0f);
  CHECK(p(7, 7) > 0.2f);
  CHECK(std::isnan(p(12, 12)));
}
