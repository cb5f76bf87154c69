// SPDX-License-Identifier: MIT
#include <fsis/model/architecture.hpp>

#include <fsis/model/network.hpp>

#include <model/tiny.hpp>
#include <support/catch.hpp>
#include <support/layer.hpp>

#include <algorithm>
#include <string>

using namespace fsis;

namespace {

struct without_focus : compact {
  [[maybe_unused]] static constexpr char const* name = "without_focus";
  [[maybe_unused]] static constexpr bool has_focus = false;
};

/// How many parameters have a name that begins so?
template <class Architecture>
std::size_t named(std::string const& start) {
  network<Architecture> const net;
  auto const names = fsis_test::names_of(net);
  return static_cast<std::size_t>(std::count_if(
      names.begin(), names.end(), [&](std::string const& n) { return n.compare(0, start.size(), start) == 0; }));
}

}  // namespace

TEST_CASE("architecture: names and channels of those that come with fsis") {
  CHECK(std::string(vgg16::name) == "vgg16");
  CHECK(std::string(compact::name) == "compact");
  CHECK(std::string(narrow_vgg16::name) == "narrow_vgg16");
  CHECK(std::string(compact_without_support::name) == "compact_without_support");
  // the thesis network: 256 query, 256 support, 1 prior
  static_assert(network<vgg16>::width == 256 && network<vgg16>::joined_channels == 513, "");
  static_assert(network<compact>::width == 128 && network<compact>::joined_channels == 265, "");
  static_assert(network<compact_without_support>::joined_channels == 128, "");
  static_assert(network<without_focus>::joined_channels == 265, "the prior enters as it is");
  static_assert(network<fsis_test::tiny>::joined_channels == 17, "");
  static_assert(network<fsis_test::tiny_late_clicks>::joined_channels == 19, "two click maps more");
  static_assert(network<fsis_test::tiny_features>::joined_channels == 17, "");
  static_assert(network<fsis_test::tiny_prior_only>::joined_channels == 9, "");
  static_assert(network<fsis_test::tiny_alone>::joined_channels == 8, "");
}

TEST_CASE("architecture: parameters of vgg16 by name") {
  CHECK(named<vgg16>("prior.features.") == 26);
  CHECK(named<vgg16>("prior.") == 26);
  CHECK(named<vgg16>("middle.features.") == 20);
  CHECK(named<vgg16>("middle.") == 20);
  CHECK(named<vgg16>("middle_join.") == 2);
  CHECK(named<vgg16>("click_fusion.") == 8);
  CHECK(named<vgg16>("focus.") == 8);
  CHECK(named<vgg16>("junction.") == 4);
  CHECK(named<vgg16>("head.") == 6);
  CHECK(named<vgg16>("") == 26 + 20 + 2 + 8 + 8 + 4 + 6);
}

TEST_CASE("architecture: a trunk that nobody uses is neither stored nor counted") {
  using namespace fsis_test;
  CHECK(named<tiny_alone>("prior.") == 0);
  CHECK(named<tiny_alone>("focus.") == 0);
  CHECK(named<tiny_alone>("middle.") == 20);
  CHECK(named<tiny_frozen>("prior.") == 13 * 6);  // for both roles, once
  CHECK(named<tiny_frozen>("middle.") == 0);
  CHECK(named<tiny_without_focus>("focus.") == 0);
  CHECK(named<tiny_without_focus>("prior.") == 26);
  CHECK(named<narrow_vgg16>("prior.features.1.running_var") == 1);
  CHECK(named<narrow_vgg16>("middle.features.40.") == 0);  // the high level enters nowhere but the prior
  CHECK(named<compact>("middle.features.12.") == 6);
  CHECK(named<compact>("prior.") == named<compact>("middle."));
}

TEST_CASE("architecture: the compact network fits into 8 MB as float16") {
  network<compact> const net;
  index_t bytes = 0;
  nn::visit_parameters(net, [&](std::string const&, auto const& p) {
    bytes += p.extents.size() * (p.purpose == nn::role::running_average ? 4 : 2);
  });
  CHECK(bytes < 8000000 - 60000);  // the rest is for the header
  CHECK(bytes > 1000000);
}
