// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>

#include <string>
#include <vector>

namespace fsis_bench {

// Each adds one subcommand and what it runs. Errors are thrown; main turns them into one line and an exit code. What is
// no error and still not fine, something slower or wrong, sets `exit_code` to 1.
void add_list(CLI::App& app);
void add_run(CLI::App& app, std::vector<std::string> const& argv, int& exit_code);
void add_compare(CLI::App& app, int& exit_code);
void add_report(CLI::App& app);

}  // namespace fsis_bench
