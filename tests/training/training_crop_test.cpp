// SPDX-License-Identifier: MIT
#include <fsis/training/training_crop.hpp>
#include <fsis/training/segmentation_set.hpp>

#include <support/catch.hpp>
#include <training/toy_set.hpp>

using namespace fsis;
using namespace fsis::training;

namespace {

/// Two things of one class and one of another, without an instance map.
annotated_picture three_things() {
  annotated_picture p{image::blank(60, 80), mask::blank(60, 80), {}};
  auto const put = [&](index_t top, index_t left, std::uint8_t label) {
    for (index_t y = top; y < top + 16; ++y)
      for (index_t x = left; x < left + 16; ++x) p.labels(y, x) = label;
  };
  put(4, 4, 1);
  put(4, 40, 1);
  put(36, 20, 2);
  for (index_t x = 0; x < 80; ++x) p.labels(59, x) = mask::void_label;
  return p;
}

}  // namespace

TEST_CASE("others are all things of the picture but the one asked for", "[training]") {
  auto const shown = three_things();
  instance const first{0, 1, 0, 256};
  mask const others = segmentation_set::others_of(shown, first);
  CHECK(others(6, 6) == 0);
  CHECK(others(59, 10) == 0);
  CHECK((others(6, 42) != 0 && others(40, 24) != 0 && others(6, 42) != others(40, 24)));
  CHECK(others.count() == 512);

  auto told = shown;
  told.instances = mask::blank(60, 80);
  for (index_t i = 0; i < told.labels.size(); ++i)
    if (told.labels.data()[i] == 1 || told.labels.data()[i] == 2) told.instances.data()[i] = i % 80 < 30 ? 5 : 9;
  CHECK(segmentation_set::others_of(told, {0, 1, 5, 256})(6, 42) == 9);
  CHECK(segmentation_set::others_of(told, {0, 1, 5, 256})(6, 6) == 0);
}

TEST_CASE("a crop moves picture, target and others together", "[training]") {
  auto shown = three_things();
  for (index_t y = 0; y < 60; ++y)
    for (index_t x = 0; x < 80; ++x)
      for (index_t c = 0; c < 3; ++c) shown.picture(y, x, c) = shown.labels(y, x) == 1 ? 250 : 10;
  instance const first{0, 1, 0, 256};
  target_in_picture const whole{shown.picture, segmentation_set::target_of(shown, first),
                                segmentation_set::others_of(shown, first)};
  episode_options o;
  o.side = 48;
  index_t agree = 0, counted = 0;
  for (std::uint64_t i = 0; i < 20; ++i) {
    random_stream random(2, i);
    auto const crop = draw_crop(whole, random, o);
    CHECK(std::count(crop.target.data(), crop.target.data() + crop.target.size(), std::uint8_t{1}) >= 32);
    REQUIRE(crop.others.size() == crop.target.size());
    for (index_t k = 0; k < crop.target.size(); ++k) {
      bool const of_class = crop.target.data()[k] == 1 || crop.others.data()[k] == 2;
      CHECK(!(crop.target.data()[k] == 1 && crop.others.data()[k] != 0));
      if (crop.target.data()[k] == mask::void_label) continue;
      ++counted;
      agree += of_class == (crop.picture.data()[3 * k] > 100);
    }
  }
  CHECK(agree > 97 * counted / 100);  // bilinear edges beside nearest ones
}

TEST_CASE("each click model clicks the object, and others where it is asked to", "[training]") {
  auto const shown = three_things();
  instance const first{0, 1, 0, 256};
  target_in_picture const whole{shown.picture, segmentation_set::target_of(shown, first),
                                segmentation_set::others_of(shown, first)};
  for (auto const model : {click_model::f_brs, click_model::ritm, click_model::dios}) {
    episode_options o;
    o.model = model;
    o.one_click_share = 0;
    o.dios.margin = 2;
    index_t on_others = 0, negative = 0;
    for (std::uint64_t i = 0; i < 200; ++i) {
      random_stream random(4, i);
      auto const clicks = draw_clicks(whole, random, o);
      REQUIRE(!clicks.empty());
      for (click const& c : clicks) {
        index_t const y = static_cast<index_t>(c.y), x = static_cast<index_t>(c.x);
        CHECK((whole.target(y, x) == 1) == c.is_positive);
        if (c.is_positive) continue;
        ++negative;
        on_others += whole.others(y, x) != 0;
      }
    }
    CHECK(4 * on_others > negative);  // they cover a ninth of the ground
  }
  target_in_picture const empty{shown.picture, mask::blank(60, 80), {}};
  random_stream random(1);
  CHECK(draw_clicks(empty, random, {}).empty());
}
