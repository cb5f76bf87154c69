// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>
#include <fsis/core/shape.hpp>

namespace fsis {
inline namespace v0 {

/// Non-owning, trivially copyable window on elements of rank `Rank`, for kernels on both devices.
/// Strides are in elements. Nothing is checked here: the op that makes the view has checked.
template <class T, int Rank>
struct view {
  T* data = nullptr;
  index_t extent[Rank] = {};
  index_t stride[Rank] = {};

  template <class... Index>
  FSIS_HD T& operator()(Index... at) const {
    static_assert(sizeof...(Index) == Rank, "give one index per axis of the view");
    index_t const i[Rank] = {static_cast<index_t>(at)...};
    index_t offset = 0;
    for (int a = 0; a < Rank; ++a) offset += i[a] * stride[a];
    return data[offset];
  }

  FSIS_HD index_t size() const {
    index_t n = 1;
    for (int a = 0; a < Rank; ++a) n *= extent[a];
    return n;
  }

  FSIS_HD operator view<T const, Rank>() const {
    view<T const, Rank> v;
    v.data = data;
    for (int a = 0; a < Rank; ++a) {
      v.extent[a] = extent[a];
      v.stride[a] = stride[a];
    }
    return v;
  }
};

/// View of contiguous elements with the extents of `s`, whose rank must be `Rank`.
template <int Rank, class T>
view<T, Rank> contiguous_view(T* data, shape const& s) {
  require<shape_error>(s.rank() == Rank, "view: rank of ", s, " is ", s.rank(), ", wanted ", Rank);
  view<T, Rank> v;
  v.data = data;
  index_t stride = 1;
  for (int a = Rank - 1; a >= 0; --a) {
    v.extent[a] = s[a];
    v.stride[a] = stride;
    stride *= s[a];
  }
  return v;
}

}  // namespace v0
}  // namespace fsis
