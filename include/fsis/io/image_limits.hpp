// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>

#include <cstdint>
#include <string>

namespace fsis {
inline namespace v0 {
namespace io {

/// What a picture file may cost. Checked before anything of that size is read or allocated.
struct image_limits {
  index_t max_pixels = 64'000'000;
  std::uint64_t max_file_bytes = std::uint64_t{256} << 20;
};

/// Throws `io_error` when a picture of this size is empty or exceeds the limit.
inline void check_pixels(char const* operation, std::string const& origin, index_t height, index_t width,
                         image_limits const& limits) {
  require<io_error>(height > 0 && width > 0, operation, ": ", origin, ": size ", height, "x", width,
                    " (height x width), both must be positive");
  require<io_error>(width <= limits.max_pixels / height, operation, ": ", origin, ": size ", height, "x",
                    width, " (height x width) exceeds the limit of ", limits.max_pixels, " pixels");
}

}  // namespace io
}  // namespace v0
}  // namespace fsis
