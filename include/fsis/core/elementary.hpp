// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/math.hpp>

namespace fsis {
inline namespace v0 {

// Exponentials, logarithms and square roots of float and double without a branch or a call: loops over them become
// vectors, which the functions of the standard library keep a loop from. Errors are a few units in the last place (see
// tests/core/elementary_test.cpp), NaN stays NaN, and infinities and denormal numbers are as in the standard.

namespace detail {

template <class T>
struct float_format;
template <>
struct float_format<float> {
  using word = std::uint32_t;
  static constexpr int mantissa = 23, bias = 127, exp_terms = 7, log_terms = 5, log1p_terms = 8;
  static constexpr float smallest_exp = -104.0f, largest_exp = 89.0f;  // beyond, exp is 0 or infinite
  static constexpr float ln2_high = 0.693359375f, ln2_low = -2.12194440e-4f;
  static constexpr word root_half = 0x3f3504f3u, root_guess = 0x5f3759dfu;
  static constexpr int root_steps = 3;
};
template <>
struct float_format<double> {
  using word = std::uint64_t;
  static constexpr int mantissa = 52, bias = 1023, exp_terms = 13, log_terms = 11, log1p_terms = 17;
  static constexpr double smallest_exp = -746.0, largest_exp = 710.0;
  static constexpr double ln2_high = 0.693145751953125, ln2_low = 1.42860682030941723212e-6;
  static constexpr word root_half = 0x3fe6a09e667f3bcdu, root_guess = 0x5fe6eb50c7b537a9u;
  static constexpr int root_steps = 4;
};

template <class T>
FSIS_HD inline typename float_format<T>::word word_of(T x) {
  typename float_format<T>::word w;
  std::memcpy(&w, &x, sizeof w);
  return w;
}
template <class T>
FSIS_HD inline T from_word(typename float_format<T>::word w) {
  T x;
  std::memcpy(&x, &w, sizeof x);
  return x;
}

/// Adding it leaves the nearest whole number in the low bits.
template <class T>
constexpr T rounder = T(3) * static_cast<T>(std::int64_t{1} << (float_format<T>::mantissa - 1));

/// 2^k for a whole k in the range of normal numbers.
template <class T>
FSIS_HD inline T power_of_two(T k) {
  using f = float_format<T>;
  using word = typename f::word;
  return from_word<T>((word_of<T>(k + rounder<T>) << f::mantissa) + (static_cast<word>(f::bias) << f::mantissa));
}

// Nothing here is a branch to the compiler, neither a loop (series are unrolled by recursion) nor a minimum.

/// 1 / k!
template <class T>
FSIS_HD constexpr T inverse_factorial(int k) { return k < 2 ? T(1) : inverse_factorial<T>(k - 1) / static_cast<T>(k); }

/// 1/K! + r/(K+1)! + ... + r^(Terms-K)/Terms!, from Taylor's series of exp(r).
template <int K, int Terms, class T>
FSIS_HD inline T exp_series(T r) {
  constexpr T first = inverse_factorial<T>(K);
  if constexpr (K == Terms)
    return first;
  else
    return first + exp_series<K + 1, Terms>(r) * r;
}

/// z/(2K+1) + z^2/(2K+3) + ...
template <int K, int Terms, class T>
FSIS_HD inline T atanh_series(T z) {
  if constexpr (K > Terms)
    return T(0);
  else
    return z * (T(1) / static_cast<T>(2 * K + 1) + atanh_series<K + 1, Terms>(z));
}

/// Newton's steps towards 1 / sqrt(a).
template <int Steps, class T>
FSIS_HD inline T inverse_root(T a, T guess) {
  if constexpr (Steps == 0)
    return guess;
  else
    return inverse_root<Steps - 1>(a, guess * (T(1.5) - T(0.5) * a * guess * guess));
}

/// exp(x) = (1 + p) * 2^n with |p| < 1/2.
template <class T>
struct exp_parts {
  T p, n;
};

template <class T>
FSIS_HD inline exp_parts<T> split_exp(T x) {
  using f = float_format<T>;
  T const n = (x * T(1.44269504088896340736) + rounder<T>)-rounder<T>;
  T const r = (x - n * f::ln2_high) - n * f::ln2_low;
  return {exp_series<1, f::exp_terms>(r) * r, n};  // |r| < 0.35
}

/// 2 atanh(s) = log((1 + s) / (1 - s)) by its series.
template <int Terms, class T>
FSIS_HD inline T twice_atanh(T s) {
  return T(2) * s + T(2) * s * atanh_series<1, Terms>(s * s);
}

}  // namespace detail

/// e^x
template <class T>
FSIS_HD inline T hd_exp(T x) {
  using f = detail::float_format<T>;
  T const low = f::smallest_exp, high = f::largest_exp;
  auto const e = detail::split_exp(hd_select(x < low, low, hd_select(x > high, high, x)));
  // in two steps: 2^n alone may lie outside the range of numbers that the result lies in
  T const half = (e.n * T(0.5) + detail::rounder<T>)-detail::rounder<T>;
  return (T(1) + e.p) * detail::power_of_two(half) * detail::power_of_two(e.n - half);
}

/// log(x); -infinity at 0, NaN below.
template <class T>
FSIS_HD inline T hd_log(T x) {
  using f = detail::float_format<T>;
  using word = typename f::word;
  T const smallest = detail::from_word<T>(word{1} << f::mantissa), infinite = static_cast<T>(HUGE_VAL);
  constexpr T lift = static_cast<T>(std::int64_t{1} << f::mantissa);
  bool const is_denormal = x < smallest;
  // x = m * 2^e with m from sqrt(1/2) to sqrt(2)
  word const one = static_cast<word>(f::bias) << f::mantissa;
  word const shifted = detail::word_of(hd_select(is_denormal, x * lift, x)) + (one - f::root_half);
  T const biased = detail::from_word<T>((shifted >> f::mantissa) | detail::word_of(lift)) - lift;
  T const e = biased - (T(f::bias) + hd_select(is_denormal, T(f::mantissa), T(0)));
  T const m = detail::from_word<T>((shifted & ((word{1} << f::mantissa) - 1)) + f::root_half);
  T const y = e * f::ln2_high + (detail::twice_atanh<f::log_terms>((m - T(1)) / (m + T(1))) + e * f::ln2_low);
  T const at_ends = hd_select(x == T(0), -infinite, hd_select(x < T(0), static_cast<T>(NAN), x));
  return hd_select((x > T(0)) & (x < infinite), y, at_ends);
}

/// log(1 + x) for x from 0 to 1.
template <class T>
FSIS_HD inline T hd_log1p_of_fraction(T x) {
  return detail::twice_atanh<detail::float_format<T>::log1p_terms>(x / (T(2) + x));
}

/// Hyperbolic tangent.
template <class T>
FSIS_HD inline T hd_tanh(T x) {
  T const most = T(22);  // tanh is 1 from there on
  T const size = hd_select(x < T(0), -x, x);
  auto const e = detail::split_exp(T(2) * hd_select(size > most, most, size));
  T const scale = detail::power_of_two(e.n), less_one = scale * e.p + (scale - T(1));  // exp(2 |x|) - 1
  T const y = less_one / (less_one + T(2));
  return hd_select(x < T(0), -y, y);
}

/// Square root; NaN below 0. The standard's sets errno there.
template <class T>
FSIS_HD inline T hd_sqrt(T x) {
  using f = detail::float_format<T>;
  using word = typename f::word;
  T const smallest = detail::from_word<T>(word{1} << f::mantissa), infinite = static_cast<T>(HUGE_VAL);
  constexpr T lift = static_cast<T>(std::int64_t{1} << ((f::mantissa + 2) / 2 * 2));
  constexpr T back = T(1) / static_cast<T>(std::int64_t{1} << ((f::mantissa + 2) / 2));
  bool const is_denormal = x < smallest;
  T const a = hd_select(is_denormal, x * lift, x);
  // 1 / sqrt(a), then one step for the root itself
  T const inverse =
      detail::inverse_root<f::root_steps>(a, detail::from_word<T>(f::root_guess - (detail::word_of(a) >> 1)));
  T root = a * inverse;
  root += T(0.5) * inverse * (a - root * root);
  root = hd_select(is_denormal, root * back, root);
  T const at_ends = hd_select(x < T(0), static_cast<T>(NAN), x);
  return hd_select((x > T(0)) & (x < infinite), root, at_ends);
}

/// 1 / (1 + exp(-x)) without overflow for large |x|.
template <class T>
FSIS_HD inline T stable_sigmoid(T x) {
  T const e = hd_exp(hd_select(x < T(0), x, -x));
  return hd_select(x < T(0), e, T(1)) / (T(1) + e);
}

/// log(1 + exp(x)) without overflow.
template <class T>
FSIS_HD inline T softplus(T x) {
  return hd_select(x < T(0), T(0), x) + hd_log1p_of_fraction(hd_exp(hd_select(x < T(0), x, -x)));
}

}  // namespace v0
}  // namespace fsis
