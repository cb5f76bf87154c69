// SPDX-License-Identifier: MIT
#include <fsis/training/regions_set.hpp>

#include <fsis/training/episode_batch.hpp>

#include <support/catch.hpp>
#include <training/annotated_files.hpp>
#include <training/toy_set.hpp>

using namespace fsis;
using namespace fsis::training;

namespace {

/// Two pictures of 32x48: stripes of 4 and 12 rows and the rest, with values 9, 0 and 200.
void write_regions(fsis_test::scratch_folder const& root) {
  fsis_test::make_folders(root, {"images", "regions"});
  for (std::string const name : {"p", "q"}) {
    fsis_test::write_picture(root / ("images/" + name + ".png"), 32, 48);
    mask m = mask::blank(32, 48, 200);
    fsis_test::put(m, 0, 0, 4, 48, 9);
    fsis_test::put(m, 4, 0, 12, 48, 0);
    fsis_test::write_map(root / ("regions/" + name + ".png"), m);
  }
}

}  // namespace

TEST_CASE("regions_set: every region is a thing, whatever its number", "[training]") {
  fsis_test::scratch_folder root;
  write_regions(root);
  auto const set = regions_set(root / "");
  REQUIRE(set.size() == 2);
  REQUIRE(set.entry(0).instances.size() == 3);
  index_t const areas[] = {16 * 48, 12 * 48, 4 * 48};  // largest first
  for (std::size_t i = 0; i < 3; ++i) CHECK(set.entry(0).instances[i].area == areas[i]);
  mask const second = segmentation_set::target_of(set.read(0), set.entry(0).instances[1]);
  CHECK(second.count() == 12 * 48);
  CHECK(second(4, 0) == 1);
  CHECK(mentions(error_text([&] { regions_set(root / "images"); }), "no folders 'images' and 'regions'"));
}

TEST_CASE("regions_as_things: more regions than numbers are void", "[training]") {
  mask m = mask::blank(16, 16);
  for (index_t i = 0; i < 256; ++i) m.data()[i] = static_cast<std::uint8_t>(i);
  auto const shown = regions_as_things(image::blank(16, 16), m);
  index_t voids = 0;
  for (index_t i = 0; i < 256; ++i) {
    voids += shown.labels.data()[i] == mask::void_label;
    CHECK((shown.labels.data()[i] == mask::void_label) == (shown.instances.data()[i] == mask::void_label));
  }
  CHECK(voids == 2);
}

TEST_CASE("episode_mixture: things support themselves, in their share", "[training]") {
  fsis_test::scratch_folder root;
  write_regions(root);
  auto const things_set = regions_set(root / "");
  thing_source const things(things_set, 2);
  random_stream random(1);
  for (int i = 0; i < 20; ++i) {
    auto const e = things.draw(random);
    CHECK(e.supports_itself);
    CHECK(e.supports == std::vector<index_t>(2, e.query.picture));
  }

  index_t reads = 0;  // of pictures with classes: a query and two supports for an episode of theirs, else none
  segmentation_set const set(std::vector<std::string>(20, "toy"), [&](index_t i) {
    ++reads;
    return fsis_test::toy_picture(i);
  });
  std::vector<index_t> pictures;
  for (index_t i = 0; i < 18; ++i) pictures.push_back(i);
  episode_source const classes(set, pictures, {1, 2}, 2);
  episode_options o;
  o.side = 32;
  o.smallest_object = 8;
  auto const reads_with = [&](double share) {
    reads = 0;
    draw_episodes<float>({set, classes, things, share}, 40, 2, 7, 0, {}, o);
    return reads;
  };
  CHECK(reads_with(0) == 120);
  CHECK(reads_with(1) == 0);
  CHECK(reads_with(0.5) >= 30);
  CHECK(reads_with(0.5) <= 90);
  CHECK(mentions(error_text([&] { episode_mixture(set, classes, things, 1.5); }), "1.5"));
}
