// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <chrono>
#include <type_traits>
#include <utility>

namespace fsis {
inline namespace v0 {
namespace bench {

// A clock is a type with
//
//     static constexpr char const* name;                // of the device whose time it tells: "cpu"
//     template <class Work> double seconds(Work const& work) const;
//
// where `seconds` runs `work` once and returns how long the device took for it. What a device does after a call has
// returned belongs to the time, and waiting for it to the clock: one for a stream records an event before and after.

/// The time of work that is done when its call returns.
struct cpu_clock {
  static constexpr char const* name = "cpu";

  template <class Work>
  double seconds(Work const& work) const {
    auto const start = std::chrono::steady_clock::now();
    work();
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  }
};

namespace detail {

struct no_work {
  void operator()() const {}
};

template <class Clock, class = void>
struct is_clock : std::false_type {};
template <class Clock>
struct is_clock<Clock, std::void_t<decltype(Clock::name),
                                   decltype(std::declval<Clock const&>().seconds(std::declval<no_work const&>()))>>
    : std::is_convertible<decltype(std::declval<Clock const&>().seconds(std::declval<no_work const&>())), double> {};

}  // namespace detail

}  // namespace bench
}  // namespace v0
}  // namespace fsis
