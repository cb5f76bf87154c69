// SPDX-License-Identifier: MIT
#include <fsis/training/coco_set.hpp>

#include <support/catch.hpp>
#include <training/annotated_files.hpp>

using namespace fsis;
using namespace fsis::training;
using fsis_test::scratch_folder;
using fsis_test::write_text;

namespace {

std::string const start = R"({"info": {"year": 2017},
  "images": [{"id": 9, "file_name": "x.png", "height": 10, "width": 12},
             {"id": 4, "file_name": "y.png", "height": 4, "width": 3}],
  "categories": [{"id": 18, "name": "dog", "supercategory": "animal"}, {"id": 3, "name": "car"}],
  "annotations": [)";

/// A large car as a polygon with a dog on it as runs, and a crowd of dogs; the second picture shows a car in packed runs.
std::string const annotations = R"(
  {"id": 1, "image_id": 9, "category_id": 3, "iscrowd": 0, "area": 64, "bbox": [1, 1, 8, 8],
   "segmentation": [[1, 1, 9, 1, 9, 9, 1, 9]]},
  {"id": 2, "image_id": 9, "category_id": 18, "iscrowd": 0, "segmentation": {"size": [10, 12], "counts": [32, 3, 85]}},
  {"id": 3, "image_id": 9, "category_id": 18, "iscrowd": 1, "segmentation": {"size": [10, 12], "counts": [110, 10]}},
  {"id": 4, "image_id": 4, "category_id": 3, "iscrowd": 0, "segmentation": {"size": [4, 3], "counts": "146M"}}]})";

void write_coco(scratch_folder const& folder, std::string const& text) {
  fsis_test::write_picture(folder / "x.png", 10, 12);
  fsis_test::write_picture(folder / "y.png", 4, 3);
  write_text(folder / "instances.json", text);
}

}  // namespace

TEST_CASE("coco_set: labels in the order of the categories, small things on top, crowds are void", "[training]") {
  scratch_folder folder;
  write_coco(folder, start + annotations);
  auto const set = coco_set(folder / "", folder / "instances.json", 0.001);
  REQUIRE(set.size() == 2);
  auto const x = set.read(0);
  CHECK(x.labels(1, 1) == 1);  // the car, category 3
  CHECK(x.labels(0, 0) == 0);
  CHECK(x.labels(9, 9) == 0);
  CHECK(x.labels(2, 3) == 2);  // the dog: pixels 32 to 34 down the columns of 10 are column 3, rows 2 to 4
  CHECK(x.labels(4, 3) == 2);
  CHECK(x.labels(5, 3) == 1);
  CHECK(x.labels(0, 11) == 255);
  REQUIRE(set.entry(0).instances.size() == 2);
  CHECK(set.entry(0).instances[0].area == 61);
  CHECK(set.entry(0).instances[1].area == 3);
  REQUIRE(set.entry(1).instances.size() == 1);
  CHECK(set.entry(1).instances[0].area == 5);  // runs of 1, 4, 6, 1
}

TEST_CASE("coco_set: what contradicts itself is refused, with the place", "[training]") {
  scratch_folder folder;
  auto const said = [&](std::string const& text) {
    write_coco(folder, text);
    return error_text([&] { coco_set(folder / "", folder / "instances.json"); });
  };
  auto const with = [&](std::string const& annotation) { return start + annotation + "]}"; };
  CHECK(mentions(said(with(R"({"id": 7, "image_id": 5, "category_id": 3})")), "annotation 7", "image 5"));
  CHECK(mentions(said(with(R"({"id": 7, "image_id": 9, "category_id": 1})")), "category 1"));
  CHECK(mentions(said(with(R"({"id": 7, "image_id": 9, "category_id": 3, "segmentation": [[1, 2, 3]]})")),
                 "3 numbers"));
  CHECK(mentions(
      said(
          with(R"({"id": 7, "image_id": 9, "category_id": 3, "segmentation": {"size": [10, 12], "counts": [100]}})")),
      "runs of 100 pixels", "10x12"));
  CHECK(mentions(
      said(with(R"({"id": 7, "image_id": 9, "category_id": 3, "segmentation": {"size": [9, 12], "counts": [108]}})")),
      "9x12", "10x12"));
  CHECK(mentions(said(with(R"({"id": 7.5, "image_id": 9, "category_id": 3})")), "7.5", "whole number"));
  CHECK(mentions(said(start), "not JSON"));
  CHECK(mentions(
      said(R"({"images": [{"id": 1, "file_name": "../x.png", "height": 10, "width": 12}], "annotations": []})"),
      "leaves the folder"));
  CHECK(
      mentions(said(R"({"images": [{"id": 1, "file_name": "x.png", "height": 10, "width": 13}], "annotations": []})"),
               "10x12", "10x13"));
}

TEST_CASE("coco_runs: lengths of runs as packed by the COCO tools", "[training]") {
  // made by hand from the format's definition; the first three lengths are written as they are
  CHECK(io::coco_runs("146", "here") == std::vector<index_t>{1, 4, 6});
  // 40 = 8 + 32 and 1: 'X' (8 + 32 + 48), '1'
  CHECK(io::coco_runs("X1", "here") == std::vector<index_t>{40});
  // the fourth is 4 - 1 = 3 as the difference -1 to the second: -1 is 31 with the sign bit, 'O'
  CHECK(io::coco_runs("146O", "here") == std::vector<index_t>{1, 4, 6, 3});
  CHECK(mentions(error_text([&] { io::coco_runs("X", "here"); }), "end within"));
  CHECK(mentions(error_text([&] { io::coco_runs("1 ", "here"); }), "no digit"));
  CHECK(mentions(error_text([&] { io::coco_runs("O", "here"); }), "-1 pixels"));
  CHECK(mentions(error_text([&] { io::coco_runs("oooooooooooo", "here"); }), "no digit"));
}
