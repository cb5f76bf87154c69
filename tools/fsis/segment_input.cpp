// SPDX-License-Identifier: MIT
#include "segment_input.hpp"

#include <fsis/core/error.hpp>
#include <fsis/io/image_file.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <filesystem>

namespace fsis_tool {
namespace {

using fsis::index_t;
using fsis::require;
using fsis::value_error;

bool is_file(std::string const& path) {
  std::error_code none;
  return std::filesystem::is_regular_file(path, none);
}

/// The number that fills `text` from `begin` to `end`; empty if it is something else.
std::optional<double> number_in(std::string const& text, std::size_t begin, std::size_t end) {
  double value = 0;
  auto const read = std::from_chars(text.data() + begin, text.data() + end, value);
  if (read.ec != std::errc() || read.ptr != text.data() + end || !std::isfinite(value)) return std::nullopt;
  return value;
}

std::array<index_t, 256> count_values(fsis::mask const& m) {
  std::array<index_t, 256> count{};
  for (index_t i = 0; i < m.size(); ++i) ++count[m.data()[i]];
  return count;
}

/// "1, 7, 255": the values other than 0, the first dozen of them.
std::string list_of(std::array<index_t, 256> const& count) {
  std::string list;
  int listed = 0, all = 0;
  for (std::size_t v = 1; v < count.size(); ++v) {
    if (count[v] == 0 || ++all > 12) continue;
    list += (listed++ ? ", " : "") + std::to_string(v);
  }
  if (all == 0) return "nothing but 0";
  return all > listed ? list + fsis::message(" and ", all - listed, " more") : list;
}

}  // namespace

fsis::click parse_click(std::string const& text) {
  std::size_t const first = text.find(','), second = text.find(',', first + 1);
  bool const has_parts = first != std::string::npos && second != std::string::npos && second + 2 == text.size();
  char const sign = has_parts ? text.back() : '?';
  auto const y = has_parts ? number_in(text, 0, first) : std::nullopt;
  auto const x = has_parts ? number_in(text, first + 1, second) : std::nullopt;
  require<value_error>(y && x && (sign == '+' || sign == '-'), "click: '", text,
                       "', wanted Y,X,+ for the object or Y,X,- for what is not, such as 120,88,+");
  return {*y, *x, sign == '+'};
}

std::string text_of_click(fsis::click const& c) { return fsis::message(c.y, ",", c.x, ",", c.is_positive ? "+" : "-"); }

void check_click(fsis::click const& c, std::size_t number, std::size_t count, std::string const& picture,
                 index_t height, index_t width) {
  double const bottom = static_cast<double>(height - 1), right = static_cast<double>(width - 1);
  require<value_error>(c.y >= 0 && c.x >= 0 && c.y <= bottom && c.x <= right, "click: ", text_of_click(c), " (", number,
                       " of ", count, ") is outside '", picture, "', wanted Y in 0..", bottom, ", X in 0..", right);
}

std::pair<std::string, std::string> split_support(std::string const& text) {
  std::size_t const last = text.rfind(':');
  require<value_error>(last != std::string::npos, "support: '", text, "' has no colon, wanted IMAGE:MASK");
  for (std::size_t at = last; at != std::string::npos; at = at == 0 ? std::string::npos : text.rfind(':', at - 1)) {
    std::string const image = text.substr(0, at), mask = text.substr(at + 1);
    if (is_file(image) && is_file(mask)) return {image, mask};
  }
  std::string const image = text.substr(0, last), mask = text.substr(last + 1);
  fsis::fail<value_error>("support: no colon of '", text, "' has an existing file on either side, wanted IMAGE:MASK (",
                          is_file(image) ? "" : "no file '" + image + "'",
                          is_file(image) || is_file(mask) ? "" : ", ", is_file(mask) ? "" : "no file '" + mask + "'",
                          ")");
}

object_mask read_object(std::string const& what, std::string const& path, std::optional<int> label) {
  require<value_error>(!label || (*label >= 1 && *label <= 254), what, ": label ", label.value_or(0),
                       ", wanted 1 to 254 (0 is background, 255 void)");
  object_mask out;
  out.bytes = fsis::io::read_mask(path);
  auto const count = count_values(out.bytes);
  if (label) {
    auto const wanted = static_cast<std::uint8_t>(*label);
    require<value_error>(count[wanted] > 0, what, ": label ", *label, " is not in '", path, "', which holds ",
                         list_of(count));
    out.reading = fsis::vision::truth_reading::labels;
    for (index_t i = 0; i < out.bytes.size(); ++i) {
      std::uint8_t& v = out.bytes.data()[i];
      if (v != fsis::mask::void_label) v = v == wanted;
    }
    return out;
  }
  int different = 0;
  for (std::size_t v = 1; v < count.size(); ++v) different += count[v] > 0;
  require<value_error>(different <= 1, what, ": '", path, "' holds ", different, " values beside 0 (", list_of(count),
                       "), wanted one; choose one of a label map with --support-label N (255 is void then)");
  require<value_error>(different == 1, what, ": '", path, "' has no object, all its ", out.bytes.size(),
                       " pixels are 0");
  for (index_t i = 0; i < out.bytes.size(); ++i) out.bytes.data()[i] = out.bytes.data()[i] != 0;
  return out;
}

void check_fits(std::string const& what, std::string const& mask_path, fsis::mask const& m,
                std::string const& image_path, fsis::image const& picture) {
  require<fsis::shape_error>(m.height() == picture.height() && m.width() == picture.width(), what, ": the mask '",
                             mask_path, "' is ", m.height(), "x", m.width(), ", its picture '", image_path, "' ",
                             picture.height(), "x", picture.width(), ", wanted equal sizes (height x width)");
}

fsis::shot read_support(std::string const& text, std::optional<int> label) {
  auto const [image_path, mask_path] = split_support(text);
  fsis::shot s;
  s.picture = fsis::io::read_image(image_path);
  object_mask m = read_object("support", mask_path, label);
  check_fits("support", mask_path, m.bytes, image_path, s.picture);
  s.object = std::move(m.bytes);
  s.reading = m.reading;
  return s;
}

}  // namespace fsis_tool
