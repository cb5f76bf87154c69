// SPDX-License-Identifier: MIT
// The only file that compiles Catch2's runner. With version 3 the runner comes from its library instead.
#if !__has_include(<catch2/catch_all.hpp>)
#define CATCH_CONFIG_MAIN
#include <catch2/catch.hpp>
#endif
