// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/error.hpp>
#include <fsis/core/shape.hpp>

#include <type_traits>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace vision {

/// Owned map of one number per pixel, rows packed.
template <class T>
class plane {
  static_assert(std::is_arithmetic<T>::value && !std::is_same<T, bool>::value,
                "a plane holds numbers; use fsis::mask for yes and no");

 public:
  plane() = default;

  /// A map filled with one value. Throws `value_error` unless both sizes are positive.
  plane(index_t height, index_t width, T value = T{}) : height_(height), width_(width) {
    require<value_error>(height > 0 && width > 0, "plane: size ", height, "x", width,
                         ", both must be positive");
    values_.assign(static_cast<std::size_t>(checked_product(height, width)), value);
  }

  index_t height() const { return height_; }
  index_t width() const { return width_; }
  index_t size() const { return static_cast<index_t>(values_.size()); }
  bool empty() const { return values_.empty(); }
  T const* data() const { return values_.data(); }
  T* data() { return values_.data(); }

  T operator()(index_t y, index_t x) const { return values_[at(y, x)]; }
  T& operator()(index_t y, index_t x) { return values_[at(y, x)]; }

 private:
  std::size_t at(index_t y, index_t x) const { return static_cast<std::size_t>(y * width_ + x); }

  std::vector<T> values_;
  index_t height_ = 0, width_ = 0;
};

}  // namespace vision
}  // namespace v0
}  // namespace fsis
