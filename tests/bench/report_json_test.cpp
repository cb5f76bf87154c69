// SPDX-License-Identifier: MIT
#include <fsis/bench/report_json.hpp>

#include <bench/made_up.hpp>
#include <io/scratch.hpp>
#include <support/catch.hpp>

using namespace fsis_test;
namespace io = fsis::io;

namespace {

std::string text_of(report const& r) { return to_text(to_json(r)); }

report read_back(std::string const& text) {
  return report_from(io::parse_json(text.data(), text.size(), "'made up'"), "'made up'");
}

/// What is said of the full report with one piece of its text replaced.
std::string refusal(std::string const& from, std::string const& to) {
  std::string text = text_of(full_report());
  std::size_t const at = text.find(from);
  REQUIRE(at != std::string::npos);
  text.replace(at, from.size(), to);
  return error_text([&] { read_back(text); });
}

}  // namespace

TEST_CASE("a report comes back from its text", "[bench][report_json]") {
  report const r = full_report(), s = read_back(text_of(r));
  CHECK(s.meta.argv == r.meta.argv);
  CHECK(s.meta.git_sha == "0123abc");
  CHECK(s.meta.is_dirty);
  CHECK(s.device == r.device);
  CHECK(s.measured == r.measured);
  REQUIRE(s.states.size() == r.states.size());
  for (std::size_t i = 0; i < r.states.size(); ++i) {
    state const &a = r.states[i], &b = s.states[i];
    INFO(a.benchmark << " " << a.contender);
    CHECK((a.benchmark == b.benchmark && a.contender == b.contender && a.axes == b.axes && a.swept == b.swept));
    CHECK((a.clock == b.clock && a.counts == b.counts && a.result == b.result && a.reason == b.reason));
    CHECK(a.memory_bytes == b.memory_bytes);
    for (caches how : {caches::warm, caches::cold}) {
      REQUIRE(a.at(how).has_value() == b.at(how).has_value());
      if (!a.at(how)) continue;
      CHECK(a.at(how)->samples == b.at(how)->samples);
      CHECK(a.at(how)->seconds == b.at(how)->seconds);
      CHECK(a.at(how)->against == b.at(how)->against);
      CHECK(a.at(how)->runs_per_sample == b.at(how)->runs_per_sample);
      CHECK(a.at(how)->loop_flops_per_second == b.at(how)->loop_flops_per_second);
    }
  }
  CHECK(text_of(s) == text_of(r));
}

TEST_CASE("what the peaks say of a state stands beside its times", "[bench][report_json]") {
  auto const j = to_json(full_report());
  io::json_place const state = io::json_place(j, "made up")["states"].elements()[0];
  // 2e6 operations at 7.5e10 a second take longer than 1e5 bytes at 2e10; the median is 2 ms
  CHECK(std::abs(state["limit_seconds"].number(0, 1) - 2e6 / 7.5e10) < 1e-15);
  CHECK(std::abs(state["batch"]["sol_percent"].number(0, 100) - 100 * 2e6 / 7.5e10 / 2e-3) < 1e-9);
  CHECK(std::abs(state["batch"]["bw/global/utilization"].number(0, 1) - 1e5 / 2e10 / 2e-3) < 1e-12);
  CHECK(std::abs(state["batch"]["tflops"].number(0, 1) - 2e6 / 2e-3 / 1e12) < 1e-12);
  CHECK(state["batch"]["time/cpu/iqr"].number(0, 1) == 1e-3);
  CHECK(state["checked"].boolean());
  io::json_place const wrong = io::json_place(j, "made up")["states"].elements()[3];
  CHECK_FALSE(wrong["checked"].boolean());
  CHECK(wrong["outcome"].text() == "wrong");
}

TEST_CASE("a damaged report is refused with its place", "[bench][report_json]") {
  CHECK(refusal("fsis-bench/1", "fsis-bench/2") ==
        "bench report: 'made up': schema is 'fsis-bench/2', wanted 'fsis-bench/1'");
  CHECK(refusal("\"schema\"", "\"shape\"") == "bench report: 'made up': schema is missing");
  CHECK(refusal("\"meta\"", "\"mete\"") == "bench report: 'made up': meta is missing");
  CHECK(refusal("\"contender\": \"fsis\"", "\"contender\": 3") ==
        "bench report: 'made up': states[0].contender is a number, wanted a string");
  CHECK(refusal("\"flops\": 2000000", "\"flops\": -1") ==
        "bench report: 'made up': states[0].flops is -1, wanted 0 to 1e+30");
  CHECK(mentions(refusal("\"samples\": [0.001, 0.003, 0.002]", "\"samples\": []"), "states[0].batch.samples", "empty"));
  CHECK(mentions(refusal("\"samples\": [0.001", "\"samples\": [0"), "states[0].batch.samples[0] is 0"));
  CHECK(mentions(refusal("\"samples\": [0.001", "\"samples\": [null"), "states[0].batch.samples[0] is null"));
  CHECK(mentions(refusal("\"runs_per_sample\": 1", "\"runs_per_sample\": 1.5"), "runs_per_sample is 1.5"));
  CHECK(mentions(refusal("\"height\": 96", "\"height\": -96"), "states[0].axes.height is -96"));
  CHECK(mentions(refusal("\"outcome\": \"timed\"", "\"outcome\": \"timid\""), "states[0].outcome is 'timid'"));
  CHECK(mentions(refusal("\"outcome\": \"timed\"", "\"outcome\": \"wrong\""), "states[0] is not timed and has times"));
  CHECK(mentions(refusal("\"outcome\": \"skipped\"", "\"outcome\": \"timed\""), "states[2] is timed and lacks times"));
  CHECK(mentions(refusal("\"instruction_set\": \"portable\"", "\"instruction_set\": \"sse\""), "'sse'", "avx512"));
  CHECK(mentions(refusal("\"flops_per_second\": 75000000000", "\"flops_per_second\": 0"), "flops_per_second is 0"));
  CHECK(error_text([] { read_back("[]"); }) == "bench report: 'made up': the value is an array, wanted an object");
}

TEST_CASE("reports are files", "[bench][report_json]") {
  fsis_test::scratch_folder folder;
  write_report(full_report(), folder / "r.json");
  CHECK(read_report(folder / "r.json").states.size() == full_report().states.size());
  CHECK(folder.files() == 1);
  put_file(folder / "r.json", text_of_file(folder / "r.json").substr(0, 300));
  CHECK(mentions(error_text([&] { read_report(folder / "r.json"); }), "r.json", "not JSON"));
  CHECK(mentions(error_text([&] { read_report(folder / "none.json"); }), "none.json"));
}
