// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/conv_types.hpp>
#include <fsis/backend/cpu/filter_block.hpp>
#include <fsis/backend/cpu/winograd_algebra.hpp>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// A square tile of a picture, of which rows [top, bottom) and columns [left, right) exist; the rest is 0.
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
  [[gnu::always_inline]] void read(input_tile const& t, index_t c, index_t count) {
    for (index_t i = 0; i < Side * Side; ++i) {
      index_t const row = i / Side, column = i % Side;
      bool const exists = row >= t.top && row < t.bottom && column >= t.left && column < t.right;
      index_t const from = t.first + row * t.row + column * t.column + c, some = exists ? count : 0;
      lanes<Lanes> v{};
      if (some == Lanes) load(v, t.x + from);
      store(number[i], v);
      for (index_t l = 0; some < Lanes && l < some; ++l) number[i][l] = t.x[from + l];
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

/// The two transforms of tiles to points: B' x B of pixels, A g A' of gradients of results.
template <class Algebra>
struct pixel_transform {
  static constexpr int side = Algebra::reach, tile = Algebra::tile, reach = Algebra::reach;
  template <class V>
  [[gnu::always_inline]] static void points(V const* d, V* out, int out_step) {
    Algebra::input_points(d, out, out_step);
  }
};
template <class Algebra>
struct gradient_transform {
  static constexpr int side = Algebra::tile, tile = Algebra::tile, reach = Algebra::reach;
  template <class V>
  [[gnu::always_inline]] static void points(V const* d, V* out, int out_step) {
    Algebra::points_of_results(d, out, out_step);
  }
};

/// Points of every channel of a tile: point p goes to to[p * point_stride + channel].
template <class Transform, int Lanes>
[[gnu::always_inline]] inline void transform_tile(input_tile const& t, index_t channels, float* to,
                                                  index_t point_stride) {
  using V = lanes<Lanes>;
  constexpr int side = Transform::side, reach = Transform::reach;
  staged_tile<side, reach * reach, Lanes> staged;
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
    V vertical[reach * side];  // more than there are registers: plain loops
    for (int j = 0; j < side; ++j) {
      // of the tile that most often comes next; rows lie too far apart for the processor to guess it
      unrolled<side>([&](auto i) __attribute__((always_inline)) {
        __builtin_prefetch(from + i * row + (j + Transform::tile) * column);
      });
      V d[side];
      unrolled<side>([&](auto i) __attribute__((always_inline)) { load(d[i], from + i * row + j * column); });
      Transform::points(d, vertical + j, side);
    }
    float* const at = count < Lanes ? staged.number[0] : to + c;
    index_t const stride = count < Lanes ? Lanes : point_stride;
    for (int i = 0; i < reach; ++i) {
      V out[reach];
      Transform::points(vertical + side * i, out, 1);
      unrolled<reach>([&](auto j) __attribute__((always_inline)) { store(at + (reach * i + j) * stride, out[j]); });
    }
    if (count < Lanes) staged.write(to + c, 0, 0, point_stride, 1, reach * reach, count);
  }
}

/// A square tile of results, of which `rows` and `columns` exist. Pooled, it and they are half as large: each is the
/// largest of 2x2 results.
struct output_tile {
  float* y;
  index_t row, column;
  index_t rows, columns;
  bool pooled;
};

/// See `transform_output`.
template <class Algebra, int Lanes, bool Pooled>
[[gnu::always_inline]] inline void write_results(float const* from, index_t point_stride, index_t channels,
                                                 float const* bias, activation act, output_tile const& t) {
  using V = lanes<Lanes>;
  constexpr int tile = Algebra::tile, reach = Algebra::reach, side = Pooled ? tile / 2 : tile;
  staged_tile<side, side * side, Lanes> staged;
  for (index_t c = 0; c < channels; c += Lanes) {
    index_t const count = channels - c < Lanes ? channels - c : Lanes;
    V vertical[tile * reach];
    for (int j = 0; j < reach; ++j) {
      V m[reach];
      unrolled<reach>([&](auto i) __attribute__((always_inline)) {
        load(m[i], from + (reach * i + j) * point_stride + c);
      });
      Algebra::results(m, vertical + j, reach);
    }
    V shift{};
    if (bias != nullptr && count == Lanes) {
      load(shift, bias + c);
    } else if (bias != nullptr) {
      float some[Lanes] = {};
      for (index_t l = 0; l < count; ++l) some[l] = bias[c + l];
      load(shift, some);
    }
    bool const is_whole = t.rows >= side && t.columns >= side && count == Lanes;
    float* const at = is_whole ? t.y + c : staged.number[0];
    index_t const row = is_whole ? t.row : side * Lanes, column = is_whole ? t.column : Lanes;
    V upper[side] = {};  // of two rows that are pooled
    for (int i = 0; i < tile; ++i) {
      int const to = Pooled ? i / 2 : i;
      unrolled<side>([&](auto j) __attribute__((always_inline)) {
        __builtin_prefetch(at + to * row + (j + side) * column, 1);
      });
      V out[tile];
      Algebra::results(vertical + reach * i, out, 1);
      unrolled<tile>([&](auto j) __attribute__((always_inline)) {
        out[j] += shift;
        if (act == activation::relu) rectify(out[j]);
      });
      unrolled<side>([&](auto j) __attribute__((always_inline)) {
        if constexpr (Pooled) {
          raise(out[2 * j], out[2 * j + 1]);
          if (i % 2 == 0) {
            upper[j] = out[2 * j];
          } else {
            raise(upper[j], out[2 * j]);
            store(at + to * row + j * column, upper[j]);
          }
        } else {
          store(at + to * row + j * column, out[j]);
        }
      });
    }
    if (!is_whole)
      staged.write(t.y + c, side, t.row, t.column, t.rows < side ? t.rows : side, t.columns < side ? t.columns : side,
                   count);
  }
}

/// A' m A + bias, rectified or not, for `channels` channels; point p is read from from[p * point_stride + channel].
template <class Algebra, int Lanes>
[[gnu::always_inline]] inline void transform_output(float const* from, index_t point_stride, index_t channels,
                                                    float const* bias, activation act, output_tile const& t) {
  if (t.pooled)
    write_results<Algebra, Lanes, true>(from, point_stride, channels, bias, act, t);
  else
    write_results<Algebra, Lanes, false>(from, point_stride, channels, bias, act, t);
}

/// G f G' of inputs [first, last) and the outputs of one panel: point p of an input stands at
/// panel[p * point_stride + input * width], `width` outputs side by side.
template <class Algebra, int Lanes>
[[gnu::always_inline]] inline void transform_filter(filter_view const& f, index_t first_output, index_t width,
                                                    index_t first, index_t last, float* panel, index_t point_stride) {
  using V = lanes<Lanes>;
  constexpr int reach = Algebra::reach;
  for (index_t l = 0; l < width; l += Lanes) {
    if (first_output + l >= f.outputs) {
      for (index_t p = 0; p < reach * reach; ++p)
        for (index_t input = first; input < last; ++input) store(panel + p * point_stride + input * width + l, V{});
      continue;
    }
    for (index_t block = first; block < last; block += Lanes) {
      index_t const inputs = last - block < Lanes ? last - block : Lanes;
      filter_block<Lanes> taps[9];
      for (index_t tap = 0; tap < 9; ++tap) taps[tap].read(f, first_output + l, block, inputs, tap);
      for (index_t i = 0; i < inputs; ++i) {
        V tap[9], vertical[3 * reach], out[reach];
        unrolled<9>([&](auto t) __attribute__((always_inline)) { load(tap[t], taps[t].number[i]); });
        for (int s = 0; s < 3; ++s) Algebra::filter_points(tap[s], tap[3 + s], tap[6 + s], vertical + s, 3);
        float* const to = panel + (block + i) * width + l;
        for (int r = 0; r < reach; ++r) {
          Algebra::filter_points(vertical[3 * r], vertical[3 * r + 1], vertical[3 * r + 2], out, 1);
          unrolled<reach>([&](auto j) __attribute__((always_inline)) {
            store(to + (reach * r + j) * point_stride, out[j]);
          });
        }
      }
    }
  }
}

/// G' s G of sums of products for `channels` channels of one output: point p is read from
/// from[p * point_stride + channel], tap t goes to to[t * tap_stride + channel].
template <class Algebra, int Lanes>
[[gnu::always_inline]] inline void transform_filter_gradient(float const* from, index_t point_stride,
                                                             index_t channels, float* to, index_t tap_stride) {
  using V = lanes<Lanes>;
  constexpr int reach = Algebra::reach;
  staged_tile<3, 9, Lanes> staged;
  for (index_t c = 0; c < channels; c += Lanes) {
    index_t const count = channels - c < Lanes ? channels - c : Lanes;
    V vertical[3 * reach];
    for (int j = 0; j < reach; ++j) {
      V m[reach];
      for (int i = 0; i < reach; ++i) {
        float const* at = from + (reach * i + j) * point_stride + c;
        if (count < Lanes) {
          for (index_t l = 0; l < count; ++l) staged.number[0][l] = at[l];
          at = staged.number[0];
        }
        load(m[i], at);
      }
      Algebra::filter_of_points(m, vertical + j, reach);
    }
    for (int r = 0; r < 3; ++r) {
      V out[3];
      Algebra::filter_of_points(vertical + reach * r, out, 1);
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
