// SPDX-License-Identifier: MIT
// Compiles Catch2's runner where it is installed as a header without its library.
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
