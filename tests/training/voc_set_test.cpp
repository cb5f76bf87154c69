// SPDX-License-Identifier: MIT
#include <fsis/training/voc_set.hpp>

#include <support/catch.hpp>
#include <training/annotated_files.hpp>

using namespace fsis;
using namespace fsis::training;
using fsis_test::put;
using fsis_test::scratch_folder;
using fsis_test::write_map;
using fsis_test::write_text;

namespace {

/// Three pictures of 20x30: "a" with two things of class 2 that touch and one of class 7, "b" and "c" with class 7.
void write_devkit(scratch_folder const& root) {
  fsis_test::make_folders(root, {"JPEGImages", "SegmentationClass", "SegmentationObject", "ImageSets/Segmentation"});
  for (std::string const name : {"a", "b", "c"}) {
    fsis_test::write_picture(root / ("JPEGImages/" + name + ".jpg"), 20, 30);
    mask classes = mask::blank(20, 30), objects = mask::blank(20, 30);
    put(classes, 12, 0, 8, 30, 7);
    put(objects, 12, 0, 8, 30, 3);
    if (name == "a") {
      put(classes, 2, 2, 6, 10, 2);
      put(objects, 2, 2, 6, 4, 1);
      put(objects, 2, 6, 6, 6, 2);
      put(classes, 8, 0, 1, 30, 255);
      put(objects, 8, 0, 1, 30, 255);
    }
    write_map(root / ("SegmentationClass/" + name + ".png"), classes);
    write_map(root / ("SegmentationObject/" + name + ".png"), objects);
  }
  write_text(root / "ImageSets/Segmentation/trainval.txt", "a\nb\nc\n");
  write_text(root / "ImageSets/Segmentation/val.txt", "b \r\n");
}

}  // namespace

TEST_CASE("voc_set: things that touch are two, void is neither", "[training]") {
  scratch_folder root;
  write_devkit(root);
  auto const set = voc_set(root / "");
  REQUIRE(set.size() == 3);
  REQUIRE(set.entry(0).instances.size() == 3);
  CHECK(set.entry(0).instances[0].area == 24);
  CHECK(set.entry(0).instances[1].area == 36);
  auto const shown = set.read(0);
  mask const second = segmentation_set::target_of(shown, set.entry(0).instances[1]);
  CHECK(second(3, 7) == 1);
  CHECK(second(3, 3) == 0);
  CHECK(second(8, 3) == 255);
  CHECK(segmentation_set::class_of(shown.labels, 2)(3, 3) == 1);

  voc_options by_component;
  by_component.instances = "";
  CHECK(voc_set(root / "", by_component).entry(0).instances.size() == 2);
}

TEST_CASE("voc_set: pictures of another list are left out, and lists may have paths", "[training]") {
  scratch_folder root;
  write_devkit(root);
  voc_options o;
  o.without = "val";
  auto const set = voc_set(root / "", o);
  REQUIRE(set.size() == 2);
  CHECK(set.entry(1).name == "c");

  write_text(root / "aug.txt", "/JPEGImages/c.jpg /SegmentationClassAug/c.png\n");
  std::filesystem::create_directory(root / "SegmentationClassAug");
  write_map(root / "SegmentationClassAug/c.png", mask::blank(20, 30, 4));
  o.pictures = root / "aug.txt";
  o.labels = "SegmentationClassAug";
  o.instances = "";
  auto const augmented = voc_set(root / "", o);
  REQUIRE(augmented.size() == 1);
  CHECK(augmented.shows(0, 4));
}

TEST_CASE("voc_set: what is missing or broken is named", "[training]") {
  scratch_folder root;
  write_devkit(root);
  CHECK(mentions(error_text([&] { voc_set(root / "nowhere"); }), "nowhere", "JPEGImages"));
  voc_options o;
  o.pictures = "test";
  CHECK(mentions(error_text([&] { voc_set(root / "", o); }), "test"));
  o = {};
  o.without = "trainval";
  CHECK(mentions(error_text([&] { voc_set(root / "", o); }), "every picture"));

  write_map(root / "SegmentationObject/b.png", mask::blank(20, 31));
  write_text(root / "JPEGImages/c.jpg", "no picture");
  CHECK(mentions(error_text([&] { voc_set(root / ""); }), "b.png", "20x31"));
  o = {};
  o.unreadable = unreadable_file::is_skipped;
  auto const set = voc_set(root / "", o);
  REQUIRE(set.size() == 1);
  REQUIRE(set.skipped().size() == 2);
  CHECK(mentions(set.skipped()[0], "b: "));
  CHECK(mentions(set.skipped()[1], "c: ", "c.jpg"));
  CHECK(set.read(0).labels.height() == 20);
}
