// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/kernels/reduction.hpp>

#include <cmath>

namespace fsis {
inline namespace v0 {
namespace kernels {

/// out[c] = mean over rows of (x[row,c] - mean[c])^2; two passes, so that no digits cancel.
template <class T>
struct centred_squares : add_combine {
  T* out;
  T const* x;
  T const* mean;
  index_t rows, C;
  FSIS_HD double load(index_t, index_t row, index_t c) const {
    double const d = static_cast<double>(x[row * C + c]) - static_cast<double>(mean[c]);
    return d * d;
  }
  FSIS_HD void store(index_t, index_t c, double v) const { out[c] = static_cast<T>(v / static_cast<double>(rows)); }
};

/// Batch norm written as y = scale * x + bias: scale = gamma / sqrt(var + eps), bias = beta - mean * scale.
template <class T>
struct norm_to_scale_bias {
  T* scale;
  T* bias;
  T const* mean;
  T const* variance;
  T const* gamma;
  T const* beta;
  T epsilon;
  FSIS_HD void operator()(index_t c) const {
    scale[c] = gamma[c] / std::sqrt(variance[c] + epsilon);
    bias[c] = beta[c] - mean[c] * scale[c];
  }
};

/// out[c] = sum over rows of dy * (x - mean) / sqrt(var + eps): the gradient of gamma.
template <class T>
struct dot_with_normalized : add_combine {
  T* out;
  T const* dy;
  T const* x;
  T const* mean;
  T const* variance;
  index_t C;
  T epsilon;
  FSIS_HD double load(index_t, index_t row, index_t c) const {
    return static_cast<double>(dy[row * C + c]) *
           (static_cast<double>(x[row * C + c]) - static_cast<double>(mean[c]));
  }
  FSIS_HD void store(index_t, index_t c, double v) const {
    out[c] = static_cast<T>(v / std::sqrt(static_cast<double>(variance[c]) + static_cast<double>(epsilon)));
  }
};

/// dx = gamma/sigma * (dy - dbeta/rows - xhat * dgamma/rows), xhat = (x - mean)/sigma (Ioffe and Szegedy 2015, sec. 3),
/// as dx = slope * dy + bend * (x - mean) + shift; this makes the three numbers of each channel.
template <class T>
struct batch_norm_backward_factors {
  T* slope;
  T* bend;
  T* shift;
  T const* variance;
  T const* gamma;
  T const* dgamma;
  T const* dbeta;
  index_t rows;
  T epsilon;
  FSIS_HD void operator()(index_t c) const {
    T const inverse = T(1) / std::sqrt(variance[c] + epsilon), share = T(1) / static_cast<T>(rows);
    slope[c] = gamma[c] * inverse;
    bend[c] = -slope[c] * inverse * dgamma[c] * share;
    shift[c] = -slope[c] * dbeta[c] * share;
  }
};

template <class T>
struct batch_norm_backward {
  T* dx;
  T const* dy;
  T const* x;
  T const* mean;
  T const* slope;
  T const* bend;
  T const* shift;
  index_t C;
  FSIS_HD void operator()(index_t row, index_t c) const {
    dx[row * C + c] = slope[c] * dy[row * C + c] + (bend[c] * (x[row * C + c] - mean[c]) + shift[c]);
  }
};

/// running = (1 - momentum) * running + momentum * batch * correction
template <class T>
struct running_average {
  T* running;
  T const* batch;
  T momentum, correction;
  FSIS_HD void operator()(index_t c) const {
    running[c] = (T(1) - momentum) * running[c] + momentum * correction * batch[c];
  }
};

}  // namespace kernels
}  // namespace v0
}  // namespace fsis
