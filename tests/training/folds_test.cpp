// SPDX-License-Identifier: MIT
#include <fsis/training/folds.hpp>

#include <support/catch.hpp>

using namespace fsis;
using namespace fsis::training;

TEST_CASE("folds: each class is held out once", "[training]") {
  CHECK(pascal_fold(0) == class_labels{1, 2, 3, 4, 5});
  CHECK(pascal_fold(3) == class_labels{16, 17, 18, 19, 20});
  CHECK(other_pascal_classes(pascal_fold(1)).size() == 15);
  CHECK(coco_fold(1, coco_split::interleaved).count(2) == 1);
  CHECK(coco_fold(1, coco_split::interleaved).count(78) == 1);
  CHECK(*coco_fold(2, coco_split::contiguous).begin() == 41);
  for (auto const split : {coco_split::interleaved, coco_split::contiguous}) {
    class_labels all;
    for (index_t f = 0; f < 4; ++f) {
      auto const fold = coco_fold(f, split);
      CHECK(fold.size() == 20);
      all.insert(fold.begin(), fold.end());
    }
    CHECK(all == other_classes({}, 80));
  }
  CHECK_THROWS_AS(pascal_fold(4), value_error);
  CHECK_THROWS_AS(coco_fold(-1, coco_split::contiguous), value_error);
}
