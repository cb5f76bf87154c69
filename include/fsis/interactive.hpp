// SPDX-License-Identifier: MIT
#pragma once

/// Sessions: clicks in, masks out. Refinement (f-BRS, BRS), zoom-in, start masks, undo, the simulated user.

#include <fsis/interactive/answer.hpp>
#include <fsis/interactive/click_objective.hpp>
#include <fsis/interactive/click_targets.hpp>
#include <fsis/interactive/coverage.hpp>
#include <fsis/interactive/engine.hpp>
#include <fsis/interactive/feature_brs.hpp>
#include <fsis/interactive/frame.hpp>
#include <fsis/interactive/history.hpp>
#include <fsis/interactive/map_brs.hpp>
#include <fsis/interactive/query_memory.hpp>
#include <fsis/interactive/refine.hpp>
#include <fsis/interactive/report.hpp>
#include <fsis/interactive/result_map.hpp>
#include <fsis/interactive/session.hpp>
#include <fsis/interactive/session_options.hpp>
#include <fsis/interactive/session_state.hpp>
#include <fsis/interactive/shot.hpp>
#include <fsis/interactive/simulate.hpp>
#include <fsis/interactive/start_mask.hpp>
#include <fsis/interactive/stopwatch.hpp>
#include <fsis/interactive/support_memory.hpp>
