// SPDX-License-Identifier: MIT
#pragma once

// The narrow waist, convolutions: overloads found by the type of the context.
#include <fsis/backend/cpu/conv.hpp>
