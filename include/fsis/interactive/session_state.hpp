// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/click.hpp>
#include <fsis/interactive/report.hpp>
#include <fsis/vision/region.hpp>
#include <fsis/vision/run_length.hpp>

#include <memory>
#include <optional>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace interactive {

/// Everything that undo restores.
template <class Tensor>
struct session_state {
  std::vector<click> clicks;
  std::shared_ptr<vision::run_length_mask const> start;  // the mask it began from; null: from nothing
  std::optional<vision::region> region;                  // that the network saw; empty: the whole photo
  Tensor applied;                                        // optimised variables behind the result
  Tensor last;                                           // those evaluated last
  vision::run_length_mask result;
  session_report report;
  index_t network_version = 0;  // of the learner that computed the result

  /// Bytes held; variables that two members share count once, a start mask in each state that has it.
  index_t bytes() const {
    index_t const numbers = applied.size() + (last.data() != applied.data() ? last.size() : 0);
    return static_cast<index_t>(sizeof *this + clicks.size() * sizeof(click)) + result.bytes() +
           (start ? start->bytes() : 0) + numbers * static_cast<index_t>(sizeof(typename Tensor::scalar));
  }
};

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
