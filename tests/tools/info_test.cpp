// SPDX-License-Identifier: MIT
#include <fsis/core/error.hpp>

#include <tools/tool.hpp>

using namespace fsis;
using fsis_test::outcome;
using fsis_test::run_tool;
using fsis_test::scratch_folder;
using fsis_test::text_of_file;

TEST_CASE("info says what a network's file holds") {
  scratch_folder folder;
  fsis_test::make_model(folder / "net.safetensors");
  outcome const o = run_tool({"info", folder / "net.safetensors"});
  INFO(o.err);
  CHECK(o.code == 0);
  std::string const bytes = std::to_string(text_of_file(folder / "net.safetensors").size());
  CHECK(mentions(o.out, "net.safetensors", bytes, "compact", "learned", "384", "threshold", "0.5", "F32",
                 "click_radius = 260"));
  CHECK_FALSE(mentions(o.out, "head."));
  outcome const all = run_tool({"info", "--tensors", folder / "net.safetensors"});
  CHECK(all.code == 0);
  CHECK(mentions(all.out, "prior.features.0.weight F32 (64,3,3,3)", "head."));
}

TEST_CASE("info refuses what is no network that could be used") {
  scratch_folder folder;
  auto const check_refused = [&](std::string const& word) {
    outcome const o = run_tool({"info", folder / "bad"});
    INFO(o.out << o.err);
    CHECK(o.code == 2);
    CHECK(o.out.empty());
    CHECK(fsis_test::is_one_complaint(o.err));
    CHECK(mentions(o.err, "bad", word));
  };
  check_refused("No such file");
  fsis_test::put_file(folder / "bad", "{}");
  check_refused("safetensors");
  fsis_test::make_model(folder / "net.safetensors");
  std::string const good = text_of_file(folder / "net.safetensors");
  fsis_test::put_file(folder / "bad", good.substr(0, good.size() - 4) + std::string("\0\0\xC0\x7F", 4));
  check_refused("finite");
}
