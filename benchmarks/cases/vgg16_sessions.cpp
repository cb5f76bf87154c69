// SPDX-License-Identifier: MIT
// Sessions with the network of the thesis in full width; 400x400 is the size that peers are measured at.
#include "cases/cases.hpp"
#include "cases/session_scene.hpp"

void fsis_bench::add_vgg16_sessions(fsis::bench::registry& to) { add_clicks<fsis::vgg16>(to, "vgg16."); }
