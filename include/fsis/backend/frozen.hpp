// SPDX-License-Identifier: MIT
#pragma once

// The narrow waist, memory that nobody writes to: overloads found by the type of the context.
#include <fsis/backend/cpu/frozen_filter.hpp>
