// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/error.hpp>

#include <initializer_list>
#include <limits>
#include <string>

namespace fsis {
inline namespace v0 {

/// a * b, or `shape_error` where the product does not fit. Both must be >= 0.
inline index_t checked_product(index_t a, index_t b) {
  require<shape_error>(b == 0 || a <= (std::numeric_limits<index_t>::max)() / b, "shape: ", a, " * ", b,
                       " elements do not fit into 64 bits");
  return a * b;
}

/// Extents of a contiguous array, outermost first. A feature map is (N,H,W,C), a filter (K,R,S,C),
/// a matrix (rows,columns). Rank 0 is a scalar with one element.
class shape {
 public:
  static constexpr int max_rank = 6;

  shape() = default;

  /// Throws `shape_error` on more than `max_rank` extents, a negative extent or an overflowing size.
  // Not inlined: shapes are made in many places, and g++ 12 takes the lists of member initialisers for uninitialised.
  [[gnu::noinline]] shape(std::initializer_list<index_t> extents) {
    require<shape_error>(static_cast<int>(extents.size()) <= max_rank, "shape: rank ", extents.size(),
                         ", at most ", max_rank);
    for (index_t e : extents) push_back(e);
  }

  void push_back(index_t extent) {
    require<shape_error>(rank_ < max_rank, "shape: rank ", rank_ + 1, ", at most ", max_rank);
    require<shape_error>(extent >= 0, "shape: extent ", extent, " at axis ", rank_, ", must not be negative");
    size_ = checked_product(size_, extent);
    extent_[rank_++] = extent;
  }

  int rank() const { return rank_; }
  index_t size() const { return size_; }

  /// Extent of an axis; negative axes count from the end.
  index_t operator[](int axis) const { return extent_[axis < 0 ? axis + rank_ : axis]; }

  /// The same shape with one extent replaced.
  shape with(int axis, index_t extent) const {
    shape s;
    int const at = axis < 0 ? axis + rank_ : axis;
    for (int a = 0; a < rank_; ++a) s.push_back(a == at ? extent : extent_[a]);
    return s;
  }

  friend bool operator==(shape const& a, shape const& b) {
    if (a.rank_ != b.rank_) return false;
    for (int i = 0; i < a.rank_; ++i)
      if (a.extent_[i] != b.extent_[i]) return false;
    return true;
  }
  friend bool operator!=(shape const& a, shape const& b) { return !(a == b); }

 private:
  index_t extent_[max_rank] = {};
  index_t size_ = 1;
  int rank_ = 0;
};

/// "(1,48,48,256)"
inline std::string to_string(shape const& s) {
  std::string out = "(";
  for (int i = 0; i < s.rank(); ++i) out += (i ? "," : "") + std::to_string(s[i]);
  return out + ")";
}

/// Lets a shape stand in an error message.
inline std::string text_of(shape const& s) { return to_string(s); }

}  // namespace v0
}  // namespace fsis
