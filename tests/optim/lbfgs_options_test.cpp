// SPDX-License-Identifier: MIT
#include <fsis/optim/lbfgs_options.hpp>

#include <support/catch.hpp>

#include <limits>

using namespace fsis::optim;

namespace {

template <class Change>
std::string refusal(Change change) {
  lbfgs_options o;
  change(o);
  return error_text([&] { check(o); });
}

}  // namespace

TEST_CASE("options outside their range are refused by name and number") {
  CHECK(refusal([](lbfgs_options&) {}).empty());
  CHECK(mentions(refusal([](lbfgs_options& o) { o.history = 0; }), "history 0", "at least 1"));
  CHECK(mentions(refusal([](lbfgs_options& o) { o.max_evaluations = 0; }), "max_evaluations 0"));
  CHECK(mentions(refusal([](lbfgs_options& o) { o.max_iterations = -1; }), "max_iterations -1"));
  CHECK(mentions(refusal([](lbfgs_options& o) { o.time_budget = -2; }), "time_budget -2"));
  CHECK(mentions(refusal([](lbfgs_options& o) { o.time_budget = std::numeric_limits<double>::quiet_NaN(); }),
                 "time_budget"));
  CHECK(mentions(refusal([](lbfgs_options& o) { o.gradient_tolerance = -1; }), "gradient_tolerance -1"));
  CHECK(mentions(refusal([](lbfgs_options& o) { o.value_tolerance = -1; }), "value_tolerance -1"));
  CHECK(mentions(refusal([](lbfgs_options& o) { o.sufficient_decrease = 0.95; }), "0.95", "0.9"));
  CHECK(mentions(refusal([](lbfgs_options& o) { o.sufficient_decrease = 0; }), "sufficient_decrease 0"));
  CHECK(mentions(refusal([](lbfgs_options& o) { o.curvature = 1; }), "curvature 1"));
  CHECK(mentions(refusal([](lbfgs_options& o) { o.max_search_evaluations = 0; }), "max_search_evaluations 0"));
}

TEST_CASE("every status has a name of its own") {
  std::string names;
  for (int i = 0; i <= static_cast<int>(lbfgs_status::non_finite_start); ++i) {
    std::string const name = to_string(static_cast<lbfgs_status>(i));
    CHECK(name != "unknown");
    CHECK(names.find(" " + name + " ") == std::string::npos);
    names += " " + name + " ";
  }
  CHECK(fsis::message("ended by ", lbfgs_status::deadline) == "ended by deadline");
}
