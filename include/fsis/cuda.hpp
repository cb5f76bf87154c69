// SPDX-License-Identifier: MIT
#pragma once

// The CUDA backend for files that no nvcc compiles: contexts, their memory, cuDNN and cuBLAS. What launches kernels is
// in <fsis/cuda.cuh>.
#include <fsis/backend/cuda/cublas.hpp>
#include <fsis/backend/cuda/cudnn.hpp>
#include <fsis/backend/cuda/repeated.hpp>
#include <fsis/device/cuda_context.hpp>
