// SPDX-License-Identifier: MIT
// Writes a network of made-up weights, for whoever needs a file and not a result: made_up_model FILE [ARCHITECTURE]
#include <fsis/model/load.hpp>

#include <cstdio>
#include <string>

namespace {

template <class Architecture>
void write(std::string const& path) {
  fsis::cpu_context const ctx;
  fsis::network<Architecture> net;
  net.initialise(ctx, 1);
  fsis::save_network(ctx, net, fsis::network_settings{}, path);
}

}  // namespace

int main(int argc, char** argv) {
  std::string const architecture = argc > 2 ? argv[2] : fsis::compact::name;
  if (argc > 1 && architecture == fsis::compact::name) return write<fsis::compact>(argv[1]), 0;
  if (argc > 1 && architecture == fsis::compact_without_support::name)
    return write<fsis::compact_without_support>(argv[1]), 0;
  std::fprintf(stderr, "made_up_model: wanted FILE [compact or compact_without_support]\n");
  return 2;
}
