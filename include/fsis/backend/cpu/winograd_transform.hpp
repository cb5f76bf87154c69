// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/conv_types.hpp>
#include <fsis/backend/cpu/filter_block.hpp>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

// F(4x4,3x3): 4x4 results of a 3x3 filter from 36 products instead of 144 (Lavin and Gray, "Fast algorithms for
// convolutional neural networks", CVPR 2016): y = A' [(G f G') * (B' x B)] A, with B' x B the tile's polynomial
// products at six points. Points 0, a, -a, b, -b and infinity with a = sqrt(1/2) and b = sqrt(2) = 1/a: their powers
// stay nearer 1 than those of 1 and 2, which the paper takes, and so do the factors by which rounding grows.
//
//     B' = 1    0   -5/2    0    1  0     G =  1     0     0       A' = 1  1   1    1   1   0
//          0   -2a   -2     a    1  0         -2/3 -2a/3 -1/3           0  a  -a    b  -b   0
//          0    2a   -2    -a    1  0         -2/3  2a/3 -1/3           0 1/2 1/2   2   2   0
//          0  -b/2  -1/2    b    1  0          1/6   b/6  1/3           0 a^3 -a^3 b^3 -b^3 1
//          0   b/2  -1/2   -b    1  0          1/6  -b/6  1/3
//          0    1    0    -5/2   0  1          0     0     1
constexpr float point_a = 0.70710678118654752f, point_b = 1.41421356237309505f;

constexpr index_t winograd_tile = 4;   // results per side
constexpr index_t winograd_reach = 6;  // inputs per side
constexpr index_t winograd_points = 36;

/// Six numbers times B', to every `out_step`-th place.
template <class V>
[[gnu::always_inline]] inline void input_points(V const* d, V* out, int out_step) {
  V const d0 = d[0], d1 = d[1], d2 = d[2], d3 = d[3], d4 = d[4], d5 = d[5];
  V const even_a = d4 - 2.0f * d2, odd_a = point_a * (d3 - 2.0f * d1);
  V const even_b = d4 - 0.5f * d2, odd_b = point_b * (d3 - 0.5f * d1);
  out[0] = d0 + (d4 - 2.5f * d2);
  out[out_step] = even_a + odd_a;
  out[2 * out_step] = even_a - odd_a;
  out[3 * out_step] = even_b + odd_b;
  out[4 * out_step] = even_b - odd_b;
  out[5 * out_step] = d1 + (d5 - 2.5f * d3);
}

/// Three numbers times G.
template <class V>
[[gnu::always_inline]] inline void filter_points(V const& f0, V const& f1, V const& f2, V* out, int out_step) {
  V const even_a = (-2.0f / 3) * f0 - (1.0f / 3) * f2, odd_a = (-2.0f / 3 * point_a) * f1;
  V const even_b = (1.0f / 6) * f0 + (1.0f / 3) * f2, odd_b = (1.0f / 6 * point_b) * f1;
  out[0] = f0;
  out[out_step] = even_a + odd_a;
  out[2 * out_step] = even_a - odd_a;
  out[3 * out_step] = even_b + odd_b;
  out[4 * out_step] = even_b - odd_b;
  out[5 * out_step] = f2;
}

/// Six numbers times A'.
template <class V>
[[gnu::always_inline]] inline void results_of_points(V const* m, V* out, int out_step) {
  V const sum_a = m[1] + m[2], difference_a = m[1] - m[2];
  V const sum_b = m[3] + m[4], difference_b = m[3] - m[4];
  constexpr float a3 = 0.5f * point_a, b3 = 2.0f * point_b;
  out[0] = m[0] + sum_a + sum_b;
  out[out_step] = point_a * difference_a + point_b * difference_b;
  out[2 * out_step] = 0.5f * sum_a + 2.0f * sum_b;
  out[3 * out_step] = m[5] + (a3 * difference_a + b3 * difference_b);
}

/// Four numbers times A: the adjoint of `results_of_points`.
template <class V>
[[gnu::always_inline]] inline void points_of_results(V const* y, V* out, int out_step) {
  constexpr float a3 = 0.5f * point_a, b3 = 2.0f * point_b;
  V const even_a = y[0] + 0.5f * y[2], odd_a = point_a * y[1] + a3 * y[3];
  V const even_b = y[0] + 2.0f * y[2], odd_b = point_b * y[1] + b3 * y[3];
  out[0] = y[0];
  out[out_step] = even_a + odd_a;
  out[2 * out_step] = even_a - odd_a;
  out[3 * out_step] = even_b + odd_b;
  out[4 * out_step] = even_b - odd_b;
  out[5 * out_step] = y[3];
}

/// Six numbers times G': the adjoint of `filter_points`.
template <class V>
[[gnu::always_inline]] inline void filter_of_points(V const* m, V* out, int out_step) {
  V const sum_a = m[1] + m[2], sum_b = m[3] + m[4];
  V const odd = (-2.0f / 3 * point_a) * (m[1] - m[2]) + (1.0f / 6 * point_b) * (m[3] - m[4]);
  V const even = (-1.0f / 3) * sum_a + (1.0f / 3) * sum_b + m[5];
  out[0] = m[0] + ((-2.0f / 3) * sum_a + (1.0f / 6) * sum_b);
  out[out_step] = odd;
  out[2 * out_step] = even;
}

/// A square tile of a picture, 6x6 or 4x4, of which rows [top, bottom) and columns [left, right) exist; the rest is
/// 0.
struct input_tile {
  float const* x;
  index_t first;  // element of x where the tile begins, which need not exist
  index_t row, column;
  index_t top, bottom, left, right;

  bool is_whole(index_t side) const { return top <= 0 && bottom >= side && left <= 0 && right >= side; }
};

/// Numbers of one register for each place of a tile `Side` wide, where it cannot be read or written as it stands: at
/// borders, and for the last channels.
template <int Side, int Places, int Lanes>
struct staged_tile {
  float number[Places][Lanes];

  /// Channels [c, c + count) of a tile, 0 beyond.
  void read(input_tile const& t, index_t c, index_t count) {
    for (index_t i = 0; i < Side * Side; ++i) {
      index_t const row = i / Side, column = i % Side;
      bool const exists = row >= t.top && row < t.bottom && column >= t.left && column < t.right;
      for (index_t l = 0; l < Lanes; ++l)
        number[i][l] = exists && l < count ? t.x[t.first + row * t.row + column * t.column + c + l] : 0;
    }
  }

  /// `count` channels of the places that exist.
  void write(float* to, index_t per_row, index_t row, index_t column, index_t rows, index_t columns,
             index_t count) const {
    for (index_t i = 0; i < rows; ++i)
      for (index_t j = 0; j < columns; ++j)
        for (index_t l = 0; l < count; ++l) to[i * row + j * column + l] = number[i * per_row + j][l];
  }
};

/// The two transforms of tiles to points: B' x B of 6x6 pixels, A g A' of 4x4 gradients.
struct input_transform {
  static constexpr int side = 6;
  template <class V>
  [[gnu::always_inline]] static void points(V const* d, V* out, int out_step) {
    input_points(d, out, out_step);
  }
};
struct gradient_transform {
  static constexpr int side = 4;
  template <class V>
  [[gnu::always_inline]] static void points(V const* d, V* out, int out_step) {
    points_of_results(d, out, out_step);
  }
};

/// Points of every channel of a tile: number p of 36 goes to to[p * point_stride + channel].
template <class Transform, int Lanes>
[[gnu::always_inline]] inline void transform_tile(input_tile const& t, index_t channels, float* to,
                                                  index_t point_stride) {
  using V = lanes<Lanes>;
  constexpr int side = Transform::side;
  staged_tile<side, 36, Lanes> staged;
  bool const is_whole = t.is_whole(side);
  for (index_t c = 0; c < channels; c += Lanes) {
    index_t const count = channels - c < Lanes ? channels - c : Lanes;
    float const* from = t.x + (is_whole ? t.first + c : 0);
    index_t row = t.row, column = t.column;
    if (!is_whole || count < Lanes) {
      staged.read(t, c, count);
      from = staged.number[0];
      row = side * Lanes;
      column = Lanes;
    }
    V vertical[6 * side];  // more than there are registers: plain loops
    for (int j = 0; j < side; ++j) {
      V d[side];
      unrolled<side>([&](auto i) __attribute__((always_inline)) { load(d[i], from + i * row + j * column); });
      Transform::points(d, vertical + j, side);
    }
    float* const at = count < Lanes ? staged.number[0] : to + c;
    index_t const stride = count < Lanes ? Lanes : point_stride;
    for (int i = 0; i < 6; ++i) {
      V out[6];
      Transform::points(vertical + side * i, out, 1);
      unrolled<6>([&](auto j) __attribute__((always_inline)) { store(at + (6 * i + j) * stride, out[j]); });
    }
    if (count < Lanes) staged.write(to + c, 0, 0, point_stride, 1, winograd_points, count);
  }
}

/// A 4x4 tile of results, of which `rows` and `columns` exist.
struct output_tile {
  float* y;
  index_t row, column;
  index_t rows, columns;
};

/// A' m A + bias, rectified or not, for `channels` channels; number p of 36 is read from from[p * point_stride +
/// channel].
template <int Lanes>
[[gnu::always_inline]] inline void transform_output(float const* from, index_t point_stride, index_t channels,
                                                    float const* bias, activation act, output_tile const& t) {
  using V = lanes<Lanes>;
  staged_tile<4, 16, Lanes> staged;
  for (index_t c = 0; c < channels; c += Lanes) {
    index_t const count = channels - c < Lanes ? channels - c : Lanes;
    V vertical[24];
    for (int j = 0; j < 6; ++j) {
      V m[6];
      unrolled<6>([&](auto i) __attribute__((always_inline)) { load(m[i], from + (6 * i + j) * point_stride + c); });
      results_of_points(m, vertical + j, 6);
    }
    V shift{};
    if (bias != nullptr) {
      float some[Lanes] = {};
      for (index_t l = 0; l < count; ++l) some[l] = bias[c + l];
      load(shift, some);
    }
    bool const is_whole = t.rows >= winograd_tile && t.columns >= winograd_tile && count == Lanes;
    float* const at = is_whole ? t.y + c : staged.number[0];
    index_t const row = is_whole ? t.row : winograd_tile * Lanes, column = is_whole ? t.column : Lanes;
    for (int i = 0; i < 4; ++i) {
      V out[4];
      results_of_points(vertical + 6 * i, out, 1);
      unrolled<4>([&](auto j) __attribute__((always_inline)) {
        out[j] += shift;
        if (act == activation::relu) rectify(out[j]);
        store(at + i * row + j * column, out[j]);
      });
    }
    if (!is_whole)
      staged.write(t.y + c, winograd_tile, t.row, t.column, t.rows < winograd_tile ? t.rows : winograd_tile,
                   t.columns < winograd_tile ? t.columns : winograd_tile, count);
  }
}

/// G f G' of inputs [first, last) and the outputs of one panel: number p of 36 of an input stands at
/// panel[p * point_stride + input * width], `width` outputs side by side.
template <int Lanes>
[[gnu::always_inline]] inline void transform_filter(filter_view const& f, index_t first_output, index_t width,
                                                    index_t first, index_t last, float* panel, index_t point_stride) {
  using V = lanes<Lanes>;
  for (index_t l = 0; l < width; l += Lanes) {
    if (first_output + l >= f.outputs) {
      for (index_t p = 0; p < winograd_points; ++p)
        for (index_t input = first; input < last; ++input) store(panel + p * point_stride + input * width + l, V{});
      continue;
    }
    for (index_t block = first; block < last; block += Lanes) {
      index_t const inputs = last - block < Lanes ? last - block : Lanes;
      filter_block<Lanes> taps[9];
      for (index_t tap = 0; tap < 9; ++tap) taps[tap].read(f, first_output + l, block, inputs, tap);
      for (index_t i = 0; i < inputs; ++i) {
        V tap[9], vertical[18], out[6];
        unrolled<9>([&](auto t) __attribute__((always_inline)) { load(tap[t], taps[t].number[i]); });
        for (int s = 0; s < 3; ++s) filter_points(tap[s], tap[3 + s], tap[6 + s], vertical + s, 3);
        float* const to = panel + (block + i) * width + l;
        for (int r = 0; r < 6; ++r) {
          filter_points(vertical[3 * r], vertical[3 * r + 1], vertical[3 * r + 2], out, 1);
          unrolled<6>([&](auto j) __attribute__((always_inline)) { store(to + (6 * r + j) * point_stride, out[j]); });
        }
      }
    }
  }
}

/// G' s G of sums of products for `channels` channels of one output: number p of 36 is read from
/// from[p * point_stride + channel], tap t goes to to[t * tap_stride + channel].
template <int Lanes>
[[gnu::always_inline]] inline void transform_filter_gradient(float const* from, index_t point_stride,
                                                             index_t channels, float* to, index_t tap_stride) {
  using V = lanes<Lanes>;
  staged_tile<3, 36, Lanes> staged;
  for (index_t c = 0; c < channels; c += Lanes) {
    index_t const count = channels - c < Lanes ? channels - c : Lanes;
    V vertical[18];
    for (int j = 0; j < 6; ++j) {
      V m[6];
      for (int i = 0; i < 6; ++i) {
        float const* at = from + (6 * i + j) * point_stride + c;
        if (count < Lanes) {
          for (index_t l = 0; l < count; ++l) staged.number[0][l] = at[l];
          at = staged.number[0];
        }
        load(m[i], at);
      }
      filter_of_points(m, vertical + j, 6);
    }
    for (int r = 0; r < 3; ++r) {
      V out[3];
      filter_of_points(vertical + 6 * r, out, 1);
      for (int s = 0; s < 3; ++s) {
        float* const at = to + (3 * r + s) * tap_stride + c;
        if (count == Lanes) {
          store(at, out[s]);
        } else {
          store(staged.number[0], out[s]);
          for (index_t l = 0; l < count; ++l) at[l] = staged.number[0][l];
        }
      }
    }
  }
}

}  // namespace detail
}  // namespace backend
}  // namespace v0
}  // namespace fsis
