// SPDX-License-Identifier: MIT
#pragma once

/// Tensors on the CPU, without gradients: memory, transfer and operations.

#include <fsis/device/cpu_context.hpp>
#include <fsis/ops.hpp>
#include <fsis/tensor/dlpack.hpp>
#include <fsis/tensor/tensor.hpp>
#include <fsis/tensor/transfer.hpp>
