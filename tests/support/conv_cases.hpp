// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/ops/conv2d.hpp>

#include <ostream>
#include <vector>

namespace fsis_test {

/// One row of the table of convolutions.
struct conv_case {
  char const* name;
  fsis::shape x;       // (N,H,W,C)
  fsis::shape filter;  // (K,R,S,C/groups)
  fsis::conv_options options;
};

inline std::ostream& operator<<(std::ostream& out, conv_case const& c) {
  return out << c.name << ": input " << to_string(c.x) << ", filter " << to_string(c.filter);
}

inline fsis::conv_options conv_with(fsis::extent2 stride, fsis::extent2 padding, fsis::extent2 dilation = {1, 1},
                                    fsis::index_t groups = 1) {
  fsis::conv_options o;
  o.stride = stride;
  o.padding = padding;
  o.dilation = dilation;
  o.groups = groups;
  return o;
}

/// Small enough for one element at a time: what central differences check.
inline std::vector<conv_case> small_conv_cases() {
  return {
      {"pointwise", {2, 3, 2, 3}, {4, 1, 1, 3}, {}},
      {"pointwise, one channel", {1, 3, 4, 1}, {1, 1, 1, 1}, {}},
      {"pointwise, strided", {1, 5, 4, 2}, {3, 1, 1, 2}, conv_with({2, 3}, {0, 0})},
      {"pointwise, strided down", {1, 5, 4, 2}, {3, 1, 1, 2}, conv_with({2, 1}, {0, 0})},
      {"pointwise, strided across", {1, 5, 4, 2}, {3, 1, 1, 2}, conv_with({1, 2}, {0, 0})},
      {"pointwise, padded above and below", {1, 2, 3, 2}, {3, 1, 1, 2}, conv_with({1, 1}, {1, 0})},
      {"pointwise, padded left and right", {1, 2, 3, 2}, {3, 1, 1, 2}, conv_with({1, 1}, {0, 1})},
      {"a column", {1, 4, 3, 2}, {3, 3, 1, 2}, conv_with({1, 1}, {1, 0})},
      {"a row", {1, 4, 3, 2}, {3, 1, 3, 2}, conv_with({1, 1}, {0, 1})},
      {"pointwise, padded", {1, 2, 3, 2}, {3, 1, 1, 2}, conv_with({1, 1}, {1, 2})},
      {"same size", {2, 4, 3, 3}, {2, 3, 3, 3}, conv_with({1, 1}, {1, 1})},
      {"valid only", {1, 5, 4, 2}, {3, 3, 3, 2}, {}},
      {"strided, padded", {2, 5, 6, 3}, {2, 3, 3, 3}, conv_with({2, 2}, {1, 1})},
      {"not square", {1, 7, 6, 2}, {2, 5, 3, 2}, conv_with({2, 3}, {2, 1})},
      {"dilated", {1, 7, 6, 2}, {2, 3, 3, 2}, conv_with({1, 1}, {2, 3}, {2, 3})},
      {"dilated, strided", {1, 8, 7, 2}, {3, 2, 3, 2}, conv_with({2, 2}, {1, 2}, {3, 2})},
      {"even, strided", {1, 6, 5, 3}, {2, 2, 2, 3}, conv_with({2, 2}, {0, 0})},
      {"even, padded", {1, 4, 5, 2}, {2, 4, 4, 2}, conv_with({1, 1}, {2, 1})},
      {"two groups", {2, 4, 4, 4}, {6, 3, 3, 2}, conv_with({1, 1}, {1, 1}, {1, 1}, 2)},
      {"pointwise groups", {1, 3, 4, 6}, {3, 1, 1, 2}, conv_with({1, 1}, {0, 0}, {1, 1}, 3)},
      {"depthwise", {1, 5, 4, 5}, {5, 3, 3, 1}, conv_with({1, 1}, {1, 1}, {1, 1}, 5)},
      {"depthwise, two filters per channel", {1, 4, 5, 3}, {6, 3, 2, 1}, conv_with({2, 1}, {1, 0}, {1, 1}, 3)},
      {"groups, strided, dilated", {1, 7, 8, 4}, {2, 3, 3, 2}, conv_with({2, 2}, {2, 2}, {2, 2}, 2)},
      {"stride leaves pixels unread", {1, 8, 9, 2}, {2, 2, 2, 2}, conv_with({3, 4}, {0, 0})},
      {"one output pixel", {2, 3, 4, 2}, {3, 3, 4, 2}, {}},
      {"padding beyond the filter", {1, 2, 2, 2}, {2, 2, 2, 2}, conv_with({2, 1}, {3, 3})},
      {"one pixel", {1, 1, 1, 3}, {2, 3, 3, 3}, conv_with({1, 1}, {1, 1})},
  };
}

/// The same and larger ones: odd channel counts, and several blocks of pixels per thread.
inline std::vector<conv_case> conv_cases() {
  std::vector<conv_case> cases = small_conv_cases();
  std::vector<conv_case> const more = {
      {"channels of the junction", {1, 5, 7, 513}, {3, 3, 3, 513}, conv_with({1, 1}, {1, 1})},
      {"pointwise, odd channels", {2, 9, 7, 257}, {17, 1, 1, 257}, {}},
      {"to many channels", {1, 6, 5, 5}, {131, 3, 3, 5}, conv_with({1, 1}, {1, 1})},
      {"first layer", {2, 37, 41, 3}, {8, 3, 3, 3}, conv_with({1, 1}, {1, 1})},
      {"more blocks than ranges", {1, 97, 103, 1}, {2, 3, 3, 1}, conv_with({1, 1}, {1, 1})},
      {"many blocks, strided, in groups", {3, 61, 59, 8}, {8, 3, 3, 2}, conv_with({2, 1}, {1, 1}, {1, 1}, 4)},
      {"seven by seven", {1, 23, 31, 3}, {8, 7, 7, 3}, conv_with({2, 2}, {3, 3})},
  };
  cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

}  // namespace fsis_test
