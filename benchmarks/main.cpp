// SPDX-License-Identifier: MIT
// Times what fsis is made of: fsis-bench convolution|trunk [--threads N] [--rounds N]
#include "convolution.hpp"
#include "trunk.hpp"

#include <cstdio>
#include <cstdlib>
#include <string>

int main(int argc, char** argv) {
  fsis_bench::options o;
  std::string const what = argc > 1 ? argv[1] : "";
  bool understood = (what == "convolution" || what == "trunk") && argc % 2 == 0;
  for (int i = 2; understood && i + 1 < argc; i += 2) {
    std::string const name = argv[i];
    int const value = std::atoi(argv[i + 1]);
    if (name == "--threads" && value >= 0)
      o.threads = value;
    else if (name == "--rounds" && value >= 1)
      o.rounds = value;
    else
      understood = false;
  }
  if (!understood) {
    std::fprintf(stderr, "fsis-bench: wanted convolution or trunk, [--threads N (0: all)] [--rounds N (1 or more)]\n");
    return 2;
  }
  if (what == "trunk")
    fsis_bench::time_trunk(o);
  else
    fsis_bench::time_convolutions(o);
}
