// SPDX-License-Identifier: MIT
#pragma once

/// Optimisers without any network: L-BFGS for an objective of one tensor; SGD, Adam and schedules for many.

#include <fsis/device/cpu_context.hpp>
#include <fsis/optim/adam.hpp>
#include <fsis/optim/lbfgs.hpp>
#include <fsis/optim/schedule.hpp>
#include <fsis/optim/sgd.hpp>
#include <fsis/tensor/transfer.hpp>
