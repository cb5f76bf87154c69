// SPDX-License-Identifier: MIT
#include <fsis/training/sbd_set.hpp>

#include <support/catch.hpp>
#include <training/annotated_files.hpp>

#include <vector>

using namespace fsis;
using namespace fsis::training;
using fsis_test::scratch_folder;
using fsis_test::write_text;

namespace {

/// A structure with one field, compressed, as SBD's files are.
void write_mat(std::string const& path, char const* structure, char const* field, mask const& map,
               bool as_double = false) {
  std::size_t dims[2] = {static_cast<std::size_t>(map.height()), static_cast<std::size_t>(map.width())},
              one[2] = {1, 1};
  std::vector<std::uint8_t> bytes;
  std::vector<double> numbers;
  for (index_t x = 0; x < map.width(); ++x)
    for (index_t y = 0; y < map.height(); ++y) {
      bytes.push_back(map(y, x));
      numbers.push_back(map(y, x) / (map(y, x) == 77 ? 2.0 : 1.0));
    }
  void* const data = as_double ? static_cast<void*>(numbers.data()) : static_cast<void*>(bytes.data());
  mat_t* const file = ::Mat_CreateVer(path.c_str(), nullptr, MAT_FT_MAT5);
  matvar_t* const matrix = ::Mat_VarCreate(field, as_double ? MAT_C_DOUBLE : MAT_C_UINT8,
                                           as_double ? MAT_T_DOUBLE : MAT_T_UINT8, 2, dims, data, 0);
  char const* fields[] = {field};
  matvar_t* const whole = ::Mat_VarCreateStruct(structure, 2, one, fields, 1);
  ::Mat_VarSetStructFieldByName(whole, field, 0, matrix);
  ::Mat_VarWrite(file, whole, MAT_COMPRESSION_ZLIB);
  ::Mat_VarFree(whole);
  ::Mat_Close(file);
}

void write_sbd(scratch_folder const& root) {
  fsis_test::make_folders(root, {"img", "cls", "inst"});
  for (std::string const name : {"2008_1", "2008_2"}) {
    fsis_test::write_picture(root / ("img/" + name + ".jpg"), 16, 20);
    mask classes = mask::blank(16, 20), things = mask::blank(16, 20);
    fsis_test::put(classes, 2, 3, 6, 10, 15);
    fsis_test::put(things, 2, 3, 6, 4, 1);
    fsis_test::put(things, 2, 7, 6, 6, 2);
    write_mat(root / ("cls/" + name + ".mat"), "GTcls", "Segmentation", classes);
    write_mat(root / ("inst/" + name + ".mat"), "GTinst", "Segmentation", things, name == "2008_2");
  }
  write_text(root / "train.txt", "2008_1\n2008_2\n");
  write_text(root / "voc_val.txt", "2008_2\n");
}

}  // namespace

TEST_CASE("sbd_set: class and instance maps, rows are rows") {
  scratch_folder root;
  write_sbd(root);
  auto const set = sbd_set(root / "");
  REQUIRE(set.size() == 2);
  for (index_t i = 0; i < 2; ++i) {
    REQUIRE(set.entry(i).instances.size() == 2);
    CHECK(set.entry(i).instances[0].label == 15);
    CHECK(set.entry(i).instances[0].area == 24);
    CHECK(set.entry(i).instances[1].area == 36);
    CHECK(set.read(i).labels(2, 12) == 15);
    CHECK(set.read(i).labels(12, 2) == 0);
  }
  auto const rest = sbd_set(root / "", "train", root / "voc_val.txt");
  REQUIRE(rest.size() == 1);
  CHECK(rest.entry(0).name == "2008_1");
}

TEST_CASE("sbd_set: what is missing or broken is named") {
  scratch_folder root;
  write_sbd(root);
  CHECK(mentions(error_text([&] { sbd_set(root / "img"); }), "no folder 'img'"));
  CHECK(
      mentions(error_text([&] { sbd_set(root / "", root / "voc_val.txt", root / "voc_val.txt"); }), "every picture"));
  write_mat(root / "cls/2008_1.mat", "GTcls", "Segmentation", mask::blank(15, 20));
  CHECK(mentions(error_text([&] { sbd_set(root / ""); }), "2008_1", "15x20"));
  write_mat(root / "cls/2008_1.mat", "GTinst", "Segmentation", mask::blank(16, 20));
  CHECK(mentions(error_text([&] { sbd_set(root / ""); }), "2008_1.mat", "GTcls"));
  write_mat(root / "cls/2008_1.mat", "GTcls", "Boundaries", mask::blank(16, 20));
  CHECK(mentions(error_text([&] { sbd_set(root / ""); }), "2008_1.mat", "Segmentation"));
  write_mat(root / "cls/2008_1.mat", "GTcls", "Segmentation", mask::blank(16, 20, 77), true);
  CHECK(mentions(error_text([&] { sbd_set(root / ""); }), "38.5", "whole number"));
  write_text(root / "cls/2008_1.mat", "no MATLAB file");
  CHECK(mentions(error_text([&] { sbd_set(root / ""); }), "cannot open", "2008_1.mat"));
}
