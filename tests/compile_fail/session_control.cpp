// SPDX-License-Identifier: MIT
// The neighbour of the refused sessions, written right.

#include <fsis/interactive/session.hpp>

int main() {
  fsis::cpu_context ctx;
  fsis::loaded_network<fsis::compact> const net;
  fsis::session session{ctx, net, fsis::session_options()};
}
