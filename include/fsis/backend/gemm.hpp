// SPDX-License-Identifier: MIT
#pragma once

// The narrow waist, matrix products: overloads found by the type of the context.
#include <fsis/backend/cpu/gemm.hpp>
