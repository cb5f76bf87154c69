// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/kernels/loss.hpp>
#include <fsis/ops/channels.hpp>

namespace fsis {
inline namespace v0 {

/// Over what a loss takes its sums: the whole batch at once, or each picture, followed by the mean.
enum class loss_scope { batch, picture };

namespace ops {

/// A loss (rank 0) and the sums its gradient needs.
template <class T, class Context>
struct loss_result {
  tensor<T, Context> value;
  std::shared_ptr<kernels::loss_sums> sums;  // one per group, on the device
  index_t groups = 1;
};

/// Applies a pixel loss of kernels/loss.hpp to prediction x and target t of the same shape. Pixels with t < 0 are
/// ignored by the losses that say so. Throws `shape_error` on different shapes or no elements.
template <class T, class Context, class Loss>
loss_result<T, Context> pixel_loss(Context const& ctx, char const* op, tensor<T, Context> const& x,
                                   tensor<T, Context> const& t, Loss loss, loss_scope scope) {
  check_same_shape(op, x, t);
  require<shape_error>(x.size() > 0, op, ": no elements in ", x.extents());
  index_t const groups = scope == loss_scope::picture && x.rank() > 0 ? x.extent(0) : 1;
  auto const memory = ctx.allocate(static_cast<std::size_t>(groups) * sizeof(kernels::loss_sums));
  loss_result<T, Context> r{tensor<T, Context>(ctx, shape{}),
                            std::static_pointer_cast<kernels::loss_sums>(memory), groups};
  index_t const axis = x.size() / groups;
  backend::reduce(ctx, groups, axis, 1, kernels::sums_of_loss<T, Loss>{r.sums.get(), x.data(), t.data(), axis, loss});
  backend::for_each(ctx, 1, kernels::value_of_loss<T, Loss>{r.value.data(), r.sums.get(), groups, loss});
  return r;
}

/// g times the gradient of the loss with respect to x.
template <class T, class Context, class Loss>
tensor<T, Context> pixel_loss_backward(Context const& ctx, tensor<T, Context> const& g, tensor<T, Context> const& x,
                                       tensor<T, Context> const& t, loss_result<T, Context> const& r, Loss loss) {
  check_same_shape("pixel_loss_backward", x, t);
  require<shape_error>(g.size() == 1 && r.groups > 0 && x.size() % r.groups == 0, "pixel_loss_backward: gradient ",
                       g.extents(), " of a loss over ", r.groups, " groups of ", x.extents(), ", wanted one element");
  tensor<T, Context> dx(ctx, x.extents());
  backend::for_each(ctx, r.groups, x.size() / r.groups,
                    kernels::loss_backward<T, Loss>{dx.data(), g.data(), x.data(), t.data(), r.sums.get(), r.groups,
                                                    x.size() / r.groups, loss});
  return dx;
}

/// Mean over the rows that are not ignored of -log p[label]. x are log-probabilities (..., C), labels one per row.
/// A label that is neither a class nor `ignored` makes the loss NaN.
template <class T, class Context>
loss_result<T, Context> negative_log_likelihood(Context const& ctx, tensor<T, Context> const& log_probability,
                                                tensor<std::int32_t, Context> const& labels, std::int32_t ignored) {
  index_t const rows = detail::rows_of("cross_entropy", log_probability), C = log_probability.extent(-1);
  require<shape_error>(labels.size() == rows && rows > 0, "cross_entropy: ", labels.size(), " labels for ", rows,
                       " rows of ", log_probability.extents());
  auto const memory = ctx.allocate(sizeof(kernels::loss_sums));
  loss_result<T, Context> r{tensor<T, Context>(ctx, shape{}),
                            std::static_pointer_cast<kernels::loss_sums>(memory), 1};
  backend::reduce(ctx, 1, rows, 1,
                  kernels::nll_sums<T>{r.sums.get(), log_probability.data(), labels.data(), C, ignored});
  using mean = kernels::bce_with_logits;  // its value is sum / count as well
  backend::for_each(ctx, 1, kernels::value_of_loss<T, mean>{r.value.data(), r.sums.get(), 1, {}});
  return r;
}

/// g times the gradient with respect to the logits whose log-softmax is `log_probability`.
template <class T, class Context>
tensor<T, Context> cross_entropy_backward(Context const& ctx, tensor<T, Context> const& g,
                                          tensor<T, Context> const& log_probability,
                                          tensor<std::int32_t, Context> const& labels,
                                          loss_result<T, Context> const& r, std::int32_t ignored) {
  index_t const rows = detail::rows_of("cross_entropy_backward", log_probability), C = log_probability.extent(-1);
  require<shape_error>(labels.size() == rows && g.size() == 1, "cross_entropy_backward: gradient ", g.extents(), " and ",
                       labels.size(), " labels for ", rows, " rows of ", log_probability.extents(),
                       ", wanted one element and one label per row");
  tensor<T, Context> dx(ctx, log_probability.extents());
  backend::for_each(ctx, rows, C,
                    kernels::nll_backward<T>{dx.data(), g.data(), log_probability.data(), labels.data(),
                                             r.sums.get(), C, ignored});
  return dx;
}

}  // namespace ops
}  // namespace v0
}  // namespace fsis
