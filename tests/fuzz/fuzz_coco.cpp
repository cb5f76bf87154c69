// SPDX-License-Identifier: MIT
#include <fsis/training/coco_set.hpp>

#include <fuzz/driver.hpp>

#include <map>

namespace {

using namespace fsis_fuzz;

outcome run(std::uint8_t const* data, std::size_t size) {
  return attempt([&] {
    auto const file = fsis::io::parse_coco(reinterpret_cast<char const*>(data), size, "input");
    std::map<std::int64_t, fsis::io::coco_image const*> images;
    for (auto const& i : file.images) images[i.id] = &i;
    for (auto const& a : file.annotations) {
      auto const& i = *images.at(a.image_id);
      if (i.height * i.width > 1000000) continue;
      auto const m = fsis::training::drawn(a, i.height, i.width);
      promise(m.size() == i.height * i.width, "what was accepted can be drawn");
    }
  });
}

}  // namespace

target fsis_fuzz::make_target() {
  std::string const text = R"({"images": [{"id": 9, "file_name": "x.png", "height": 10, "width": 12}],
    "categories": [{"id": 3, "name": "car"}],
    "annotations": [
      {"id": 1, "image_id": 9, "category_id": 3, "iscrowd": 0, "segmentation": [[1, 1, 9.5, 1, 9, 9, 1, 9]]},
      {"id": 2, "image_id": 9, "category_id": 3, "segmentation": {"size": [10, 12], "counts": [32, 3, 85]}},
      {"id": 3, "image_id": 9, "category_id": 3, "iscrowd": 1, "segmentation": {"size": [10, 12], "counts": "X1`2"}}]})";
  return {"coco", {bytes(text.begin(), text.end())}, &run, nullptr, 20000};
}
