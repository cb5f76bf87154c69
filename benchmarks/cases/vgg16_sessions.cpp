// SPDX-License-Identifier: MIT
// Sessions with the network of the thesis in full width; 400x400 is the size that peers are measured at.
#include "cases/cases.hpp"
#include "cases/session_scene.hpp"

namespace fsis_bench {

void add_vgg16_sessions(fsis::bench::registry& to) {
  using fsis::refinement;
  using fsis::vgg16;
  add_session<vgg16>(to, "vgg16.session.set_query", "a photo, until it is ready for clicks", step::set_query,
                     refinement::none);
  add_session<vgg16>(to, "vgg16.session.click", "a click without refinement", step::click, refinement::none);
  add_session<vgg16>(to, "vgg16.session.click_fbrs", "a click with 20 evaluations of f-BRS; counted is one pass",
                     step::click, refinement::aj);
}

}  // namespace fsis_bench
