// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/tensor/tensor.hpp>

#include <vector>

namespace fsis {
inline namespace v0 {

/// A tensor on the device of `ctx` with the given host values, row-major. Throws `shape_error` when their number
/// is not the size of the shape.
template <class T, class Context>
tensor<T, Context> from_host(Context const& ctx, shape const& extents, std::vector<T> const& values) {
  require<shape_error>(static_cast<index_t>(values.size()) == extents.size(), "from_host: ", values.size(),
                       " values for shape ", extents, " of ", extents.size());
  tensor<T, Context> t(ctx, extents);
  ctx.copy_from_host(t.data(), values.data(), values.size() * sizeof(T));
  return t;
}

/// The elements as host values, row-major; waits for work in flight.
template <class T, class Context>
std::vector<T> to_host(Context const& ctx, tensor<T, Context> const& t) {
  std::vector<T> values(static_cast<std::size_t>(t.size()));
  ctx.copy_to_host(values.data(), t.data(), values.size() * sizeof(T));
  return values;
}

/// The single element of a tensor of size 1 (a loss, say). Throws `shape_error` otherwise.
template <class T, class Context>
T item(Context const& ctx, tensor<T, Context> const& t) {
  require<shape_error>(t.size() == 1, "item: shape ", t.extents(), " has ", t.size(), " elements, wanted 1");
  T value{};
  ctx.copy_to_host(&value, t.data(), sizeof(T));
  return value;
}

}  // namespace v0
}  // namespace fsis
