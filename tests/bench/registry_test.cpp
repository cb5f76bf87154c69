// SPDX-License-Identifier: MIT
#include <fsis/bench/registry.hpp>

#include <bench/made_up.hpp>
#include <support/catch.hpp>

using namespace fsis_test;

namespace {

std::vector<std::string> names_of(std::vector<benchmark> const& all) {
  std::vector<std::string> names;
  for (benchmark const& b : all) names.push_back(b.name);
  return names;
}

registry some() {
  registry r;
  for (char const* name : {"conv3x3.forward", "conv3x3.gradient", "conv1x1.forward", "max_pool"})
    r.add(doubling_benchmark({doubling("mine")}, name));
  return r;
}

}  // namespace

TEST_CASE("benchmarks are found by name and by pattern, in their order", "[bench][registry]") {
  registry const r = some();
  using names = std::vector<std::string>;
  CHECK(names_of(r.matching("max_pool")) == names{"max_pool"});
  CHECK(names_of(r.matching("conv*.forward")) == names{"conv3x3.forward", "conv1x1.forward"});
  CHECK(names_of(r.matching("conv?x?.*")) == names{"conv3x3.forward", "conv3x3.gradient", "conv1x1.forward"});
  CHECK(names_of(r.matching("*")).size() == 4);
  CHECK(names_of(r.all()).size() == 4);
}

TEST_CASE("an unknown name is refused with those that hold it", "[bench][registry]") {
  registry const r = some();
  CHECK(error_text([&] { r.matching("conv3x3"); }) ==
        "registry: no benchmark 'conv3x3' among 4, wanted one of: conv3x3.forward, conv3x3.gradient");
  CHECK(mentions(error_text([&] { r.matching("frob"); }), "no benchmark 'frob'", "pattern"));
  CHECK(error_text([&] { r.matching("max_poo"); }) != "");
  CHECK(error_text([&] { r.matching("ax_pool"); }) != "");
}

TEST_CASE("a benchmark that is none is refused", "[bench][registry]") {
  registry r = some();
  CHECK(mentions(error_text([&] { r.add(doubling_benchmark({doubling("a")}, "max_pool")); }), "two", "max_pool"));
  CHECK(mentions(error_text([&] { r.add(doubling_benchmark({doubling("a")}, "max pool")); }), "'max pool'"));
  CHECK(error_text([&] { r.add(doubling_benchmark({doubling("a")}, "")); }) != "");
  CHECK(mentions(error_text([&] { r.add(doubling_benchmark({}, "empty")); }), "'empty'", "0 contenders"));
  benchmark uncounted = doubling_benchmark({doubling("a")}, "uncounted");
  uncounted.count = nullptr;
  CHECK(mentions(error_text([&] { r.add(uncounted); }), "no count"));
  CHECK(r.all().size() == 4);
}
