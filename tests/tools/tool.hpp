// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/image.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/io/image_file.hpp>

#include <support/catch.hpp>
#include <support/program.hpp>

#include <map>
#include <string>
#include <vector>

namespace fsis_test {

using fsis::image;
using fsis::index_t;
using fsis::mask;

inline outcome run_tool(std::vector<std::string> const& arguments) { return run(FSIS_TOOL, arguments); }

/// Writes a network of made-up weights; those of an architecture are made once.
inline void make_model(std::string const& path, std::string const& architecture = "compact") {
  static std::map<std::string, std::string> made;
  std::string& bytes = made[architecture];
  if (bytes.empty()) {
    outcome const o = run(FSIS_MADE_UP_MODEL, {path, architecture});
    INFO(o.err);
    REQUIRE(o.code == 0);
    bytes = text_of_file(path);
  }
  put_file(path, bytes);
}

/// A square on a ground that changes from left to right; `place` is the square's upper left corner.
inline image picture_of_square(index_t height, index_t width, index_t place, index_t side) {
  image p = image::blank(height, width);
  for (index_t y = 0; y < height; ++y)
    for (index_t x = 0; x < width; ++x) {
      bool const inside = y >= place && y < place + side && x >= place && x < place + side;
      p(y, x, 0) = static_cast<std::uint8_t>(inside ? 210 : 40 + x);
      p(y, x, 1) = static_cast<std::uint8_t>(inside ? 90 : 60 + y);
      p(y, x, 2) = static_cast<std::uint8_t>(inside ? 40 + (x + y) % 7 : 120);
    }
  return p;
}

inline mask mask_of_square(index_t height, index_t width, index_t place, index_t side, std::uint8_t value = 1) {
  mask m = mask::blank(height, width);
  for (index_t y = place; y < place + side; ++y)
    for (index_t x = place; x < place + side; ++x) m(y, x) = value;
  return m;
}

/// Writes a mask with its values as they are.
inline void write_labels(std::string const& path, mask const& labels) {
  fsis::io::write_file(path, fsis::io::encode_png_grey(labels));
}

/// A folder with all that `fsis segment` needs, and its arguments.
class segment_case {
 public:
  static constexpr index_t height = 48, width = 64;

  explicit segment_case(std::string const& architecture = "compact") {
    make_model(folder / "net.safetensors", architecture);
    fsis::io::write_image(folder / "example.png", picture_of_square(40, 56, 10, 20));
    write_labels(folder / "example_mask.png", mask_of_square(40, 56, 10, 20));
    fsis::io::write_image(folder / "photo.png", picture_of_square(height, width, 16, 18));
    set("--model", folder / "net.safetensors");
    set("--support", (folder / "example.png") + ":" + (folder / "example_mask.png"));
    set("--query", folder / "photo.png");
    set("--click", "24,24,+");
    set("--out", folder / "mask.png");
  }

  /// Gives an option these values instead of the ones it has; none: leaves it out.
  template <class... Values>
  segment_case& set(std::string const& option, Values const&... values) {
    options_[option] = {values...};
    return *this;
  }

  outcome run() const {
    std::vector<std::string> arguments{"segment"};
    for (auto const& o : options_)
      for (std::string const& value : o.second) {
        arguments.push_back(o.first);
        arguments.push_back(value);
      }
    return run_tool(arguments);
  }

  /// Runs what must work.
  outcome succeed() const {
    outcome o = run();
    INFO(o.err);
    REQUIRE(o.code == 0);
    REQUIRE(o.err.empty());
    return o;
  }

  mask result() const { return fsis::io::read_mask(folder / "mask.png"); }

  scratch_folder folder;

 private:
  std::map<std::string, std::vector<std::string>> options_;
};

/// Does a file consist of these bytes? A question of its own, so that a failing check does not print them.
inline bool holds(std::string const& path, std::string const& bytes) { return text_of_file(path) == bytes; }

}  // namespace fsis_test
