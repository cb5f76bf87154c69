// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/bench/setting.hpp>
#include <fsis/core/math.hpp>
#include <fsis/core/random.hpp>
#include <fsis/device/cpu_context.hpp>

#include <functional>
#include <memory>
#include <string>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace bench {

/// What one run does by its definition: each number that comes in read once, each that goes out written once. An
/// algorithm may need fewer operations (Winograd's), and a poor one moves more bytes.
struct work {
  double flops = 0;  ///< an addition or a multiplication counts as one
  double bytes = 0;

  friend bool operator==(work const& a, work const& b) { return a.flops == b.flops && a.bytes == b.bytes; }
};

/// One element that a result must have.
struct probe {
  index_t at;
  double wanted;
};

/// What a result must be: some of its elements, or all, and how far they may be off, relative to the largest of those
/// wanted. A contender that is not this right is not timed.
struct expectation {
  std::vector<probe> probes;
  double tolerance = 1e-5;
};

/// All elements of a result.
inline expectation expect_all(std::vector<double> const& wanted, double tolerance = 1e-5) {
  expectation e;
  e.tolerance = tolerance;
  for (std::size_t i = 0; i < wanted.size(); ++i) e.probes.push_back({static_cast<index_t>(i), wanted[i]});
  return e;
}

/// So many elements of a result of `size` elements, spread over all of it with the first and the last, each as
/// `wanted(index)` says: where computing all of them by the definition takes too long.
template <class Wanted>
expectation expect_some(index_t size, Wanted const& wanted, double tolerance = 1e-5, index_t count = 512) {
  expectation e;
  e.tolerance = tolerance;
  random_stream draw(7);
  index_t const parts = hd_min(count, size);
  for (index_t i = 0; i < parts; ++i) {
    index_t const first = i * (size / parts), length = i + 1 < parts ? size / parts : size - first;
    index_t const at = i == 0 ? 0 : i + 1 == parts ? size - 1 : first + draw.below(length);
    e.probes.push_back({at, static_cast<double>(wanted(at))});
  }
  return e;
}

/// Something to time, ready to run.
struct runnable {
  std::function<void()> run;                   ///< what is timed, called many times
  std::function<std::vector<float>()> result;  ///< what the last run computed
  std::function<void()> before = {};           ///< called before each run and not timed: brings back a state, say
  memory_pool* memory = nullptr;               ///< where it takes its memory, if that is known; must live as long
};

/// Thrown by a contender that cannot run at a setting: it is left out there, and the report says why.
class unsupported : public error {
 public:
  using error::error;
};

/// What a benchmark is prepared for.
struct environment {
  setting at;
  cpu_options options;               ///< of contexts, the threads of the setting included
  std::shared_ptr<cpu_context> ctx;  ///< made with them

  /// Another context of the same kind, for contenders that need one of their own.
  std::shared_ptr<cpu_context> context_with(convolution_algorithm convolutions) const {
    cpu_options o = options;
    o.convolutions = convolutions;
    return std::make_shared<cpu_context>(o);
  }
};

/// A benchmark at one setting: inputs are made, and contenders can be had by their names.
struct subject {
  expectation expected;
  std::function<runnable(std::string const& contender)> contender;  ///< throws `unsupported`
};

/// A question with a number for an answer: how long does this take, by one contender or another?
struct benchmark {
  std::string name;                     ///< "vgg16.conv1_2.forward": letters, digits, '.', '_' and '-'
  std::string summary;                  ///< one line
  std::vector<axis> axes;               ///< `threads` is added to them
  std::vector<std::string> contenders;  ///< the first is the one that others are compared with
  std::function<work(setting const&)> count;
  std::function<subject(environment const&)> prepare;  ///< throws `shape_error` where a setting makes no sense
};

}  // namespace bench
}  // namespace v0
}  // namespace fsis
