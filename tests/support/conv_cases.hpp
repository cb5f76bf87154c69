// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/ops/conv2d.hpp>

#include <support/compare.hpp>

#include <ostream>
#include <string>
#include <type_traits>
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

/// `difference` for results of convolutions. Winograd's algorithm passes through sums whose terms are larger than the
/// result (the rows of A, B and G add up to more than one), ten times with tiles of 4x4 results and, with points as far
/// apart as 1/2 and 2, thirty times with 6x6: eight times the usual rounding is allowed in float. In double nothing but
/// plain sums is used.
template <class T, class B>
std::string conv_difference(fsis::cpu_context const& ctx, fsis::tensor<T> const& a, std::vector<B> const& b) {
  double const factor = std::is_same<T, float>::value ? 8 : 1;
  return first_difference(fsis::to_host(ctx, a), b, [&](double x, double y) { return factor * allowed<T>(x, y); });
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
      {"tiles", {1, 9, 11, 16}, {16, 3, 3, 16}, conv_with({1, 1}, {1, 1})},
      {"tiles, whole", {2, 14, 10, 32}, {64, 3, 3, 32}, {}},
      {"tiles, one at a corner", {1, 3, 3, 12}, {12, 3, 3, 12}, {}},
      {"tiles, odd channels", {2, 13, 10, 37}, {131, 3, 3, 37}, conv_with({1, 1}, {1, 1})},
      {"tiles, wide padding", {1, 6, 9, 16}, {20, 3, 3, 16}, conv_with({1, 1}, {4, 2})},
      {"tiles of phases", {1, 17, 14, 16}, {20, 3, 3, 16}, conv_with({1, 1}, {2, 3}, {2, 3})},
      {"tiles of phases, not all there", {1, 7, 6, 16}, {16, 3, 3, 16}, conv_with({1, 1}, {5, 5}, {5, 5})},
      {"blocks of tiles", {3, 45, 47, 16}, {18, 3, 3, 16}, conv_with({1, 1}, {1, 1})},
      {"batches of tiles", {1, 47, 41, 65}, {70, 3, 3, 65}, conv_with({1, 1}, {1, 1})},
      {"a deep panel", {1, 5, 6, 1100}, {20, 3, 3, 1100}, conv_with({1, 2}, {1, 1})},
      {"rows, strided", {1, 61, 47, 5}, {7, 3, 3, 5}, conv_with({2, 2}, {1, 1})},
      {"rows, dilated down", {1, 40, 20, 4}, {6, 3, 3, 4}, conv_with({1, 1}, {1, 0}, {2, 1})},
      {"few results of a deep filter, strided", {2, 8, 7, 40}, {70, 3, 3, 40}, conv_with({2, 2}, {1, 1})},
      {"seven by seven", {1, 23, 31, 3}, {8, 7, 7, 3}, conv_with({2, 2}, {3, 3})},
  };
  cases.insert(cases.end(), more.begin(), more.end());
  return cases;
}

}  // namespace fsis_test
