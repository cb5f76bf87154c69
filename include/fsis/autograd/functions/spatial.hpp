// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/tape.hpp>
#include <fsis/ops/broadcast.hpp>
#include <fsis/ops/layout.hpp>
#include <fsis/ops/pool.hpp>
#include <fsis/ops/resize.hpp>
#include <fsis/ops/similarity.hpp>

#include <vector>

namespace fsis {
inline namespace v0 {

// y = max over windows;  dx += g at the origin of each maximum
template <class Tape, class Tensor>
variable<Tensor> max_pool(Tape& t, variable<Tensor> const& x, pool_options const& options = {}) {
  if (!x.is_recorded()) return ops::max_pool(t.context(), x.value, options);
  auto r = ops::max_pool_with_origin(t.context(), x.value, options);
  return t.record(
      r.y,
      [slot = x.slot, from = r.from, extents = x.value.extents(), options](auto& tape, Tensor const& g) {
        tape.add(slot, ops::max_pool_backward(tape.context(), g, from, extents, options));
      },
      x);
}

// y = mean of windows;  dx += share of g
template <class Tape, class Tensor>
variable<Tensor> average_pool(Tape& t, variable<Tensor> const& x, pool_options const& options = {}) {
  return t.record(
      ops::average_pool(t.context(), x.value, options),
      [slot = x.slot, extents = x.value.extents(), options](auto& tape, Tensor const& g) {
        tape.add(slot, ops::average_pool_backward(tape.context(), g, extents, options));
      },
      x);
}

// y = mean over H and W, (N,1,1,C);  dx += g / (H*W)
template <class Tape, class Tensor>
variable<Tensor> global_average_pool(Tape& t, variable<Tensor> const& x) {
  return t.record(
      ops::global_average_pool(t.context(), x.value),
      [slot = x.slot, extents = x.value.extents()](auto& tape, Tensor const& g) {
        double const share = 1.0 / static_cast<double>(extents[1] * extents[2]);
        tape.add(slot, ops::affine(tape.context(), ops::broadcast_to(tape.context(), g, extents), share, 0));
      },
      x);
}

// y = R x with the interpolation matrix R;  dx += R^T g
template <class Tape, class Tensor>
variable<Tensor> resize(Tape& t, variable<Tensor> const& x, index_t height, index_t width,
                        resize_mode mode = resize_mode::align_corners) {
  return t.record(
      ops::resize(t.context(), x.value, height, width, mode),
      [slot = x.slot, h = x.value.extent(1), w = x.value.extent(2), mode](auto& tape, Tensor const& g) {
        tape.add(slot, ops::resize_backward(tape.context(), g, h, w, mode));
      },
      x);
}

// y = [x0, x1, ...];  dxi += its part of g
template <class Tape, class Tensor>
variable<Tensor> concatenate(Tape& t, std::vector<variable<Tensor>> const& parts, int axis = -1) {
  std::vector<Tensor> values;
  for (auto const& p : parts) values.push_back(p.value);
  Tensor const y = ops::concatenate(t.context(), values, axis);  // first of all, since it checks the axis
  std::vector<std::pair<index_t, index_t>> places;               // slot, extent
  variable<Tensor> any;
  for (auto const& p : parts) {
    places.emplace_back(p.slot, p.value.extent(axis));
    if (p.is_recorded()) any.slot = p.slot;
  }
  return t.record(
      y,
      [places, axis](auto& tape, Tensor const& g) {
        index_t first = 0;
        for (auto const& place : places) {
          if (tape.wants(place.first))
            tape.add(place.first, ops::slice(tape.context(), g, axis, first, place.second));
          first += place.second;
        }
      },
      any);
}

// y = x[first : first+count] along one axis;  dx += g, zeros elsewhere
template <class Tape, class Tensor>
variable<Tensor> slice(Tape& t, variable<Tensor> const& x, int axis, index_t first, index_t count) {
  Tensor const y = ops::slice(t.context(), x.value, axis, first, count);
  return t.record(
      y,
      [slot = x.slot, axis, first, after = x.value.extent(axis) - first - count](auto& tape, Tensor const& g) {
        tape.add(slot, ops::pad(tape.context(), g, axis, first, after));
      },
      x);
}

/// Rows [y, y + height) and columns [x, x + width).
template <class Tape, class Tensor>
variable<Tensor> crop(Tape& t, variable<Tensor> const& in, index_t y, index_t x, index_t height, index_t width) {
  return slice(t, slice(t, in, 1, y, height), 2, x, width);
}

// y = x with constant entries around one axis;  dx += the inner part of g
template <class Tape, class Tensor>
variable<Tensor> pad(Tape& t, variable<Tensor> const& x, int axis, index_t before, index_t after,
                     typename Tensor::scalar value = 0) {
  Tensor const y = ops::pad(t.context(), x.value, axis, before, after, value);
  return t.record(
      y,
      [slot = x.slot, axis, before, count = x.value.extent(axis)](auto& tape, Tensor const& g) {
        tape.add(slot, ops::slice(tape.context(), g, axis, before, count));
      },
      x);
}

// y = x reversed along one axis;  dx += g reversed
template <class Tape, class Tensor>
variable<Tensor> flip(Tape& t, variable<Tensor> const& x, int axis) {
  return t.record(
      ops::flip(t.context(), x.value, axis),
      [slot = x.slot, axis](auto& tape, Tensor const& g) { tape.add(slot, ops::flip(tape.context(), g, axis)); }, x);
}

/// The same elements under other extents.
template <class Tape, class Tensor>
variable<Tensor> reshape(Tape& t, variable<Tensor> const& x, shape const& extents) {
  return t.record(
      x.value.reshaped(extents),
      [slot = x.slot, old = x.value.extents()](auto& tape, Tensor const& g) { tape.add(slot, g.reshaped(old)); }, x);
}

// y = x repeated to a larger shape;  dx += g summed over the repeated axes
template <class Tape, class Tensor>
variable<Tensor> broadcast_to(Tape& t, variable<Tensor> const& x, shape const& extents) {
  return t.record(
      ops::broadcast_to(t.context(), x.value, extents),
      [slot = x.slot, old = x.value.extents()](auto& tape, Tensor const& g) {
        tape.add(slot, ops::sum_to_shape(tape.context(), g, old));
      },
      x);
}

// y = sum(x*w)/(sum(w)+eps) per picture;  dx += w/(sum(w)+eps) * g. The weights are constants.
template <class Tape, class Tensor>
variable<Tensor> masked_average(Tape& t, variable<Tensor> const& x, Tensor const& weight, double epsilon = 0) {
  return t.record(
      ops::masked_average(t.context(), x.value, weight, epsilon),
      [slot = x.slot, weight, epsilon](auto& tape, Tensor const& g) {
        tape.add(slot, ops::masked_average_backward(tape.context(), g, weight, epsilon));
      },
      x);
}

}  // namespace v0
}  // namespace fsis
