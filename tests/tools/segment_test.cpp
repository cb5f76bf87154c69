// SPDX-License-Identifier: MIT
#include <fsis/core/click.hpp>

#include <tools/tool.hpp>

#include <nlohmann/json.hpp>

using namespace fsis;
using fsis_test::holds;
using fsis_test::lines_in;
using fsis_test::mask_of_square;
using fsis_test::outcome;
using fsis_test::picture_of_square;
using fsis_test::run_tool;
using fsis_test::segment_case;
using fsis_test::text_of_file;
using fsis_test::write_labels;

namespace {

nlohmann::json report_of(segment_case& c) {
  c.set("--report", c.folder / "report.json").succeed();
  return nlohmann::json::parse(text_of_file(c.folder / "report.json"));
}

}  // namespace

TEST_CASE("segment writes a mask of 0 and 255 of the size of the photo") {
  segment_case const c;
  outcome const o = c.succeed();
  auto const bytes = fsis_test::bytes_of(text_of_file(c.folder / "mask.png"));
  CHECK(bytes[24] == 8);  // bits per sample and kind of pixels in a PNG's header
  CHECK(bytes[25] == 0);
  mask const m = c.result();
  CHECK(m.height() == segment_case::height);
  CHECK(m.width() == segment_case::width);
  for (index_t i = 0; i < m.size(); ++i) REQUIRE((m.data()[i] == 0 || m.data()[i] == 255));
  CHECK(m(24, 24) == 255);
  CHECK(mentions(o.out, "device: cpu", "click 1 at 24,24,+", "1 of 1 clicks right", "mask.png"));
}

TEST_CASE("segment prints one line per click, and its choice of a device only when it has one") {
  segment_case c;
  outcome const chosen = c.set("--click", "24,24,+", "5.5,60.25,-").succeed();
  CHECK(lines_in(chosen.out) == 4);
  CHECK(mentions(chosen.out, "click 2 at 5.5,60.25,-", "of 2 clicks right"));
  outcome const told = c.set("--device", "cpu").succeed();
  CHECK(lines_in(told.out) == 3);
  CHECK_FALSE(mentions(told.out, "device"));
}

TEST_CASE("segment's mask follows from its probability and the threshold") {
  segment_case c;
  c.set("--refine", "none").set("--prob", c.folder / "p.png");
  index_t last = segment_case::height * segment_case::width;
  for (char const* t : {"0.3", "0.5", "0.7"}) {
    c.set("--threshold", t).succeed();
    mask const m = c.result(), p = io::read_mask(c.folder / "p.png");
    double const threshold = std::atof(t);
    REQUIRE(p.size() == m.size());
    for (index_t i = 0; i < m.size(); ++i) {
      double const probability = p.data()[i] / 255.0;
      if (std::abs(probability - threshold) > 0.5 / 255) REQUIRE((m.data()[i] == 255) == (probability > threshold));
    }
    CHECK(m.count() <= last);
    last = m.count();
  }
}

TEST_CASE("segment draws mask, contour and clicks on the photo, as PNG and as JPEG") {
  segment_case c;
  c.set("--click", "24,24,+", "3,60,-").set("--overlay", c.folder / "o.png").succeed();
  image const photo = io::read_image(c.folder / "photo.png"), o = io::read_image(c.folder / "o.png");
  REQUIRE(o.height() == photo.height());
  REQUIRE(o.width() == photo.width());
  CHECK(o(24, 24, 1) > o(24, 24, 0));  // a green disc
  CHECK(o(3, 60, 0) > o(3, 60, 1));    // a red one
  mask const m = c.result();
  index_t changed = 0;
  for (index_t y = 0; y < m.height(); ++y)
    for (index_t x = 0; x < m.width(); ++x) {
      bool const same = o(y, x, 0) == photo(y, x, 0) && o(y, x, 1) == photo(y, x, 1) && o(y, x, 2) == photo(y, x, 2);
      changed += m(y, x) && !same;
    }
  CHECK(changed >= m.count() - 2);
  c.set("--overlay", c.folder / "o.JPG").succeed();
  CHECK(text_of_file(c.folder / "o.JPG").substr(0, 2) == "\xFF\xD8");
}

TEST_CASE("segment shows the mask after each click") {
  segment_case c;
  c.set("--click", "24,24,+", "3,60,-").set("--steps", c.folder / ".").set("--overlay", c.folder / "o.png").succeed();
  CHECK(io::read_image(c.folder / "click_1.png").width() == segment_case::width);
  CHECK(holds(c.folder / "click_2.png", text_of_file(c.folder / "o.png")));
  CHECK(c.folder.files() == 8);
}

TEST_CASE("segment's report says what each click cost and reached") {
  segment_case c;
  auto const r = report_of(c.set("--click", "24,24,+", "3.5,60,-").set("--max-evaluations", "3").set("--threads", "1"));
  CHECK(r["model"]["architecture"] == "compact");
  CHECK(r["device"] == "cpu");
  CHECK(r["threads"] == 1);
  CHECK(r["options"]["refine"] == "aj");
  CHECK(r["options"]["threshold"] == 0.5);
  CHECK(r["options"]["max_evaluations"] == 3);
  CHECK(r["support"].size() == 1);
  CHECK(r["support"][0]["object_pixels"] == 400);
  CHECK(r["query"]["height"] == segment_case::height);
  CHECK(r["milliseconds"]["set_query"].get<double>() > 0);
  REQUIRE(r["clicks"].size() == 2);
  CHECK(r["clicks"][0]["positive"] == true);
  CHECK(r["clicks"][1]["y"] == 3.5);
  CHECK(r["clicks"][1]["positive"] == false);
  CHECK(r["clicks"][1]["clicks"] == 2);
  CHECK(r["clicks"][1]["object_pixels"] == c.result().count());
  for (auto const& click : r["clicks"]) {
    CHECK(click["evaluations"].get<int>() >= 1);
    CHECK(click["evaluations"].get<int>() <= 3);
    CHECK(click["satisfied_clicks"].get<int>() <= click["clicks"].get<int>());
    CHECK_FALSE(click["status"].get<std::string>().empty());
    double sum = 0;
    for (char const* step : {"zoom", "features", "refine", "result"}) sum += click["milliseconds"][step].get<double>();
    CHECK(sum > 0);
    CHECK(click["milliseconds"]["total"].get<double>() >= 0.999 * sum);
  }
}

TEST_CASE("segment refines as it is told") {
  segment_case c;
  c.set("--click", "24,24,+", "3,60,-");
  auto const none = report_of(c.set("--refine", "none"));
  CHECK(none["clicks"][1]["status"] == "not_refined");
  CHECK(none["clicks"][1]["evaluations"] == 0);
  for (char const* place : {"aj", "bj", "brs"}) {
    auto const r = report_of(c.set("--refine", place));
    CHECK(r["options"]["refine"] == place);
    CHECK(r["clicks"][0]["evaluations"].get<int>() >= 1);
  }
}

TEST_CASE("segment looks closer, into a mirror, and at the clock when told") {
  segment_case c;
  c.set("--refine", "none").set("--prob", c.folder / "p.png").set("--click", "24,24,+", "25,20,+").succeed();
  std::string const plain = text_of_file(c.folder / "p.png");
  c.set("--flip", "on").succeed();
  CHECK_FALSE(holds(c.folder / "p.png", plain));
  auto const zoomed = report_of(c.set("--flip", "off").set("--zoom", "on"));
  CHECK(zoomed["options"]["zoom"] == true);
  c.set("--zoom", "off").succeed();
  CHECK(holds(c.folder / "p.png", plain));
  auto const hurried = report_of(c.set("--refine", "brs").set("--time-budget", "0.001"));
  CHECK(hurried["clicks"][0]["evaluations"].get<int>() <= 1);
}

TEST_CASE("segment gives the same bytes on any number of threads") {
  segment_case c;
  c.set("--prob", c.folder / "p.png").set("--threads", "1").succeed();
  std::string const mask_bytes = text_of_file(c.folder / "mask.png"), p = text_of_file(c.folder / "p.png");
  c.set("--threads", "3").succeed();
  CHECK(holds(c.folder / "mask.png", mask_bytes));
  CHECK(holds(c.folder / "p.png", p));
}

TEST_CASE("segment takes several examples, JPEG photos and palette masks") {
  segment_case c;
  io::write_image(c.folder / "second.jpg", picture_of_square(30, 44, 5, 20));
  std::vector<std::uint8_t> palette(768);
  io::write_file(c.folder / "second.png", io::encode_png_palette(mask_of_square(30, 44, 5, 20, 9), palette));
  io::write_image(c.folder / "photo.jpeg", picture_of_square(48, 64, 16, 18));
  c.set("--support", (c.folder / "example.png") + ":" + (c.folder / "example_mask.png"),
        (c.folder / "second.jpg") + ":" + (c.folder / "second.png"));
  auto const r = report_of(c.set("--query", c.folder / "photo.jpeg"));
  CHECK(r["support"].size() == 2);
  CHECK(c.result().width() == 64);
}

TEST_CASE("segment splits an example at the last colon that leaves two existing files") {
  segment_case c;
  std::filesystem::rename(c.folder / "example.png", c.folder / "exam:ple.png");
  std::filesystem::rename(c.folder / "example_mask.png", c.folder / "ma:sk.png");
  c.set("--support", (c.folder / "exam:ple.png") + ":" + (c.folder / "ma:sk.png"));
  auto const r = report_of(c);
  CHECK(r["support"][0]["image"] == c.folder / "exam:ple.png");
  CHECK(r["support"][0]["mask"] == c.folder / "ma:sk.png");

  // two colons leave two files: the last one counts
  std::filesystem::copy(c.folder / "exam:ple.png", c.folder / "a:b");
  write_labels(c.folder / "c", mask_of_square(40, 56, 10, 20));
  std::string const text = (c.folder / "a") + ":b:" + (c.folder / "c");
  std::filesystem::copy(c.folder / "exam:ple.png", c.folder / "a");
  CHECK(report_of(c.set("--support", text))["support"][0]["image"] == c.folder / "a:b");
}

TEST_CASE("segment takes one label of a map, and leaves out what is void") {
  segment_case c;
  mask labels = mask_of_square(40, 56, 10, 20, 7);
  for (index_t x = 0; x < 56; ++x) labels(0, x) = 1;
  write_labels(c.folder / "labels.png", labels);
  c.set("--support", (c.folder / "example.png") + ":" + (c.folder / "example_mask.png"));
  c.set("--prob", c.folder / "p.png").succeed();
  std::string const alone = text_of_file(c.folder / "p.png");
  c.set("--support", (c.folder / "example.png") + ":" + (c.folder / "labels.png")).set("--support-label", "7");
  CHECK(report_of(c)["options"]["support_label"] == 7);
  CHECK(holds(c.folder / "p.png", alone));

  for (index_t x = 10; x < 20; ++x) labels(10, x) = 255;
  write_labels(c.folder / "labels.png", labels);
  CHECK(report_of(c)["support"][0]["object_pixels"] == 390);
}

TEST_CASE("segment starts from a mask") {
  segment_case c;
  mask const start = mask_of_square(48, 64, 16, 18, 255);
  write_labels(c.folder / "start.png", start);
  c.set("--mask", c.folder / "start.png").set("--click", "2,2,-");
  auto const r = report_of(c);
  CHECK(r["options"]["start_mask"] == c.folder / "start.png");
  mask const m = c.result();
  CHECK(m(2, 2) == 0);
  index_t kept = 0;
  for (index_t i = 0; i < m.size(); ++i) kept += m.data()[i] && start.data()[i];
  CHECK(kept == start.count());

  // a result may be the start of what replaces it
  c.set("--mask", c.folder / "mask.png").set("--click", "17,17,+").succeed();
}

TEST_CASE("segment compares with a truth where one is known") {
  segment_case c;
  write_labels(c.folder / "truth.png", mask_of_square(48, 64, 16, 18));
  outcome const o = c.set("--truth", c.folder / "truth.png").set("--report", c.folder / "r.json").succeed();
  auto const r = nlohmann::json::parse(text_of_file(c.folder / "r.json"));
  mask const m = c.result(), truth = mask_of_square(48, 64, 16, 18);
  double both = 0, either = 0;
  for (index_t i = 0; i < m.size(); ++i) {
    both += m.data()[i] && truth.data()[i];
    either += m.data()[i] || truth.data()[i];
  }
  CHECK(std::abs(r["clicks"][0]["iou"].get<double>() - both / either) < 1e-12);
  CHECK(mentions(o.out, "IoU"));
}

TEST_CASE("segment serves every architecture that its file names") {
  segment_case c("compact_without_support");
  CHECK(report_of(c)["model"]["architecture"] == "compact_without_support");
}

TEST_CASE("a device that was asked for and cannot be had is exit code 3") {
  segment_case c;
  std::size_t const before = c.folder.files();
  outcome const o = c.set("--device", "cuda").run();
  CHECK(o.code == 3);
  CHECK(fsis_test::is_one_complaint(o.err));
  CHECK(mentions(o.err, "cuda"));
  CHECK(c.folder.files() == before);
}

TEST_CASE("help lists every option") {
  outcome const o = run_tool({"segment", "--help"});
  CHECK(o.code == 0);
  for (char const* option :
       {"--model", "--support", "--query", "--click", "--out", "--overlay", "--prob", "--report", "--refine", "--mask",
        "--support-label", "--threshold", "--zoom", "--flip", "--max-evaluations", "--time-budget", "--device",
        "--threads", "--steps", "--truth"})
    CHECK(mentions(o.out, std::string(option) + " "));
  outcome const all = run_tool({"--help-all"});
  CHECK(all.code == 0);
  CHECK(mentions(all.out, "segment", "info", "train", "--support-label", "--tensors"));
}
