// SPDX-License-Identifier: MIT
#include <fsis/core/error.hpp>

#include <io/png_maker.hpp>
#include <tools/tool.hpp>

using namespace fsis;
using fsis_test::holds;
using fsis_test::mask_of_square;
using fsis_test::outcome;
using fsis_test::picture_of_square;
using fsis_test::png_kind;
using fsis_test::png_maker;
using fsis_test::put_file;
using fsis_test::run_tool;
using fsis_test::segment_case;
using fsis_test::text_of_file;
using fsis_test::write_labels;

namespace {

/// Is it refused as bad input is: exit code 2, one line that holds the words, and no new file?
template <class... Words>
void check_refused(segment_case const& c, Words const&... words) {
  std::size_t const before = c.folder.files();
  outcome const o = c.run();
  INFO(o.out << o.err);
  CHECK(o.code == 2);
  CHECK(fsis_test::is_one_complaint(o.err));
  CHECK(mentions(o.err, words...));
  CHECK(c.folder.files() == before);
}

void put_bytes(std::string const& path, std::vector<std::uint8_t> const& bytes) {
  put_file(path, std::string(bytes.begin(), bytes.end()));
}

std::string replaced(std::string text, std::string const& from, std::string const& to) {
  std::size_t const at = text.find(from);
  REQUIRE(at != std::string::npos);
  return text.replace(at, from.size(), to);
}

}  // namespace

TEST_CASE("models that are none are refused") {
  segment_case c;
  std::string const path = c.folder / "bad.safetensors", good = text_of_file(c.folder / "net.safetensors");
  c.set("--model", path);
  check_refused(c, "bad.safetensors", "No such file");
  SECTION("another kind of file") {
    put_file(path, text_of_file(c.folder / "photo.png"));
    check_refused(c, "bad.safetensors");
  }
  SECTION("empty") {
    put_file(path, "");
    check_refused(c, "bad.safetensors", "0");
  }
  SECTION("truncated") {
    for (std::size_t const left : {std::size_t{5}, std::size_t{100}, good.size() - 1}) {
      put_file(path, good.substr(0, left));
      check_refused(c, "bad.safetensors");
    }
  }
  SECTION("a weight that is not a number") {
    put_file(path, good.substr(0, good.size() - 4) + std::string("\0\0\xC0\x7F", 4));
    check_refused(c, "bad.safetensors", "nan", "finite");
  }
  SECTION("another architecture's weights") {
    put_file(path, replaced(good, "\"architecture\":\"compact\"", "\"architecture\":  \"vgg16\""));
    check_refused(c, "bad.safetensors", "no tensor", "shape");
  }
  SECTION("an architecture nobody knows") {
    put_file(path, replaced(good, "\"architecture\":\"compact\"", "\"architecture\":\"CoMpAcT\""));
    check_refused(c, "bad.safetensors", "CoMpAcT", "known");
  }
  SECTION("weights that are no network") {
    put_file(path, replaced(good, "\"architecture\":\"compact\"", "\"architectute\":\"compact\""));
    check_refused(c, "bad.safetensors", "architecture");
  }
  SECTION("a folder") {
    c.set("--model", c.folder / ".");
    check_refused(c, "folder");
  }
}

TEST_CASE("pictures that are none are refused") {
  segment_case c;
  std::string const path = c.folder / "bad.png", good = text_of_file(c.folder / "photo.png");
  put_file(path, "");
  bool const is_query = GENERATE(true, false);
  if (is_query) c.set("--query", path);
  if (!is_query) c.set("--support", path + ":" + (c.folder / "example_mask.png"));
  check_refused(c, "bad.png", "neither PNG nor JPEG");
  SECTION("text") {
    put_file(path, "a picture, believe me\n");
    check_refused(c, "bad.png", "neither PNG nor JPEG");
  }
  SECTION("truncated") {
    put_file(path, good.substr(0, good.size() / 2));
    check_refused(c, "bad.png");
  }
  SECTION("without pixels") {
    put_bytes(path, png_maker(0, 64, png_kind::rgb, 8).rows({}).end());
    check_refused(c, "bad.png");
  }
  SECTION("of 100 megapixels, told by the header alone") {
    put_bytes(path, png_maker(10000, 10000, png_kind::rgb, 8).rows({{0, 0, 0}}).end());
    check_refused(c, "bad.png", "10000x10000", "64000000");
  }
}

TEST_CASE("a photo that is not there is refused") {
  segment_case c;
  c.set("--query", c.folder / "missing.png");
  check_refused(c, "missing.png", "No such file");
}

TEST_CASE("examples that do not hold together are refused") {
  segment_case c;
  std::string const picture = c.folder / "example.png", mask_path = c.folder / "m.png";
  c.set("--support", picture + ":" + mask_path);
  check_refused(c, "m.png", "no file");
  write_labels(mask_path, mask_of_square(41, 56, 10, 20));
  check_refused(c, "m.png", "41x56", "40x56");
  write_labels(mask_path, mask::blank(40, 56));
  check_refused(c, "m.png", "no object", "2240");
  io::write_image(mask_path, picture_of_square(40, 56, 10, 20));
  check_refused(c, "m.png");
  io::write_image(c.folder / "m.jpg", picture_of_square(40, 56, 10, 20));
  check_refused(c.set("--support", picture + ":" + (c.folder / "m.jpg")), "m.jpg", "JPEG");
  check_refused(c.set("--support", picture), "colon");
  check_refused(c.set("--support", ":"), "IMAGE:MASK");
}

TEST_CASE("a mask of several values needs a label, and the label must be there") {
  segment_case c;
  mask labels = mask_of_square(40, 56, 10, 20, 7);
  labels(0, 0) = 255;
  labels(0, 1) = 1;
  write_labels(c.folder / "labels.png", labels);
  c.set("--support", (c.folder / "example.png") + ":" + (c.folder / "labels.png"));
  check_refused(c, "labels.png", "3 values", "1, 7, 255", "--support-label");
  check_refused(c.set("--support-label", "8"), "label 8", "1, 7, 255");
  check_refused(c.set("--support-label", "255"), "255", "void");
  check_refused(c.set("--support-label", "0"), "wanted 1 to 254");
  check_refused(c.set("--support-label", "cat"), "cat");
  for (index_t i = 0; i < 200; ++i) labels.data()[i] = static_cast<std::uint8_t>(i);
  write_labels(c.folder / "labels.png", labels);
  check_refused(c.set("--support-label"), "199 values", "12 and 187 more");
}

TEST_CASE("clicks that are none, or not on the photo, are refused") {
  segment_case c;
  for (char const* text :
       {"", "24", "24,24", "24,24,", "24,24,*", "24,24,+,", "24,24,++", "24;24;+", "a,24,+", "24,b,+", "nan,24,+",
        "24,inf,+", ",24,+", "24,,+", "24 ,24,+", "0x10,24,+", "1e999,2,+", "+24,24,+"})
    check_refused(c.set("--click", text), "click", "wanted Y,X,+");
  check_refused(c.set("--click", "24,24,+", "48,3,-"), "48,3,-", "2 of 2", "0..47", "0..63");
  check_refused(c.set("--click", "24,63.5,+"), "24,63.5,+");
  check_refused(c.set("--click", "-0.5,2,+"), "-0.5,2,+", "outside");
  check_refused(c.set("--click"), "--click");
}

TEST_CASE("start masks and truths of another size or without object are refused") {
  segment_case c;
  write_labels(c.folder / "m.png", mask_of_square(40, 56, 10, 20));
  check_refused(c.set("--mask", c.folder / "m.png"), "mask", "40x56", "48x64");
  check_refused(c.set("--mask").set("--truth", c.folder / "m.png"), "truth", "40x56", "48x64");
  write_labels(c.folder / "m.png", mask::blank(48, 64));
  check_refused(c.set("--truth").set("--mask", c.folder / "m.png"), "no object");
}

TEST_CASE("options out of their range are refused") {
  struct wrong {
    char const *option, *value, *word;
  };
  segment_case c;
  for (wrong const& w : std::vector<wrong>{{"--threshold", "1", "threshold"},
                                           {"--threshold", "nan", "threshold"},
                                           {"--threshold", "-0.1", "threshold"},
                                           {"--max-evaluations", "0", "max_evaluations"},
                                           {"--max-evaluations", "few", "--max-evaluations"},
                                           {"--time-budget", "-1", "time_budget"},
                                           {"--refine", "more", "--refine"},
                                           {"--zoom", "yes", "--zoom"},
                                           {"--flip", "1", "--flip"},
                                           {"--device", "gpu", "--device"},
                                           {"--threads", "-1", "--threads"},
                                           {"--frobnicate", "1", "--frobnicate"}}) {
    INFO(w.option << " " << w.value);
    check_refused(c.set(w.option, w.value), w.word);
    c.set(w.option);
  }
  for (char const* required : {"--model", "--support", "--query", "--click", "--out"}) {
    segment_case d;
    check_refused(d.set(required), required);
  }
}

TEST_CASE("results that cannot be written leave nothing behind") {
  segment_case c;
  SECTION("endings") {
    check_refused(c.set("--out", c.folder / "mask.jpg"), "--out", "jpg", "png");
    check_refused(c.set("--out", c.folder / "mask.png").set("--prob", c.folder / "p.tif"), "--prob", "tif");
    check_refused(c.set("--prob").set("--overlay", c.folder / "overlay"), "--overlay", "png, jpg, jpeg");
  }
  SECTION("one of several in a folder that is not there") {
    check_refused(c.set("--overlay", c.folder / "nowhere/o.png"), "nowhere/o.png", "No such file");
    check_refused(c.set("--overlay").set("--steps", c.folder / "nowhere"), "nowhere", "folder");
  }
  SECTION("one name for two") { check_refused(c.set("--prob", c.folder / "./mask.png"), "mask.png", "two results"); }
  SECTION("over what was read") {
    std::string const before = text_of_file(c.folder / "photo.png");
    check_refused(c.set("--out", c.folder / "photo.png"), "photo.png", "replace");
    check_refused(c.set("--out", c.folder / "example_mask.png"), "example_mask.png", "replace");
    std::filesystem::rename(c.folder / "photo.png", c.folder / "click_1.png");
    c.set("--out", c.folder / "mask.png").set("--query", c.folder / "click_1.png").set("--steps", c.folder / ".");
    check_refused(c, "click_1.png", "replace");
    CHECK(holds(c.folder / "click_1.png", before));
  }
}

TEST_CASE("a message is one line whatever it quotes") {
  segment_case c;
  check_refused(c.set("--query", "no\nsuch\nphoto"), "no such photo");
}

TEST_CASE("calls without a known subcommand are refused") {
  for (auto const& arguments : std::vector<std::vector<std::string>>{{}, {"frobnicate"}, {"--frobnicate"}}) {
    outcome const o = run_tool(arguments);
    CHECK(o.code == 2);
    CHECK(fsis_test::is_one_complaint(o.err));
  }
}
