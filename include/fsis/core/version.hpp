// SPDX-License-Identifier: MIT
#pragma once

// The one place where the version is written; CMake reads it from here.
#define FSIS_VERSION_MAJOR 0
#define FSIS_VERSION_MINOR 1
#define FSIS_VERSION_PATCH 0
