// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>
#include <fsis/core/shape.hpp>
#include <fsis/core/view.hpp>
#include <fsis/device/cpu_context.hpp>

#include <memory>
#include <type_traits>
#include <utility>

namespace fsis {
inline namespace v0 {

/// A contiguous array of numbers on the device of `Context`, channels last. A tensor is a handle: copying it
/// shares the elements (`ops::clone` copies them), and the memory goes back to its pool with the last handle.
/// Ops never write to a tensor that was passed as `const`.
template <class T, class Context = cpu_context>
class tensor {
  static_assert(std::is_floating_point<T>::value || std::is_integral<T>::value,
                "a tensor holds plain numbers; use tensor<float> or tensor<double>");

 public:
  using scalar = T;
  using context = Context;

  /// No elements and no memory; `defined()` is false.
  tensor() = default;

  /// Uninitialised elements. Throws `device_error` when memory does not suffice.
  tensor(Context const& ctx, shape const& extents)
      : elements_(std::static_pointer_cast<T>(ctx.allocate(bytes_of(extents)))), extents_(extents), defined_(true) {}

  /// Elements that belong to somebody else, kept alive by `owner` (which may hold nothing when the caller
  /// guarantees the lifetime). Throws `value_error` on null elements.
  static tensor borrow(std::shared_ptr<T> owner, T* elements, shape const& extents) {
    require<value_error>(elements != nullptr || extents.size() == 0, "tensor: null elements for shape ", extents);
    tensor t;
    t.elements_ = std::shared_ptr<T>(std::move(owner), elements);
    t.extents_ = extents;
    t.defined_ = true;
    return t;
  }

  bool defined() const { return defined_; }
  shape const& extents() const { return extents_; }
  index_t extent(int axis) const { return extents_[axis]; }
  int rank() const { return extents_.rank(); }
  index_t size() const { return defined_ ? extents_.size() : 0; }
  T* data() const { return elements_.get(); }

  /// The first element, and a share in the memory that it lies in.
  std::shared_ptr<T> const& elements() const { return elements_; }

  /// The same elements under other extents. Throws `shape_error` when the sizes differ.
  tensor reshaped(shape const& extents) const {
    require<shape_error>(extents.size() == extents_.size(), "reshape: ", extents_, " has ", extents_.size(),
                         " elements, ", extents, " has ", extents.size());
    tensor t = *this;
    t.extents_ = extents;
    return t;
  }

  /// Entries [begin, begin + count) of the outermost axis, sharing the elements.
  tensor slice(index_t begin, index_t count) const {
    require<shape_error>(rank() > 0 && begin >= 0 && count >= 0 && begin <= extents_[0] && count <= extents_[0] - begin,
                         "slice: ", count, " entries from ", begin, " of ", extents_);
    index_t const step = extents_[0] == 0 ? 0 : extents_.size() / extents_[0];
    tensor t = *this;
    t.extents_ = extents_.with(0, count);
    t.elements_ = std::shared_ptr<T>(elements_, elements_.get() + begin * step);
    return t;
  }

  /// Is this the only handle on the elements?
  bool unique() const { return elements_.use_count() == 1; }

  template <int Rank>
  fsis::view<T, Rank> view() const {
    return contiguous_view<Rank>(data(), extents_);
  }

 private:
  static std::size_t bytes_of(shape const& extents) {
    return static_cast<std::size_t>(checked_product(extents.size(), static_cast<index_t>(sizeof(T))));
  }

  std::shared_ptr<T> elements_;
  shape extents_;
  bool defined_ = false;
};

}  // namespace v0
}  // namespace fsis
