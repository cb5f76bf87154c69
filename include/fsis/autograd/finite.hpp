// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/ops/reduce.hpp>

#include <cmath>
#include <string>

namespace fsis {
inline namespace v0 {
namespace detail {

/// The function in which a pullback was written, "apply logarithm" or so: its type is a lambda of that function, and
/// compilers tell its place. One that names no function (clang) gives the line of the file instead.
template <class Pullback>
std::string operation_of() {
  std::string const all = __PRETTY_FUNCTION__;
  std::string const mark = "Pullback = ";
  std::size_t const from = all.find(mark);
  std::string type = from == std::string::npos ? all : all.substr(from + mark.size());
  std::size_t const clang = type.find("lambda at ");
  if (clang != std::string::npos) {
    std::size_t const end = type.find(')', clang), slash = type.rfind('/', end);
    std::size_t const begin = slash == std::string::npos ? clang : slash + 1;
    return type.substr(begin, end - begin);
  }
  std::size_t const end = type.find_first_of("<("), scope = type.rfind("::", end);
  std::size_t const begin = scope == std::string::npos ? 0 : scope + 2;
  std::string const function = type.substr(begin, end - begin);
  std::string const kernels = "kernels::";
  std::size_t const kernel = type.find(kernels, end);  // of the functor that elementwise functions are made of
  if (kernel == std::string::npos) return function;
  std::size_t const name = kernel + kernels.size();
  return function + " " +
         type.substr(name, type.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789", name) - name);
}

/// Throws `value_error` when an element is NaN or infinite.
template <class Tensor, class Context>
void check_finite(Context const& ctx, Tensor const& x, char const* what, std::string const& operation) {
  if (x.size() == 0) return;
  // a sum of squares in double is finite for every finite float
  double const squares = static_cast<double>(ops::dot(ctx, x, x));
  require<value_error>(std::isfinite(squares), "tape: the ", what, " of '", operation, "', shape ", x.extents(),
                       ", is not finite");
}

}  // namespace detail
}  // namespace v0
}  // namespace fsis
