// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/bench/benchmark.hpp>

#include <string>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace bench {

namespace detail {

/// Does a name fit a pattern, in which '*' stands for any letters and '?' for one?
inline bool fits(char const* pattern, char const* name) {
  if (*pattern == '\0') return *name == '\0';
  if (*pattern == '*') return fits(pattern + 1, name) || (*name != '\0' && fits(pattern, name + 1));
  return *name != '\0' && (*pattern == '?' || *pattern == *name) && fits(pattern + 1, name + 1);
}

inline bool is_name(std::string const& name) {
  static std::string const letters = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-";
  return !name.empty() && name.find_first_not_of(letters) == std::string::npos;
}

}  // namespace detail

/// Benchmarks by their names, in the order in which they were added.
class registry {
 public:
  /// Throws `value_error` for a name that is taken or none, without contenders, or with a part missing.
  void add(benchmark b) {
    require<value_error>(detail::is_name(b.name), "registry: name '", b.name,
                         "', wanted letters, digits, '.', '_' and '-'");
    for (benchmark const& other : benchmarks_)
      require<value_error>(other.name != b.name, "registry: two benchmarks '", b.name, "', wanted one");
    require<value_error>(!b.contenders.empty() && b.count && b.prepare, "registry: benchmark '", b.name, "' has ",
                         b.contenders.size(), " contenders, ", b.count ? "a" : "no", " count and ",
                         b.prepare ? "a" : "no", " preparation, wanted all three");
    benchmarks_.push_back(std::move(b));
  }

  std::vector<benchmark> const& all() const { return benchmarks_; }

  /// The benchmark of that name, or all whose names fit a pattern with '*' and '?'. Throws `value_error` when there is
  /// none, naming those that hold the word.
  std::vector<benchmark> matching(std::string const& pattern) const {
    std::vector<benchmark> found;
    for (benchmark const& b : benchmarks_)
      if (detail::fits(pattern.c_str(), b.name.c_str())) found.push_back(b);
    if (!found.empty()) return found;
    std::string near;
    for (benchmark const& b : benchmarks_)
      if (b.name.find(pattern) != std::string::npos) near += (near.empty() ? "" : ", ") + b.name;
    fail<value_error>("registry: no benchmark '", pattern, "' among ", benchmarks_.size(), ", wanted ",
                      near.empty() ? "a name or a pattern such as 'conv*'" : "one of: " + near);
  }

 private:
  std::vector<benchmark> benchmarks_;
};

}  // namespace bench
}  // namespace v0
}  // namespace fsis
