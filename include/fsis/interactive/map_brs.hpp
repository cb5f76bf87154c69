// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/autograd/functions/elementwise.hpp>
#include <fsis/autograd/functions/spatial.hpp>

#include <utility>
#include <vector>

namespace fsis {
inline namespace v0 {
namespace interactive {

/// BRS (Jang and Kim 2019): the variables x (1,H,W,2) are added to the click maps, and the whole network from the
/// click fusion on is computed again. A mirrored copy gets the mirrored sum. `tail(tape, maps)` computes the logits
/// from maps (N,H,W,2).
template <class Tensor, class Tail>
struct map_replay {
  Tensor maps;  // (1,H,W,2)
  index_t copies;
  Tail tail;

  shape variables() const { return maps.extents(); }

  template <class Tape>
  variable<Tensor> operator()(Tape& t, variable<Tensor> const& x) const {
    auto const moved = add(t, variable<Tensor>(maps), x);
    if (copies == 1) return tail(t, moved);
    return tail(t, concatenate(t, std::vector<variable<Tensor>>{moved, flip(t, moved, 2)}, 0));
  }
};

template <class Tensor, class Tail>
map_replay<Tensor, Tail> replay_maps(Tensor maps, index_t copies, Tail tail) {
  return {std::move(maps), copies, std::move(tail)};
}

}  // namespace interactive
}  // namespace v0
}  // namespace fsis
