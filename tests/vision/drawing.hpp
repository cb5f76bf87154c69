// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/image.hpp>
#include <fsis/core/mask.hpp>
#include <fsis/core/random.hpp>

#include <algorithm>
#include <string>
#include <vector>

namespace fsis_test {

/// A mask from rows of text: '.' is 0, '#' is 1, '?' is void (255), a digit is itself.
inline fsis::mask drawn(std::vector<std::string> const& rows) {
  fsis::mask m = fsis::mask::blank(static_cast<fsis::index_t>(rows.size()),
                                   static_cast<fsis::index_t>(rows.front().size()));
  for (fsis::index_t y = 0; y < m.height(); ++y)
    for (fsis::index_t x = 0; x < m.width(); ++x) {
      char const c = rows[static_cast<std::size_t>(y)][static_cast<std::size_t>(x)];
      m(y, x) = c == '.' ? 0 : c == '#' ? 1 : c == '?' ? 255 : static_cast<std::uint8_t>(c - '0');
    }
  return m;
}

/// A filled box; rows and columns include both ends.
inline fsis::mask box(fsis::index_t height, fsis::index_t width, fsis::index_t top, fsis::index_t bottom,
                      fsis::index_t left, fsis::index_t right, std::uint8_t value = 1) {
  fsis::mask m = fsis::mask::blank(height, width);
  for (fsis::index_t y = top; y <= bottom; ++y)
    for (fsis::index_t x = left; x <= right; ++x) m(y, x) = value;
  return m;
}

/// Each pixel is object with the given probability.
inline fsis::mask noise(fsis::index_t height, fsis::index_t width, double share,
                        fsis::random_stream& random) {
  fsis::mask m = fsis::mask::blank(height, width);
  for (fsis::index_t i = 0; i < m.size(); ++i) m.data()[i] = random.chance(share);
  return m;
}

/// The same pixels?
inline bool same(fsis::image const& a, fsis::image const& b) {
  return a.height() == b.height() && a.width() == b.width() &&
         std::equal(a.data(), a.data() + a.height() * a.width() * 3, b.data());
}

/// Left and right exchanged.
inline fsis::mask mirrored(fsis::mask const& m) {
  fsis::mask out = m;
  for (fsis::index_t y = 0; y < m.height(); ++y)
    for (fsis::index_t x = 0; x < m.width(); ++x) out(y, x) = m(y, m.width() - 1 - x);
  return out;
}

}  // namespace fsis_test
