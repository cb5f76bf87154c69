// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/filter_form_list.hpp>
#include <fsis/device/cpu_context.hpp>

#include <memory>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// Shares in memory that nobody writes to, and the forms of the filter in it.
struct frozen_filter {
  std::shared_ptr<float> elements;
  std::shared_ptr<filter_form_list> forms;

  void operator()(float*) noexcept {}  // the elements are given back with this object

  /// Null for memory that is not frozen.
  static frozen_filter* of(std::shared_ptr<float> const& filter) { return std::get_deleter<frozen_filter>(filter); }
};

}  // namespace detail

/// The same elements, of which forms may be kept without looking at the numbers again.
template <class T>
std::shared_ptr<T> frozen(cpu_context const&, std::shared_ptr<T> const& elements) {
  if constexpr (std::is_same<T, float>::value) {
    if (elements == nullptr || detail::frozen_filter::of(elements) != nullptr) return elements;
    return std::shared_ptr<float>(elements.get(),
                                  detail::frozen_filter{elements, std::make_shared<detail::filter_form_list>()});
  } else {
    return elements;
  }
}

}  // namespace backend
}  // namespace v0
}  // namespace fsis
