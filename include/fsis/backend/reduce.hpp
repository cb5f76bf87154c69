// SPDX-License-Identifier: MIT
#pragma once

// The narrow waist, reductions: overloads found by the type of the context.
#include <fsis/backend/cpu/reduce.hpp>
