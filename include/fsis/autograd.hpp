// SPDX-License-Identifier: MIT
#pragma once

/// Reverse-mode automatic differentiation of tensor functions, without layers.

#include <fsis/autograd/checkpoint.hpp>
#include <fsis/autograd/functions/channels.hpp>
#include <fsis/autograd/functions/conv2d.hpp>
#include <fsis/autograd/functions/elementwise.hpp>
#include <fsis/autograd/functions/loss.hpp>
#include <fsis/autograd/functions/reduce.hpp>
#include <fsis/autograd/functions/spatial.hpp>
#include <fsis/autograd/gradcheck.hpp>
#include <fsis/autograd/tape.hpp>
#include <fsis/tensor.hpp>
