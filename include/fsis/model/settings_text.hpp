// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/io/safetensors_reader.hpp>
#include <fsis/io/safetensors_writer.hpp>
#include <fsis/io/text.hpp>
#include <fsis/model/settings.hpp>

#include <charconv>
#include <cmath>
#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace model {
namespace detail {

inline std::string number_text(double value) {
  char digits[64];
  auto const end = std::to_chars(digits, digits + sizeof digits, value);
  return std::string(digits, end.ptr);
}

inline std::string numbers_text(std::array<double, 3> const& v) {
  return number_text(v[0]) + " " + number_text(v[1]) + " " + number_text(v[2]);
}

/// Exactly `count` finite numbers separated by spaces, from the metadata of a file.
inline std::vector<double> numbers_of(io::safetensors_file const& file, std::string const& key, std::size_t count) {
  auto const found = file.metadata().find(key);
  require<io_error>(found != file.metadata().end(), "load: ", file.origin(), " lacks '", key, "' in its metadata");
  std::string const& text = found->second;
  std::vector<double> values;
  char const* at = text.data();
  char const* const end = at + text.size();
  while (at != end) {
    double value = 0;
    auto const r = std::from_chars(at, end, value);
    require<io_error>(r.ec == std::errc() && std::isfinite(value) && (r.ptr == end || *r.ptr == ' '),
                      "load: ", file.origin(), ": metadata '", key, "' is '", text, "', wanted ", count,
                      " finite numbers");
    values.push_back(value);
    at = r.ptr == end ? end : r.ptr + 1;
  }
  require<io_error>(values.size() == count, "load: ", file.origin(), ": metadata '", key, "' has ", values.size(),
                    " numbers, wanted ", count);
  return values;
}

inline char const* const click_map_names[] = {"tanh_distance", "distance", "fraction", "disk"};

}  // namespace detail

/// How pictures become numbers, as metadata with all digits.
inline void add_pixels(normalization_constants const& pixels, io::safetensors_writer& file) {
  file.metadata("pixel_mean", detail::numbers_text(pixels.mean));
  file.metadata("pixel_deviation", detail::numbers_text(pixels.deviation));
}

/// The same from metadata. Throws `io_error` naming what is missing, malformed or out of range.
inline normalization_constants pixels_from(io::safetensors_file const& file) {
  normalization_constants pixels;
  auto const mean = detail::numbers_of(file, "pixel_mean", 3),
             deviation = detail::numbers_of(file, "pixel_deviation", 3);
  for (std::size_t c = 0; c < 3; ++c) {
    pixels.mean[c] = mean[c];
    pixels.deviation[c] = deviation[c];
    require<io_error>(deviation[c] > 0, "load: ", file.origin(), ": pixel_deviation ", deviation[c],
                      ", wanted positive");
  }
  return pixels;
}

/// Settings as metadata, numbers with all their digits.
inline void add_settings(network_settings const& s, io::safetensors_writer& file) {
  add_pixels(s.pixels, file);
  file.metadata("click_map", detail::click_map_names[static_cast<int>(s.clicks.kind)]);
  file.metadata("click_radius", detail::number_text(s.clicks.radius));
  file.metadata("prior", detail::number_text(s.prior.cosine_epsilon) + " " +
                             detail::number_text(s.prior.min_max_epsilon) + " " +
                             (s.prior.count_outside ? "1" : "0"));
  file.metadata("longest_side", std::to_string(s.longest_side));
  file.metadata("threshold", detail::number_text(s.threshold));
}

/// Settings from metadata. Throws `io_error` naming what is missing, malformed or out of range.
inline network_settings settings_from(io::safetensors_file const& file) {
  network_settings s;
  s.pixels = pixels_from(file);
  auto const kind = file.metadata().find("click_map");
  bool known = false;
  for (int i = 0; i < 4 && kind != file.metadata().end(); ++i)
    if (kind->second == detail::click_map_names[i]) {
      s.clicks.kind = static_cast<vision::click_map>(i);
      known = true;
    }
  require<io_error>(known, "load: ", file.origin(), ": click_map ",
                    kind == file.metadata().end() ? "is missing" : "'" + kind->second + "' is unknown");
  s.clicks.radius = detail::numbers_of(file, "click_radius", 1)[0];
  auto const prior = detail::numbers_of(file, "prior", 3);
  s.prior = {prior[0], prior[1], prior[2] != 0};
  double const side = detail::numbers_of(file, "longest_side", 1)[0];
  s.threshold = detail::numbers_of(file, "threshold", 1)[0];
  require<io_error>(prior[0] >= 0 && prior[1] >= 0 && (prior[2] == 0 || prior[2] == 1), "load: ", file.origin(),
                    ": prior ", prior[0], " ", prior[1], " ", prior[2],
                    ", wanted two epsilons that are not negative, and 0 or 1");
  require<io_error>(s.clicks.radius > 0 && side >= 16 && side <= 65536 && side == std::floor(side) &&
                        s.threshold > 0 && s.threshold < 1,
                    "load: ", file.origin(), ": settings out of range (click radius ", s.clicks.radius,
                    ", longest side ", side, ", threshold ", s.threshold, ")");
  s.longest_side = static_cast<index_t>(side);
  return s;
}

}  // namespace model
}  // namespace v0
}  // namespace fsis
