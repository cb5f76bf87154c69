// SPDX-License-Identifier: MIT
#pragma once

// The narrow waist, index kernels: overloads found by the type of the context.
#include <fsis/backend/cpu/for_each.hpp>
