// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

namespace fsis {
inline namespace v0 {

/// One hint of the user: a pixel (row y, column x, from 0) that belongs to the object or does not.
struct click {
  double y = 0;
  double x = 0;
  bool is_positive = true;

  friend bool operator==(click const& a, click const& b) {
    return a.y == b.y && a.x == b.x && a.is_positive == b.is_positive;
  }
  friend bool operator!=(click const& a, click const& b) { return !(a == b); }
};

/// A click on the object, (y, x) in pixels of the photo.
inline click positive(double y, double x) { return {y, x, true}; }

/// A click on what is not the object, (y, x) in pixels of the photo.
inline click negative(double y, double x) { return {y, x, false}; }

}  // namespace v0
}  // namespace fsis
