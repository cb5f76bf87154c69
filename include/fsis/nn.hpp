// SPDX-License-Identifier: MIT
#pragma once

/// Layers that are types, and their parameters.

#include <fsis/autograd.hpp>
#include <fsis/nn/activation.hpp>
#include <fsis/nn/batch_norm.hpp>
#include <fsis/nn/conv.hpp>
#include <fsis/nn/conv_block.hpp>
#include <fsis/nn/gradcheck_layer.hpp>
#include <fsis/nn/linear.hpp>
#include <fsis/nn/parameter.hpp>
#include <fsis/nn/sequential.hpp>
