// SPDX-License-Identifier: MIT
#include "cases/cases.hpp"
#include "cases/session_scene.hpp"

namespace fsis_bench {

void add_sessions(fsis::bench::registry& to) {
  using fsis::compact;
  using fsis::refinement;
  add_session<compact>(to, "session.set_support", "examples, until they are ready for clicks", step::set_support,
                       refinement::none);
  add_clicks<compact>(to, "");
  add_session<compact>(to, "session.click_brs", "a click with 20 evaluations of BRS; counted is one pass",
                       step::click, refinement::brs);
  add_session<compact>(to, "session.undo_and_redo", "the last click, away and back", step::undo_and_redo,
                       refinement::none);
}

}  // namespace fsis_bench
