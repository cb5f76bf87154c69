// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/fingerprint.hpp>
#include <fsis/backend/cpu/frozen_filter.hpp>

#include <limits>
#include <memory>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// The form `form` of `view`, whose numbers are all those of `filter` (`count`).
///
/// Forms are attached to the block of memory that the filter lies in. A form carries the fingerprint of the numbers
/// that it was made from, and serves as long as they have the same: whoever writes to them, by whatever way, is noticed
/// at the next call. It is kept when the same numbers come a second time: the filters of a network that is used are, at
/// four times their size with Winograd's algorithm, and those that a training step changes are not. A frozen filter
/// keeps forms from the first time on, and its numbers are not looked at again. With a memory limit none is kept.
inline std::shared_ptr<packed_filter const> filter_in_form(cpu_context const& ctx,
                                                           std::shared_ptr<float> const& filter, index_t count,
                                                           filter_view const& view, filter_form form) {
  bool const may_keep = ctx.memory().limit() == (std::numeric_limits<std::size_t>::max)();
  if (!may_keep) return std::make_shared<packed_filter const>(ctx, view, form);
  filter_form_key const k{view, form, kernels_of(ctx.instructions()).panel_width};
  bool came_before = false;
  if (frozen_filter* const frozen = frozen_filter::of(filter)) {
    constexpr std::uint64_t any = 0;
    if (auto kept = frozen->forms->find(k, any, came_before)) return kept;
    auto const made = filter_in_form(ctx, frozen->elements, count, view, form);
    frozen->forms->keep(k, any, made);
    return made;
  }
  auto const forms = memory_pool::attached_to<filter_form_list>(filter);
  if (forms == nullptr) return std::make_shared<packed_filter const>(ctx, view, form);
  std::uint64_t const fingerprint = fingerprint_of(ctx, filter.get(), count);
  if (auto kept = forms->find(k, fingerprint, came_before)) return kept;
  auto made = std::make_shared<packed_filter const>(ctx, view, form);
  if (came_before) forms->keep(k, fingerprint, made);
  return made;
}

}  // namespace detail
}  // namespace backend
}  // namespace v0
}  // namespace fsis
