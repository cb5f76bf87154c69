// SPDX-License-Identifier: MIT
#pragma once

#include <CLI/CLI.hpp>

namespace fsis_tool {

// Each adds one subcommand and what it runs. Errors are thrown; main turns them into one line and an exit code.
void add_pretrain(CLI::App& app);
void add_train(CLI::App& app);

}  // namespace fsis_tool
