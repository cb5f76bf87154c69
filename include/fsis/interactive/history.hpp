// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>

#include <cstddef>
#include <type_traits>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace interactive {

/// States one after the other, one of them current: what undo and redo walk on. At most `limit` steps back are kept.
template <class State>
class history {
  static_assert(std::is_nothrow_move_constructible<State>::value && std::is_nothrow_move_assignable<State>::value,
                "a state must move without throwing, so that a step is taken whole or not at all");

 public:
  /// Throws `value_error` on a limit below 1.
  explicit history(index_t limit) : limit_(static_cast<std::size_t>(limit)) {
    require<value_error>(limit >= 1, "history: limit ", limit, ", wanted at least 1");
    states_.reserve(1);
  }

  bool empty() const { return states_.empty(); }
  State const& current() const { return states_[at_]; }

  /// Forgets everything but one state. Allocates nothing.
  void restart(State first) noexcept {
    states_.clear();
    states_.push_back(std::move(first));
    at_ = 0;
  }

  /// A new state behind the current one; what had been undone is forgotten, and the oldest beyond the limit.
  /// When memory runs out, nothing has changed.
  void push(State next) {
    states_.reserve(at_ + 2);
    states_.erase(states_.begin() + static_cast<std::ptrdiff_t>(at_) + 1, states_.end());
    states_.push_back(std::move(next));
    if (states_.size() > limit_ + 1) states_.erase(states_.begin());
    at_ = states_.size() - 1;
  }

  /// The state before the current one, or null.
  State const* before() const { return at_ > 0 ? &states_[at_ - 1] : nullptr; }
  /// The state that was undone last, or null.
  State const* after() const { return at_ + 1 < states_.size() ? &states_[at_ + 1] : nullptr; }

  /// Makes `before()`, which must not be null, current.
  void step_back() noexcept { --at_; }
  /// Makes `after()`, which must not be null, current.
  void step_forward() noexcept { ++at_; }

  auto begin() const { return states_.begin(); }
  auto end() const { return states_.end(); }

 private:
  std::vector<State> states_;
  std::size_t at_ = 0;
  std::size_t limit_;
};

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
