// SPDX-License-Identifier: MIT
#pragma once

/// Timing of kernels, the library's or one's own: checked, against each other and against the machine's peaks.

#include <fsis/bench/benchmark.hpp>
#include <fsis/bench/chart.hpp>
#include <fsis/bench/check.hpp>
#include <fsis/bench/clock.hpp>
#include <fsis/bench/cold_caches.hpp>
#include <fsis/bench/comparison.hpp>
#include <fsis/bench/contest.hpp>
#include <fsis/bench/machine.hpp>
#include <fsis/bench/peaks.hpp>
#include <fsis/bench/plots.hpp>
#include <fsis/bench/registry.hpp>
#include <fsis/bench/report.hpp>
#include <fsis/bench/report_html.hpp>
#include <fsis/bench/report_json.hpp>
#include <fsis/bench/report_text.hpp>
#include <fsis/bench/runner.hpp>
#include <fsis/bench/setting.hpp>
#include <fsis/bench/setting_text.hpp>
#include <fsis/bench/statistics.hpp>
#include <fsis/bench/svg.hpp>
#include <fsis/bench/text_table.hpp>
