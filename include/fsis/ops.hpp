// SPDX-License-Identifier: MIT
#pragma once

/// Tensor in, tensor out: every operation without gradients.

#include <fsis/ops/batch_norm.hpp>
#include <fsis/ops/broadcast.hpp>
#include <fsis/ops/channels.hpp>
#include <fsis/ops/conv2d.hpp>
#include <fsis/ops/distance.hpp>
#include <fsis/ops/elementwise.hpp>
#include <fsis/ops/layout.hpp>
#include <fsis/ops/loss.hpp>
#include <fsis/ops/matmul.hpp>
#include <fsis/ops/pool.hpp>
#include <fsis/ops/reduce.hpp>
#include <fsis/ops/resize.hpp>
#include <fsis/ops/similarity.hpp>
