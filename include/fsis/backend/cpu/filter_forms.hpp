// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/fingerprint.hpp>
#include <fsis/backend/cpu/packed_filter.hpp>

#include <limits>
#include <memory>
#include <mutex>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// The forms of the filters in one block of memory, attached to it. A form carries the fingerprint of the numbers that
/// it was made from, and serves as long as they have the same: whoever writes to them, by whatever way, is noticed at
/// the next call. It is kept when the same numbers come a second time: the filters of a network that is used are, at
/// four times their size with Winograd's algorithm, and those that a training step changes are not.
class filter_forms {
 public:
  /// The form `form` of `view`, whose numbers are all those of `filter` (`count`).
  static std::shared_ptr<packed_filter const> get(cpu_context const& ctx, std::shared_ptr<float> const& filter,
                                                  index_t count, filter_view const& view, filter_form form) {
    bool const is_unlimited = ctx.memory().limit() == (std::numeric_limits<std::size_t>::max)();
    auto const forms = is_unlimited ? memory_pool::attached_to<filter_forms>(filter) : nullptr;
    if (forms == nullptr) return std::make_shared<packed_filter const>(ctx, view, form);
    key const k{view, form, kernels_of(ctx.instructions()).panel_width};
    std::uint64_t const fingerprint = fingerprint_of(ctx, filter.get(), count);
    bool came_before = false;
    if (auto kept = forms->find(k, fingerprint, came_before)) return kept;
    auto made = std::make_shared<packed_filter const>(ctx, view, form);
    if (came_before) forms->keep(k, fingerprint, made);
    return made;
  }

 private:
  struct key {
    filter_view view;
    filter_form form;
    index_t panel_width;

    bool operator==(key const& other) const {
      filter_view const &a = view, &b = other.view;
      return a.data == b.data && a.outputs == b.outputs && a.inputs == b.inputs && a.height == b.height &&
             a.width == b.width && a.output_stride == b.output_stride && a.input_stride == b.input_stride &&
             a.tap_stride == b.tap_stride && form == other.form && panel_width == other.panel_width;
    }
  };

  struct entry {
    key of;
    std::uint64_t fingerprint;
    std::shared_ptr<packed_filter const> form;  // null when its numbers came once
  };

  entry* entry_of(key const& k) {
    for (entry& e : entries_)
      if (e.of == k) return &e;
    return nullptr;
  }

  std::shared_ptr<packed_filter const> find(key const& k, std::uint64_t fingerprint, bool& came_before) {
    std::shared_ptr<packed_filter const> outdated;  // freed after the lock
    std::lock_guard<std::mutex> lock(mutex_);
    entry* const e = entry_of(k);
    if (e == nullptr) {
      entries_.push_back({k, fingerprint, nullptr});
      return nullptr;
    }
    came_before = e->fingerprint == fingerprint;
    if (came_before) return e->form;
    e->fingerprint = fingerprint;
    outdated.swap(e->form);
    return nullptr;
  }

  void keep(key const& k, std::uint64_t fingerprint, std::shared_ptr<packed_filter const> const& form) {
    std::lock_guard<std::mutex> lock(mutex_);
    entry* const e = entry_of(k);
    if (e != nullptr && e->fingerprint == fingerprint && e->form == nullptr) e->form = form;
  }

  std::mutex mutex_;
  std::vector<entry> entries_;
};

}  // namespace detail
}  // namespace backend
}  // namespace v0
}  // namespace fsis
