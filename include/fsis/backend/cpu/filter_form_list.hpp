// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/backend/cpu/packed_filter.hpp>

#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace backend {
namespace detail {

/// What tells the forms of a filter apart.
struct filter_form_key {
  filter_view view;
  filter_form form;
  index_t panel_width;

  bool operator==(filter_form_key const& other) const {
    filter_view const &a = view, &b = other.view;
    return a.data == b.data && a.outputs == b.outputs && a.inputs == b.inputs && a.height == b.height &&
           a.width == b.width && a.output_stride == b.output_stride && a.input_stride == b.input_stride &&
           a.tap_stride == b.tap_stride && form == other.form && panel_width == other.panel_width;
  }
};

/// Forms of filters, each with the fingerprint of the numbers that it was made from. Thread-safe.
class filter_form_list {
 public:
  using form = std::shared_ptr<packed_filter const>;

  /// The form made of numbers with this fingerprint, or null. Remembers the fingerprint; `came_before` says whether it
  /// was the one remembered.
  form find(filter_form_key const& k, std::uint64_t fingerprint, bool& came_before) {
    form outdated;  // freed after the lock
    std::lock_guard<std::mutex> lock(mutex_);
    entry* const e = entry_of(k);
    if (e == nullptr) {
      entries_.push_back({k, fingerprint, nullptr});
      return nullptr;
    }
    came_before = e->fingerprint == fingerprint;
    if (came_before) return e->made;
    e->fingerprint = fingerprint;
    outdated.swap(e->made);
    return nullptr;
  }

  /// Keeps a form that `find` did not have, unless the numbers have changed again.
  void keep(filter_form_key const& k, std::uint64_t fingerprint, form const& made) {
    std::lock_guard<std::mutex> lock(mutex_);
    entry* const e = entry_of(k);
    if (e != nullptr && e->fingerprint == fingerprint && e->made == nullptr) e->made = made;
  }

 private:
  struct entry {
    filter_form_key of;
    std::uint64_t fingerprint;
    form made;  // null when its numbers came once
  };

  entry* entry_of(filter_form_key const& k) {
    for (entry& e : entries_)
      if (e.of == k) return &e;
    return nullptr;
  }

  std::mutex mutex_;
  std::vector<entry> entries_;
};

}  // namespace detail
}  // namespace backend
}  // namespace v0
}  // namespace fsis
