// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/for_each.hpp>
#include <fsis/kernels/distance.hpp>
#include <fsis/tensor/tensor.hpp>

namespace fsis {
inline namespace v0 {
namespace ops {

/// Squared Euclidean distance of every pixel of masks (N,H,W,1) to the nearest background (zero) pixel of its picture,
/// 0 on the background itself and infinity where there is none. Whole numbers, exact as long as T holds them: floats
/// up to 2^24. For masks that are on a device; where they are on the host, `vision::squared_distance_transform` takes
/// linear time.
template <class T, class Context>
tensor<T, Context> squared_distances(Context const& ctx, tensor<T, Context> const& mask) {
  require<shape_error>(mask.rank() == 4 && mask.extent(3) == 1, "squared_distances: masks ", mask.extents(),
                       ", wanted (N,H,W,1)");
  index_t const N = mask.extent(0), H = mask.extent(1), W = mask.extent(2);
  tensor<std::int32_t, Context> steps(ctx, mask.extents());
  tensor<T, Context> squared(ctx, mask.extents());
  backend::for_each(ctx, N * W, kernels::column_distance<T>{steps.data(), mask.data(), H, W});
  backend::for_each(ctx, N * H * W, kernels::row_distance<T>{squared.data(), steps.data(), H, W});
  return squared;
}

}  // namespace ops
}  // namespace v0
}  // namespace fsis
