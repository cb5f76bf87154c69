// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/kernels/batch_norm.hpp>
#include <fsis/ops/channels.hpp>

namespace fsis {
inline namespace v0 {
namespace ops {

/// Per-channel mean and (biased) variance over all pixels of all pictures.
template <class T, class Context>
struct channel_moments {
  tensor<T, Context> mean, variance;  // (C), (C)
};

/// Throws `shape_error` when there is no pixel to average.
template <class T, class Context>
channel_moments<T, Context> moments(Context const& ctx, tensor<T, Context> const& x) {
  index_t const rows = detail::rows_of("batch_norm", x), C = x.extent(-1);
  require<shape_error>(rows > 0, "batch_norm: no pixels in ", x.extents());
  channel_moments<T, Context> m{ops::mean(ctx, x.reshaped({rows, C}), 0), tensor<T, Context>(ctx, {C})};
  backend::reduce(ctx, 1, rows, C,
                  kernels::centred_squares<T>{{}, m.variance.data(), x.data(), m.mean.data(), rows, C});
  return m;
}

/// Batch norm with given moments as one scale and one bias per channel: what folding puts into a convolution.
template <class T, class Context>
struct channel_affine {
  tensor<T, Context> scale, bias;  // (C), (C)
};

template <class T, class Context>
channel_affine<T, Context> fold_batch_norm(Context const& ctx, channel_moments<T, Context> const& m,
                                           tensor<T, Context> const& gamma, tensor<T, Context> const& beta,
                                           double epsilon) {
  require<shape_error>(m.mean.extents() == gamma.extents() && m.variance.extents() == gamma.extents() &&
                           gamma.extents() == beta.extents(),
                       "batch_norm: moments ", m.mean.extents(), " and ", m.variance.extents(), ", gamma ",
                       gamma.extents(), ", beta ", beta.extents(), ", wanted the same");
  channel_affine<T, Context> a{tensor<T, Context>(ctx, gamma.extents()), tensor<T, Context>(ctx, gamma.extents())};
  backend::for_each(ctx, gamma.size(),
                    kernels::norm_to_scale_bias<T>{a.scale.data(), a.bias.data(), m.mean.data(), m.variance.data(),
                                                   gamma.data(), beta.data(), static_cast<T>(epsilon)});
  return a;
}

/// y = gamma * (x - mean) / sqrt(variance + epsilon) + beta, per channel.
template <class T, class Context>
tensor<T, Context> batch_norm(Context const& ctx, tensor<T, Context> const& x, channel_moments<T, Context> const& m,
                              tensor<T, Context> const& gamma, tensor<T, Context> const& beta, double epsilon) {
  auto const a = fold_batch_norm(ctx, m, gamma, beta, epsilon);
  return scale_bias(ctx, x, a.scale, a.bias);
}

template <class T, class Context>
struct batch_norm_gradients {
  tensor<T, Context> dx, dgamma, dbeta;
};

/// Gradients of dot(y, dy) where the moments are those of x itself (training) or given numbers (frozen).
template <class T, class Context>
batch_norm_gradients<T, Context> batch_norm_backward(Context const& ctx, tensor<T, Context> const& dy,
                                                     tensor<T, Context> const& x,
                                                     channel_moments<T, Context> const& m,
                                                     tensor<T, Context> const& gamma, double epsilon, bool frozen) {
  check_same_shape("batch_norm_backward", dy, x);
  detail::check_per_channel("batch_norm_backward", "mean", m.mean, x);
  detail::check_per_channel("batch_norm_backward", "variance", m.variance, x);
  detail::check_per_channel("batch_norm_backward", "gamma", gamma, x);
  index_t const rows = detail::rows_of("batch_norm_backward", x), C = x.extent(-1);
  T const eps = static_cast<T>(epsilon);
  batch_norm_gradients<T, Context> g{tensor<T, Context>(ctx, x.extents()), tensor<T, Context>(ctx, {C}),
                                     sum_to_channels(ctx, dy)};
  backend::reduce(ctx, 1, rows, C,
                  kernels::dot_with_normalized<T>{
                      {}, g.dgamma.data(), dy.data(), x.data(), m.mean.data(), m.variance.data(), C, eps});
  if (frozen) {
    auto const zero = zeros<T>(ctx, {C});
    auto const a = fold_batch_norm(ctx, m, gamma, zero, epsilon);
    g.dx = scale_channels(ctx, dy, a.scale);
  } else {
    tensor<T, Context> const slope(ctx, {C}), bend(ctx, {C}), shift(ctx, {C});
    backend::for_each(ctx, C,
                      kernels::batch_norm_backward_factors<T>{slope.data(), bend.data(), shift.data(),
                                                              m.variance.data(), gamma.data(), g.dgamma.data(),
                                                              g.dbeta.data(), rows, eps});
    backend::for_each(ctx, rows, C,
                      kernels::batch_norm_backward<T>{g.dx.data(), dy.data(), x.data(), m.mean.data(), slope.data(),
                                                      bend.data(), shift.data(), C});
  }
  return g;
}

}  // namespace ops
}  // namespace v0
}  // namespace fsis
