// SPDX-License-Identifier: MIT
#pragma once

// The CUDA backend, for nvcc: everything that takes a context takes a cuda_context too.
#include <fsis/backend/cuda/conv.cuh>
#include <fsis/backend/cuda/for_each.cuh>
#include <fsis/backend/cuda/gemm.cuh>
#include <fsis/backend/cuda/reduce.cuh>
#include <fsis/cuda.hpp>
