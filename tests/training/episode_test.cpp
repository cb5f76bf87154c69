// SPDX-License-Identifier: MIT
#include <fsis/training/episode.hpp>

#include <support/catch.hpp>
#include <training/toy_set.hpp>

using namespace fsis;
using namespace fsis::training;
using fsis_test::all_pictures;

TEST_CASE("a set knows what its pictures show", "[training]") {
  auto const set = fsis_test::toy_set();
  REQUIRE(set.size() == 20);
  CHECK(set.shows(0, 1));
  CHECK_FALSE(set.shows(0, 2));
  CHECK(set.shows(19, 3));
  CHECK(set.entry(0).instances.size() == 2);
  CHECK(set.entry(1).instances.size() == 1);
  CHECK(set.entry(1).area_of.at(2) == 14 * 13);  // without the row of void
  CHECK(set.entry(1).name == "toy1");
}

TEST_CASE("targets hold one instance or the whole class, and keep void", "[training]") {
  auto const set = fsis_test::toy_set();
  auto const shown = set.read(4);
  auto const& labels = shown.labels;
  auto const& both = set.entry(4).instances;
  REQUIRE(both.size() == 2);
  mask const first = segmentation_set::target_of(shown, both[0]),
             second = segmentation_set::target_of(shown, both[1]);
  mask const whole = segmentation_set::class_of(labels, 1);
  for (index_t i = 0; i < labels.size(); ++i) {
    if (labels.data()[i] == mask::void_label) {
      CHECK((first.data()[i] == mask::void_label && whole.data()[i] == mask::void_label));
      continue;
    }
    CHECK(first.data()[i] + second.data()[i] == whole.data()[i]);
    CHECK(whole.data()[i] == (labels.data()[i] == 1 ? 1 : 0));
  }
}

TEST_CASE("episodes are repeatable, of the asked classes, and never support themselves", "[training]") {
  auto const set = fsis_test::toy_set();
  episode_source const source(set, all_pictures(set), {1, 2, 3}, 2);
  CHECK(source.labels() == std::vector<std::uint8_t>{1, 2});
  CHECK(source.left_out() == std::vector<std::uint8_t>{3});  // two pictures, 2 shots want eight
  random_stream a(5, 1), b(5, 1);
  for (int i = 0; i < 50; ++i) {
    auto const e = source.draw(a), f = source.draw(b);
    CHECK(e.query.picture == f.query.picture);
    CHECK(e.supports == f.supports);
    REQUIRE(e.supports.size() == 2);
    CHECK(e.supports[0] != e.supports[1]);
    for (index_t const s : e.supports) {
      CHECK(s != e.query.picture);
      CHECK(set.shows(s, e.query.label));
    }
  }
  auto const fixed = source.fixed(9, 3);
  for (std::size_t i = 0; i < fixed.size(); ++i) CHECK(fixed[i].query.label == source.labels()[i % 2]);
}

TEST_CASE("the split by image leaves no held-out class in training", "[training]") {
  auto const set = fsis_test::toy_set();
  auto const split = split_for_training(set, {1});
  CHECK(split.training.size() + split.validation.size() + split.held_out.size() == 20);
  CHECK(split.validation.size() == 1);  // every tenth of eleven
  for (index_t const p : split.training) CHECK_FALSE(set.shows(p, 1));
  for (index_t const p : split.validation) CHECK_FALSE(set.shows(p, 1));
  for (index_t const p : split.held_out) CHECK(set.shows(p, 1));
}

TEST_CASE("episodes and folds say what is wrong", "[training]") {
  auto const set = fsis_test::toy_set();
  CHECK(mentions(error_text([&] { episode_source(set, all_pictures(set), {1}, 0); }), "0 shots"));
  CHECK(mentions(error_text([&] { episode_source(set, all_pictures(set), {3}, 1); }), "none of 1 classes", "7"));
  CHECK(mentions(error_text([] { pascal_fold(4); }), "fold 4"));
  CHECK(pascal_fold(1) == std::set<std::uint8_t>{6, 7, 8, 9, 10});
}
