// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/config.hpp>

#include <string>

namespace fsis {
inline namespace v0 {

/// How the refinement of a click ended.
enum class click_status {
  nothing_done,     ///< no click yet
  not_refined,      ///< by choice: `refinement::none`, or one of the first clicks
  clicks_right,     ///< every click was right
  mask_settled,     ///< the mask hardly changed any more
  converged,        ///< the loss cannot be lowered
  max_evaluations,  ///< the budget of evaluations was spent
  deadline,         ///< the budget of time was spent
  failed            ///< no lower loss was found, or the loss is not finite; the start is the result
};

inline char const* to_string(click_status s) {
  switch (s) {
    case click_status::nothing_done: return "nothing_done";
    case click_status::not_refined: return "not_refined";
    case click_status::clicks_right: return "clicks_right";
    case click_status::mask_settled: return "mask_settled";
    case click_status::converged: return "converged";
    case click_status::max_evaluations: return "max_evaluations";
    case click_status::deadline: return "deadline";
    case click_status::failed: return "failed";
  }
  return "unknown";
}

/// Lets a status stand in an error message.
inline std::string text_of(click_status s) { return to_string(s); }

/// Milliseconds of the steps of a click.
struct click_times {
  double zoom = 0;      ///< choosing the surroundings and preparing them, where they changed
  double features = 0;  ///< click maps and the network up to what is refined
  double refine = 0;    ///< the optimisation
  double result = 0;    ///< the rest of the network, probability and mask
  double learn = 0;     ///< learning from the click
  double total = 0;
};

/// What the click that made a result cost and reached.
struct session_report {
  click_status status = click_status::nothing_done;
  index_t evaluations = 0;       ///< of the refinement's objective
  index_t patches = 0;           ///< around the clicks that they computed; 0: the whole picture, or no evaluation
  index_t satisfied_clicks = 0;  ///< clicks whose pixel in the result is what they asked for
  index_t clicks = 0;
  click_times milliseconds;
};

}  // namespace v0
}  // namespace fsis
