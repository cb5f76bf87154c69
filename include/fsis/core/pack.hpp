// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <cstddef>
#include <utility>

namespace fsis {
inline namespace v0 {
namespace detail {

template <std::size_t I, class T>
struct pack_leaf {
  T value;
};

template <class Indices, class... Ts>
struct pack_base;

// One flat base class list: libstdc++'s recursive std::tuple costs 20 times the compile time at 400 elements.
template <std::size_t... I, class... Ts>
struct pack_base<std::index_sequence<I...>, Ts...> : pack_leaf<I, Ts>... {};

template <std::size_t I, class T>
T& leaf_value(pack_leaf<I, T>& l) { return l.value; }
template <std::size_t I, class T>
T const& leaf_value(pack_leaf<I, T> const& l) { return l.value; }

template <std::size_t I, class T>
T leaf_type(pack_leaf<I, T> const&);

}  // namespace detail

/// Heterogeneous aggregate, flat in its elements: `get<1>(pack<A, B>{})` is a B.
template <class... Ts>
struct pack : detail::pack_base<std::index_sequence_for<Ts...>, Ts...> {
  static constexpr std::size_t size = sizeof...(Ts);
};

template <std::size_t I, class... Ts>
decltype(auto) get(pack<Ts...>& p) { return detail::leaf_value<I>(p); }
template <std::size_t I, class... Ts>
decltype(auto) get(pack<Ts...> const& p) { return detail::leaf_value<I>(p); }

/// Type of element I of a pack.
template <std::size_t I, class Pack>
using pack_element = decltype(detail::leaf_type<I>(std::declval<Pack const&>()));

}  // namespace v0
}  // namespace fsis
