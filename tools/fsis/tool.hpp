// SPDX-License-Identifier: MIT
#pragma once

#include <fsis/core/error.hpp>

#include <CLI/CLI.hpp>

namespace fsis_tool {

/// A device that was asked for by name cannot be had: exit code 3.
class no_such_device : public fsis::device_error {
 public:
  using device_error::device_error;
};

// Each adds one subcommand and what it runs. Errors are thrown; main turns them into one line and an exit code.
void add_evaluate(CLI::App& app);
void add_info(CLI::App& app);
void add_pretrain(CLI::App& app);
void add_segment(CLI::App& app);
void add_train(CLI::App& app);

}  // namespace fsis_tool
