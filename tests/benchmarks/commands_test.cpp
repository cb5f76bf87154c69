// SPDX-License-Identifier: MIT
// Runs fsis-bench: what it prints and writes, and its exit codes.
#include <fsis/bench/report_json.hpp>

#include <bench/markup.hpp>
#include <support/catch.hpp>
#include <support/program.hpp>

using namespace fsis_test;

namespace {

using words = std::vector<std::string>;

fsis_test::outcome bench(words const& arguments) { return run(FSIS_BENCH, arguments); }

/// Is it refused as bad input is: exit code 2 and one line that holds the words?
template <class... Words>
void check_refused(words const& arguments, Words const&... wanted) {
  fsis_test::outcome const o = bench(arguments);
  INFO(o.out << o.err);
  CHECK(o.code == 2);
  CHECK(is_one_complaint(o.err, "fsis-bench"));
  CHECK(mentions(o.err, wanted...));
}

/// Runs a small benchmark that takes no time.
fsis_test::outcome quick_run(words const& more) {
  words all{"run", "relu.forward", "--shape", "1x8x8x16", "--threads", "1", "--rounds", "3", "--min-time", "0"};
  all.insert(all.end(), more.begin(), more.end());
  fsis_test::outcome o = bench(all);
  INFO(o.out << o.err);
  REQUIRE(o.code == 0);
  REQUIRE(o.err.empty());
  return o;
}

/// A report of these medians, each of five samples without spread.
std::string made_report(scratch_folder const& folder, std::string const& name, std::vector<double> const& medians) {
  fsis::bench::report r;
  for (std::size_t i = 0; i < medians.size(); ++i) {
    fsis::bench::state s;
    s.benchmark = "made_up." + std::to_string(i);
    s.contender = "fsis";
    s.axes = {{"threads", 1}};
    s.warm = fsis::bench::measurement();
    s.warm->samples.assign(5, medians[i]);
    r.states.push_back(s);
  }
  fsis::bench::write_report(r, folder / name);
  return folder / name;
}

}  // namespace

TEST_CASE("benchmarks are listed with contenders, axes and summary") {
  fsis_test::outcome const all = bench({"list"});
  CHECK(all.code == 0);
  CHECK(lines_in(all.out) > 50);
  CHECK(mentions(all.out, "conv3x3.forward", "vgg16.trunk.forward", "session.click_fbrs", "distance_transform"));
  fsis_test::outcome const some = bench({"list", "vgg16.conv4_x.*"});
  CHECK(lines_in(some.out) == 4);
  CHECK(mentions(some.out, "vgg16.conv4_x.filter_gradient", "fsis,direct",
                 "batch=1 height=48 width=48 channels=512 filters=512 kernel=3 dilation=1 threads=1"));
}

TEST_CASE("a run prints a table and writes a report and a page") {
  scratch_folder folder;
  fsis_test::outcome const o =
      quick_run({"--json", folder / "r.json", "--html", folder / "r.html", "--caches", "both"});
  CHECK(mentions(o.out, "relu.forward", "GFLOP/s", "peak with 1 thread", "warm", "cold"));
  auto const r = fsis::bench::read_report(folder / "r.json");
  REQUIRE(r.states.size() == 1);
  CHECK(r.states[0].counts.flops == 8 * 8 * 16);
  CHECK(r.states[0].counts.bytes == 2 * 4 * 8 * 8 * 16);
  CHECK(r.states[0].warm->samples.size() == 3);
  CHECK(r.states[0].cold->samples.size() == 3);
  CHECK(r.states[0].memory_bytes);
  CHECK(r.meta.argv.size() > 3);
  CHECK(r.measured.size() == 1);
  CHECK(fault_of_markup(text_of_file(folder / "r.html")) == "");
}

TEST_CASE("contenders take turns with the first") {
  scratch_folder folder;
  fsis_test::outcome const o = bench({"run", "conv3x3.*", "--against", "direct", "--shape", "1x12x12x16", "--set",
                                      "filters=16", "--threads", "1", "--rounds", "3", "--min-time", "0", "--json",
                                      folder / "r.json"});
  INFO(o.out << o.err);
  REQUIRE(o.code == 0);
  auto const r = fsis::bench::read_report(folder / "r.json");
  REQUIRE(r.states.size() == 6);
  for (std::size_t i = 0; i < 6; ++i) {
    CHECK(r.states[i].contender == (i % 2 == 0 ? "fsis" : "direct"));
    CHECK(r.states[i].result == fsis::bench::outcome::timed);
    CHECK(r.states[i].warm->against.has_value() == (i % 2 == 1));
    CHECK(r.states[i].counts.flops == 2.0 * 12 * 12 * 16 * 16 * 9);
  }
}

TEST_CASE("what fits two patterns runs once") {
  fsis_test::outcome const o = quick_run({"relu.*"});
  CHECK(mentions(o.out, "relu.gradient"));
  // once while it runs, once in the table
  std::size_t const first = o.out.find("relu.forward"), second = o.out.find("relu.forward", first + 1);
  CHECK(second != std::string::npos);
  CHECK(o.out.find("relu.forward", second + 1) == std::string::npos);
}

TEST_CASE("a sweep is a run for each value") {
  scratch_folder folder;
  quick_run({"--sweep", "side=8:20", "--sweep", "threads=1,2", "--json", folder / "r.json"});
  auto const r = fsis::bench::read_report(folder / "r.json");
  std::vector<std::string> seen;
  for (auto const& s : r.states)
    seen.push_back(s.swept + " " + std::to_string(s.axis_value("height")) + " " +
                   std::to_string(s.axis_value("width")) + " " + std::to_string(s.axis_value("threads")));
  CHECK(seen == words{"side 8 8 1", "side 16 16 1", "side 20 20 1", "threads 8 8 1", "threads 8 8 2"});
  CHECK(r.measured.size() == 2);
}

TEST_CASE("every small benchmark is right") {
  fsis_test::outcome const o =
      bench({"run", "*pool*", "resize*", "relu*", "sigmoid*", "scale*", "batch_norm*", "softmax*", "sum*", "max.*",
             "loss*", "prior*", "--against", "all", "--set", "side=12", "--set", "channels=8", "--rounds", "1",
             "--min-time", "0", "--threads", "2"});
  INFO(o.out << o.err);
  CHECK(o.code == 0);
  CHECK(o.out.find("WRONG") == std::string::npos);
}

TEST_CASE("reports are compared, and what is slower ends with 1") {
  scratch_folder folder;
  std::string const a = made_report(folder, "a.json", {1e-3, 2e-3}), b = made_report(folder, "b.json", {1e-3, 2.2e-3}),
                    c = made_report(folder, "c.json", {1.01e-3, 1e-3});
  fsis_test::outcome const worse = bench({"compare", a, b});
  CHECK(worse.code == 1);
  CHECK(worse.err.empty());
  CHECK(mentions(worse.out, "SLOWER", "1.100", "same"));
  CHECK(bench({"compare", a, b, "--noise", "15"}).code == 0);
  fsis_test::outcome const better = bench({"compare", a, c});
  CHECK(better.code == 0);
  CHECK(mentions(better.out, "quicker", "0.500"));
  CHECK(bench({"compare", a, c, "--noise", "0"}).code == 1);
  CHECK(bench({"compare", a, a}).code == 0);
}

TEST_CASE("several reports of a machine make one page") {
  scratch_folder folder;
  std::string const a = made_report(folder, "a.json", {1e-3}), b = made_report(folder, "b.json", {2e-3});
  CHECK(bench({"report", a, b, "--html", folder / "all.html"}).code == 0);
  std::string const page = text_of_file(folder / "all.html");
  CHECK(fault_of_markup(page) == "");
  CHECK(mentions(page, "1.00 ms", "2.00 ms"));
}

TEST_CASE("what cannot be run is refused before anything is timed") {
  check_refused({"run", "frobnicate"}, "no benchmark 'frobnicate'");
  check_refused({"run", "conv3x3"}, "no benchmark 'conv3x3'", "conv3x3.forward");
  check_refused({"list", "frobnicate"}, "no benchmark 'frobnicate'");
  check_refused({"run", "relu.forward", "--shape", "1x8xx2"}, "shape", "1x8xx2", "1x48x48x256");
  check_refused({"run", "relu.forward", "--shape", "1x0x8x8"}, "height 0", "1 to");
  check_refused({"run", "relu.forward", "--shape", "1x8x8x8x8"}, "a shape of 5 numbers");
  check_refused({"run", "conv3x3.forward", "--set", "kernel=99"}, "kernel 99", "1 to 31");
  check_refused({"run", "conv1x1.forward", "--set", "depth=2"}, "no axis 'depth'", "filters");
  check_refused({"run", "vgg16.trunk.forward", "--set", "side=40"}, "side 40", "multiple of 16");
  check_refused({"run", "session.click", "--sweep", "side=32:40"}, "side 40", "multiple of 16");
  check_refused({"run", "relu.forward", "--sweep", "side=9:8"}, "sweep", "side=9:8");
  check_refused({"run", "relu.forward", "--sweep", "depth=1:2"}, "no axis 'depth'");
  check_refused({"run", "relu.forward", "--against", "nobody"}, "no contender 'nobody'", "fsis");
  check_refused({"run", "relu.forward", "--rounds", "0"}, "0 rounds");
  check_refused({"run", "relu.forward", "--rounds", "few"}, "--rounds");
  check_refused({"run", "relu.forward", "--min-time", "-1"}, "min_seconds");
  check_refused({"run", "relu.forward", "--threads", "-1"}, "--threads");
  check_refused({"run", "relu.forward", "--caches", "lukewarm"}, "--caches");
  check_refused({"run", "relu.forward", "--instructions", "sse"}, "'sse'", "avx2");
  check_refused({"run"}, "PATTERN");
  check_refused({}, "A subcommand is required");
  check_refused({"frobnicate"}, "A subcommand is required");
}

TEST_CASE("files that are no reports are refused") {
  scratch_folder folder;
  std::string const good = made_report(folder, "good.json", {1e-3}), bad = folder / "bad.json";
  check_refused({"compare", good, bad}, "bad.json", "No such file");
  put_file(bad, "{");
  check_refused({"compare", bad, good}, "bad.json", "not JSON");
  put_file(bad, "{\"schema\": \"nvbench\"}");
  check_refused({"compare", good, bad}, "bad.json", "schema is 'nvbench'", "fsis-bench/1");
  check_refused({"report", bad, "--html", folder / "page.html"}, "bad.json", "nvbench");
  made_report(folder, "bad.json", {});
  check_refused({"compare", good, bad}, "none in common");
  check_refused({"compare", good, good, "--noise", "-3"}, "noise");
  check_refused({"compare", good}, "AFTER");
  check_refused({"report", good}, "--html");
  check_refused({"report", good, "--html", folder / "none/page.html"}, "none/page.html");
}
