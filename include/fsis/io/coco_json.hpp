// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>
#include <fsis/io/file.hpp>
#include <fsis/io/text.hpp>

#include <nlohmann/json.hpp>

#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace io {

/// A picture of a COCO file.
struct coco_image {
  std::int64_t id = 0;
  std::string file_name;
  index_t height = 0, width = 0;
};

/// A thing in a picture: polygons (x, y in turns), or lengths of runs down the columns, background first.
struct coco_annotation {
  std::int64_t id = 0, image_id = 0, category_id = 0;
  bool is_crowd = false;  ///< a region of many things that nobody told apart
  std::vector<std::vector<double>> polygons;
  std::vector<index_t> runs;
  index_t run_height = 0, run_width = 0;
};

struct coco_category {
  std::int64_t id = 0;
  std::string name;
};

/// An instances file of COCO (Lin et al. 2014).
struct coco_file {
  std::vector<coco_image> images;
  std::vector<coco_annotation> annotations;
  std::vector<coco_category> categories;
};

/// Lengths of runs from the text that COCO packs them into: five bits and a "more follows" per character from '0' on,
/// signed, and from the fourth length on as the difference to the one two before. Throws `io_error` on characters
/// outside the alphabet, a text that ends within a number, and lengths below 0 or above 2^40.
inline std::vector<index_t> coco_runs(std::string const& text, std::string const& origin) {
  std::vector<index_t> runs;
  for (std::size_t at = 0; at < text.size();) {
    std::int64_t value = 0;
    int shift = 0;
    bool more = true;
    while (more) {
      require<io_error>(at < text.size(), "coco: ", origin, ": runs end within a number");
      int const c = static_cast<unsigned char>(text[at++]) - 48;
      require<io_error>(c >= 0 && c < 64 && shift <= 40, "coco: ", origin, ": character ", at, " of the runs is no digit");
      value |= static_cast<std::int64_t>(c & 31) << shift;
      shift += 5;
      more = (c & 32) != 0;
      if (!more && (c & 16) != 0) value -= std::int64_t{1} << shift;
    }
    if (runs.size() > 2) value += runs[runs.size() - 2];
    require<io_error>(value >= 0 && value <= (std::int64_t{1} << 40), "coco: ", origin, ": a run of ", value, " pixels");
    runs.push_back(value);
  }
  return runs;
}

namespace detail {

/// Takes the parser's events: files of half a gigabyte never exist as a tree. A place is the names on the way to it,
/// "/annotations/[]/segmentation/[]/[]".
class coco_builder {
 public:
  explicit coco_builder(std::string origin) : origin_(std::move(origin)) {}

  coco_file file;
  std::string failure;

  bool start_object(std::size_t) {
    if (!enter()) return false;
    if (place_ == "/images/[]") file.images.emplace_back();
    if (place_ == "/annotations/[]") file.annotations.emplace_back();
    if (place_ == "/categories/[]") file.categories.emplace_back();
    kinds_.push_back('{');
    return true;
  }
  bool start_array(std::size_t) {
    if (!enter()) return false;
    if (place_ == "/annotations/[]/segmentation/[]") file.annotations.back().polygons.emplace_back();
    kinds_.push_back('[');
    return true;
  }
  bool end_object() { return leave(); }
  bool end_array() { return leave(); }
  bool key(std::string& name) {
    key_ = name;
    return true;
  }

  bool string(std::string& text) {
    step_in();
    if (place_ == "/images/[]/file_name") file.images.back().file_name = text;
    if (place_ == "/categories/[]/name") file.categories.back().name = text;
    if (place_ == "/annotations/[]/segmentation/counts") {
      auto& a = file.annotations.back();
      try {
        a.runs = coco_runs(text, origin_ + ", annotation " + std::to_string(a.id));
      } catch (io_error const& e) {
        failure = e.what();
        return false;
      }
    }
    step_out();
    return true;
  }
  bool number_unsigned(std::uint64_t n) { return number(static_cast<double>(n)); }
  bool number_integer(std::int64_t n) { return number(static_cast<double>(n)); }
  bool number_float(double n, std::string const&) { return number(n); }
  bool boolean(bool value) { return number(value ? 1 : 0); }
  bool null() { return number(0); }
  bool binary(nlohmann::json::binary_t&) { return false; }

  bool parse_error(std::size_t position, std::string const&, nlohmann::json::exception const& why) {
    failure = message("coco: ", origin_, ": not JSON at byte ", position, ": ", shown(why.what(), 200));
    return false;
  }

 private:
  static constexpr std::size_t max_depth = 32;

  bool enter() {
    if (kinds_.size() >= max_depth) {
      failure = message("coco: ", origin_, ": nested deeper than ", max_depth);
      return false;
    }
    step_in();
    return true;
  }
  bool leave() {
    kinds_.pop_back();
    step_out();
    return true;
  }

  void step_in() {
    lengths_.push_back(place_.size());
    if (!kinds_.empty()) place_ += kinds_.back() == '[' ? "/[]" : "/" + key_;
  }
  void step_out() {
    place_.resize(lengths_.back());
    lengths_.pop_back();
  }

  bool number(double n) {
    step_in();
    bool const taken = take(n);
    if (!taken) failure = message("coco: ", origin_, ": ", n, " at ", shown(place_), ", wanted a whole number");
    step_out();
    return taken;
  }

  /// False where a whole number is wanted and this is none.
  bool take(double n) {
    bool const whole = std::isfinite(n) && std::abs(n) < 9e15 && n == std::floor(n);
    auto const i = whole ? static_cast<std::int64_t>(n) : 0;
    if (place_ == "/annotations/[]/segmentation/[]/[]") {
      file.annotations.back().polygons.back().push_back(n);
      return true;
    }
    auto const put = [&](auto& to) {
      to = static_cast<std::decay_t<decltype(to)>>(i);
      return whole;
    };
    if (place_ == "/annotations/[]/segmentation/counts/[]") return file.annotations.back().runs.push_back(i), whole && i >= 0;
    if (place_ == "/annotations/[]/segmentation/size/[]") {
      auto& a = file.annotations.back();
      return put(a.run_height == 0 ? a.run_height : a.run_width);
    }
    if (place_ == "/annotations/[]/id") return put(file.annotations.back().id);
    if (place_ == "/annotations/[]/image_id") return put(file.annotations.back().image_id);
    if (place_ == "/annotations/[]/category_id") return put(file.annotations.back().category_id);
    if (place_ == "/annotations/[]/iscrowd") return put(file.annotations.back().is_crowd);
    if (place_ == "/images/[]/id") return put(file.images.back().id);
    if (place_ == "/images/[]/height") return put(file.images.back().height);
    if (place_ == "/images/[]/width") return put(file.images.back().width);
    if (place_ == "/categories/[]/id") return put(file.categories.back().id);
    return true;
  }

  std::string origin_, key_, place_;
  std::vector<char> kinds_;
  std::vector<std::size_t> lengths_;
};

/// What must hold between the parts.
inline void check_coco(coco_file const& f, std::string const& origin) {
  std::map<std::int64_t, coco_image const*> images;
  for (coco_image const& i : f.images) {
    require<io_error>(images.emplace(i.id, &i).second, "coco: ", origin, ": image ", i.id, " occurs twice");
    require<io_error>(i.height > 0 && i.width > 0 && i.height < 65536 && i.width < 65536 && !i.file_name.empty(), "coco: ",
                      origin, ": image ", i.id, " is ", i.height, "x", i.width, " in file '", shown(i.file_name), "'");
  }
  std::map<std::int64_t, bool> categories;
  for (coco_category const& c : f.categories)
    require<io_error>(categories.emplace(c.id, true).second, "coco: ", origin, ": category ", c.id, " occurs twice");
  for (coco_annotation const& a : f.annotations) {
    auto const image = images.find(a.image_id);
    require<io_error>(image != images.end(), "coco: ", origin, ": annotation ", a.id, " is of image ", a.image_id,
                      ", which is not among the images");
    require<io_error>(categories.count(a.category_id) > 0, "coco: ", origin, ": annotation ", a.id, " is of category ",
                      a.category_id, ", which is not among the categories");
    for (auto const& p : a.polygons) {
      require<io_error>(p.size() % 2 == 0, "coco: ", origin, ": annotation ", a.id, " has a polygon of ", p.size(),
                        " numbers, wanted pairs");
      for (double const v : p)
        require<io_error>(std::isfinite(v), "coco: ", origin, ": annotation ", a.id, " has a corner that is not finite");
    }
    if (a.runs.empty()) continue;
    index_t const pixels = image->second->height * image->second->width;
    index_t total = 0;
    for (index_t const r : a.runs) total += total > pixels ? 0 : r;
    require<io_error>(a.run_height == image->second->height && a.run_width == image->second->width && total == pixels,
                      "coco: ", origin, ": annotation ", a.id, " has runs of ", total, " pixels for ", a.run_height, "x",
                      a.run_width, ", its image is ", image->second->height, "x", image->second->width);
  }
}

}  // namespace detail

/// An instances file of COCO from its text: what is not asked for is passed over; numbers, references and sizes are
/// checked. Throws `io_error` naming `origin` and the place.
inline coco_file parse_coco(char const* text, std::size_t count, std::string const& origin) {
  detail::coco_builder builder(origin);
  bool const complete = nlohmann::json::sax_parse(text, text + count, &builder);
  require<io_error>(complete, builder.failure.empty() ? message("coco: ", origin, ": not an instances file") : builder.failure);
  detail::check_coco(builder.file, origin);
  return std::move(builder.file);
}

/// The same from a file of at most `max_bytes`.
inline coco_file read_coco(std::string const& path, std::uint64_t max_bytes = std::uint64_t{4} << 30) {
  auto const bytes = read_file(path, max_bytes);
  return parse_coco(reinterpret_cast<char const*>(bytes.data()), bytes.size(), "'" + path + "'");
}

}  // namespace io
}  // namespace v0
}  // namespace fsis
