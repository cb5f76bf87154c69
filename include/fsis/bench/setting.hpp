// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>

#include <string>
#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace bench {

/// A number that a benchmark can be run at: "height", 384 unless one says otherwise.
struct axis {
  std::string name;
  index_t standard;
  std::string meaning;
  index_t least = 1, most = 1 << 20;
};

/// Threads of the context: an axis that every benchmark has, behind its own.
inline axis threads_axis() { return {"threads", 1, "threads of the context", 1, 1024}; }

/// A value for each axis of a benchmark.
class setting {
 public:
  /// The standard values of these axes and of `threads`.
  explicit setting(std::vector<axis> axes) : axes_(std::move(axes)) {
    axes_.push_back(threads_axis());
    for (axis const& a : axes_) values_.push_back(a.standard);
  }

  std::vector<axis> const& axes() const { return axes_; }
  bool has(std::string const& name) const { return place_of(name) < axes_.size(); }

  /// Throws `value_error` where there is no such axis.
  index_t operator[](std::string const& name) const {
    check_name(name);
    return values_[place_of(name)];
  }

  /// Sets an axis; `side` sets `height` and `width` where there is no axis of that name. Throws `value_error` naming
  /// the axes there are, or the range of this one.
  void set(std::string const& name, index_t value) {
    if (name == "side" && !has("side") && has("height") && has("width")) {
      set("height", value);
      set("width", value);
      return;
    }
    check_name(name);
    std::size_t const i = place_of(name);
    require<value_error>(value >= axes_[i].least && value <= axes_[i].most, "setting: ", name, " ", value, ", wanted ",
                         axes_[i].least, " to ", axes_[i].most);
    values_[i] = value;
  }

  /// Sets the first axes in their order: batch, height, width, channels, say.
  void set_shape(std::vector<index_t> const& extents) {
    require<value_error>(!extents.empty() && extents.size() < axes_.size(), "setting: a shape of ", extents.size(),
                         " numbers, wanted 1 to ", axes_.size() - 1, " (", names(false), ")");
    for (std::size_t i = 0; i < extents.size(); ++i) set(axes_[i].name, extents[i]);
  }

  /// Names and values in the order of the axes, `threads` last.
  std::vector<std::pair<std::string, index_t>> values() const {
    std::vector<std::pair<std::string, index_t>> all;
    for (std::size_t i = 0; i < axes_.size(); ++i) all.emplace_back(axes_[i].name, values_[i]);
    return all;
  }

 private:
  std::size_t place_of(std::string const& name) const {
    std::size_t i = 0;
    while (i < axes_.size() && axes_[i].name != name) ++i;
    return i;
  }

  std::string names(bool with_threads) const {
    std::string all;
    for (axis const& a : axes_)
      if (with_threads || a.name != "threads") all += (all.empty() ? "" : ", ") + a.name;
    return all;
  }

  void check_name(std::string const& name) const {
    require<value_error>(has(name), "setting: no axis '", name, "', wanted one of: ", names(true));
  }

  std::vector<axis> axes_;
  std::vector<index_t> values_;
};

/// "batch=1 height=48 threads=2"
inline std::string to_string(std::vector<std::pair<std::string, index_t>> const& values) {
  std::string text;
  for (auto const& v : values) text += (text.empty() ? "" : " ") + v.first + "=" + std::to_string(v.second);
  return text;
}

}  // namespace bench
}  // namespace v0
}  // namespace fsis
