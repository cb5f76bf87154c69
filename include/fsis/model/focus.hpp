// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/model/click_fusion.hpp>

namespace fsis {
inline namespace v0 {
namespace model {

/// Interactive prior focus (thesis, chapter 2): the prior of the class and the click maps through a click fusion of
/// its own, 3 -> 8 -> 1, the only trained part of the third branch. It learns which of the similar things was meant.
template <index_t Kernel, class Tensor>
struct interactive_prior_focus {
  click_fusion<3, 1, Kernel, Tensor> fusion;

  /// prior (N,h,w,1) and maps (N,h,w,2) of one size.
  template <class Tape>
  variable<Tensor> operator()(Tape& t, variable<Tensor> const& prior, variable<Tensor> const& maps) const {
    return fusion(t, concatenate(t, std::vector<variable<Tensor>>{prior, maps}));
  }

  template <class Self, class F>
  static void visit(Self& self, std::string const& prefix, F& f) {
    self.fusion.visit(self.fusion, prefix, f);
  }
};

}  // namespace model
}  // namespace v0
}  // namespace fsis
