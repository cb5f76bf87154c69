// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/io/text.hpp>
#include <fsis/model/settings_text.hpp>
#include <fsis/model/trunk.hpp>
#include <fsis/model/weights.hpp>

#include <charconv>
#include <string>

namespace fsis {
inline namespace v0 {
namespace model {
namespace detail {

/// The mean in "pixel values 0..255 minus mean (R, G, B), no division", a way of preparing pictures that weights from
/// Caffe's times still want. Throws `io_error` on any other sentence: pixels on a wrong scale would give a trunk that
/// computes without error and sees nothing. The result is in units of 255.
inline std::array<double, 3> mean_of_undivided_pixels(io::safetensors_file const& file, std::string const& sentence) {
  std::string const before = "pixel values 0..255 minus mean (", behind = "), no division";
  std::array<double, 3> mean{};
  bool valid = sentence.compare(0, before.size(), before) == 0;
  char const* at = sentence.data() + (valid ? before.size() : 0);
  char const* const end = sentence.data() + sentence.size();
  for (std::size_t c = 0; c < 3 && valid; ++c) {
    auto const r = std::from_chars(at, end, mean[c]);
    std::string const next = c < 2 ? ", " : behind;
    valid = r.ec == std::errc() && mean[c] >= 0 && mean[c] <= 255 &&
            std::string(r.ptr, end).compare(0, next.size(), next) == 0;
    if (valid) at = r.ptr + next.size();
  }
  require<io_error>(valid && at == end, "load: ", file.origin(), ": metadata 'input' is '", io::shown(sentence),
                    "', wanted '", before, "R, G, B", behind, "'");
  for (double& m : mean) m /= 255;
  return mean;
}

/// Lets a trunk of convolutions and ReLU that expects differences of bytes take differences divided by
/// 255 * `deviation` instead. Filters that read the picture take the factor, then the whole network is divided by the
/// mean factor, biases included: it is homogeneous of degree one, so all features shrink alike, to the size that
/// layers behind the trunk start for, and cosines stay what they were.
template <class Context, class Trunk>
void take_divided_pixels(Context const& ctx, Trunk& trunk, std::array<double, 3> const& deviation) {
  double const unit = (deviation[0] + deviation[1] + deviation[2]) / 3;
  bool is_first = true;
  nn::visit_parameters(trunk, [&](std::string const&, auto& p) {
    using T = typename std::decay_t<decltype(p.value)>::scalar;
    if (p.extents.rank() == 1) {
      p.value = ops::affine(ctx, p.value, 1 / (255 * unit), 0);
    } else if (is_first) {
      is_first = false;
      auto values = to_host(ctx, p.value);  // (K,R,S,3)
      for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<T>(static_cast<double>(values[i]) * deviation[i % 3] / unit);
      p.value = from_host<T>(ctx, p.extents, values);
    }
  });
}

}  // namespace detail

/// Loads pretrained weights into a trunk and returns how pictures must be prepared for it. The file may be
///   - a network of fsis, whose prior trunk is taken, or a trunk of `fsis pretrain`: as their metadata say;
///   - weights with torchvision's names: as for torchvision's models;
///   - the same whose metadata 'input' asks for bytes minus a mean without division: these are converted, so that
///     features are about as large as those of the others.
/// Throws `io_error` as `load_parameters`, and when 'input' says something else.
template <class Context, class Trunk>
normalization_constants load_trunk(Context const& ctx, Trunk& trunk, io::safetensors_file const& file) {
  normalization_constants pixels;
  auto const& notes = file.metadata();
  auto const input = notes.find("input");
  // read before a parameter changes: a sentence not understood leaves the trunk as it was
  if (notes.count("pixel_mean") > 0)
    pixels = pixels_from(file);
  else if (input != notes.end())
    pixels.mean = detail::mean_of_undivided_pixels(file, input->second);
  bool const is_network = file.contains("prior.features.0.weight");
  load_parameters(ctx, trunk, file, is_network ? "prior." : "");
  if (notes.count("pixel_mean") == 0 && input != notes.end())
    detail::take_divided_pixels(ctx, trunk, pixels.deviation);
  return pixels;
}

/// Writes a trunk for `load_trunk`. Throws `io_error` when the file cannot be written.
template <class Context, class Trunk>
void save_trunk(Context const& ctx, Trunk const& trunk, std::string const& architecture,
                normalization_constants const& pixels, std::string const& path) {
  io::safetensors_writer file;
  file.metadata("trunk", architecture);
  add_pixels(pixels, file);
  add_parameters(ctx, trunk, file, io::dtype::f32);
  file.write(path);
}

}  // namespace model
}  // namespace v0
}  // namespace fsis
