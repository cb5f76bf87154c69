// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/io/coco_json.hpp>
#include <fsis/io/image_file.hpp>
#include <fsis/training/segmentation_set.hpp>
#include <fsis/vision/polygon.hpp>

#include <algorithm>
#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace training {

/// The pixels of a thing.
inline mask drawn(io::coco_annotation const& a, index_t height, index_t width) {
  mask out = mask::blank(height, width);
  for (auto const& numbers : a.polygons) {
    std::vector<vision::corner> polygon;
    for (std::size_t i = 0; i + 1 < numbers.size(); i += 2) polygon.push_back({numbers[i], numbers[i + 1]});
    if (polygon.size() >= 3) vision::fill_polygon(out, polygon);
  }
  index_t at = 0;  // runs go down the columns
  std::uint8_t now = 0;
  for (index_t const run : a.runs) {
    for (index_t end = at + run; at < end; ++at)
      if (now) out(at % height, at / height) = 1;
    now ^= 1;
  }
  return out;
}

/// The maps of a picture. Labels are 1 to 254 in the order of the categories' numbers; smaller things lie over larger
/// ones; crowds are void, and so are things beyond the 254th.
inline void draw_annotations(annotated_picture& to, std::vector<io::coco_annotation const*> const& things,
                             std::map<std::int64_t, std::uint8_t> const& label_of) {
  index_t const H = to.picture.height(), W = to.picture.width();
  to.labels = mask::blank(H, W);
  to.instances = mask::blank(H, W);
  struct drawing {
    io::coco_annotation const* of;
    mask pixels;
    index_t area;
  };
  std::vector<drawing> all;
  for (auto const* a : things) {
    mask m = drawn(*a, H, W);
    index_t const area = m.count();
    all.push_back({a, std::move(m), area});
  }
  std::stable_sort(all.begin(), all.end(), [](drawing const& a, drawing const& b) { return a.area > b.area; });
  std::uint8_t next = 1;
  for (drawing const& d : all) {
    bool const is_void = d.of->is_crowd || next == mask::void_label;
    std::uint8_t const label = is_void ? mask::void_label : label_of.at(d.of->category_id);
    std::uint8_t const id = is_void ? mask::void_label : next;
    for (index_t i = 0; i < d.pixels.size(); ++i)
      if (d.pixels.data()[i]) {
        to.labels.data()[i] = label;
        to.instances.data()[i] = id;
      }
    if (!is_void) ++next;
  }
}

/// Pictures of a folder with an instances file of COCO. Throws `io_error` on a malformed file, more than 254
/// categories, a file name that leaves the folder, and a picture of another size than the file says.
inline segmentation_set coco_set(std::string const& images, std::string const& instances_json, double smallest = 0.01,
                                 unreadable_file unreadable = unreadable_file::is_fatal) {
  namespace fs = std::filesystem;
  auto const file = std::make_shared<io::coco_file const>(io::read_coco(instances_json));
  std::vector<std::int64_t> numbers;
  for (auto const& c : file->categories) numbers.push_back(c.id);
  std::sort(numbers.begin(), numbers.end());
  require<io_error>(numbers.size() <= 254, "coco: '", instances_json, "' has ", numbers.size(),
                    " categories, wanted at most 254");
  std::map<std::int64_t, std::uint8_t> label_of;
  for (std::int64_t const n : numbers) label_of.emplace(n, static_cast<std::uint8_t>(label_of.size() + 1));
  auto things = std::make_shared<std::map<std::int64_t, std::vector<io::coco_annotation const*>>>();
  for (auto const& a : file->annotations) (*things)[a.image_id].push_back(&a);
  std::vector<std::string> names;
  for (auto const& i : file->images) {
    fs::path const relative(i.file_name);
    bool const leaves =
        relative.is_absolute() || std::find(relative.begin(), relative.end(), fs::path("..")) != relative.end();
    require<io_error>(!leaves, "coco: '", instances_json, "': file name '", io::shown(i.file_name),
                      "' leaves the folder of pictures");
    names.push_back(i.file_name);
  }
  auto const read = [file, things, label_of, images](index_t n) {
    io::coco_image const& i = file->images[static_cast<std::size_t>(n)];
    annotated_picture out;
    out.picture = io::read_image((fs::path(images) / i.file_name).string());
    require<io_error>(out.picture.height() == i.height && out.picture.width() == i.width, "coco: ", i.file_name,
                      " is ", out.picture.height(), "x", out.picture.width(), ", the file says ", i.height, "x",
                      i.width);
    auto const found = things->find(i.id);
    draw_annotations(out, found == things->end() ? std::vector<io::coco_annotation const*>{} : found->second,
                     label_of);
    return out;
  };
  return segmentation_set(names, read, smallest, unreadable);
}

}  // namespace training
}  // namespace v0
}  // namespace fsis
